"""A remedy that cannot be delivered: it ends with its reason, and an alternative is promised in its place."""

from services.complaints import events, queries
from services.complaints.events import Origin, Stage
from services.complaints.letters import LetterKind
from services.complaints.models import Complaint
from services.complaints.policy import NO_REMEDY_IS_OPEN, Action, may_be_replaced
from services.complaints.schemas.acts import RemedyFailure
from services.complaints.service.judging import begin, keep_reason, started_at
from services.complaints.service.promising import Promised, not_before_promise, promise, usual_day
from services.complaints.service.writing import write_letter
from shared.errors import Invalid, MoveNotAllowed
from shared.work import UnitOfWork


async def fail(work: UnitOfWork, reference: str, number: int, body: RemedyFailure) -> Complaint:
    """End a remedy that cannot be delivered, promise its alternative, and tell the complainant by letter.

    Raises NotFound for a number that nothing was promised by, MoveNotAllowed for an action that has ended and
    for an order of the ombudsman's, Invalid for an alternative without a day or with one that is past.
    """
    complaint, at = await begin(work, reference, Action.FAILURE, body, of_stage=Stage.ONE)
    action = await queries.promised_action(work, complaint.reference, number)
    origin = Origin(action.origin)
    if not (action.open and may_be_replaced(origin)):
        raise MoveNotAllowed(NO_REMEDY_IS_OPEN)
    at = await not_before_promise(work, complaint, number, at)
    by = body.by or action.by or usual_day(work, complaint, at)
    if by is None:
        raise Invalid("Say by when the alternative is to be done.", "/by")
    work.record(complaint, events.RemedyFailed(action=number), at=at)
    keep_reason(work, complaint, Action.FAILURE, body.reason, at)
    alternative = Promised("/by", body.alternative, by, owner=body.owner, amount=body.amount)
    told = {"promised": action.description, "reason": body.reason, "alternative": alternative}
    await write_letter(work, complaint, LetterKind.REMEDY_FAILED, started_at(complaint, Stage.ONE), told)
    await promise(work, complaint, origin, [alternative], at)
    action.failed_at, action.failure_reason = (
        at,
        body.reason,
    )  # not before: something is outstanding all along
    return complaint
