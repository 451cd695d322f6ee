"""The full written reply of a stage, and the wish for stage two."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from services.complaints import events, policy, queries
from services.complaints.events import Stage as StageNumber
from services.complaints.letters import LetterKind, pounds
from services.complaints.models import Complaint, Stage
from services.complaints.policy import Action, Status
from services.complaints.policy.points import undecided, unknown_points
from services.complaints.schemas.acts import Escalation, Remedy, Response
from services.complaints.service.judging import (
    begin,
    check_adjustments,
    check_may_decide,
    keep_reason,
    started_at,
)
from services.complaints.service.promising import Promised, promise, usual_day
from services.complaints.service.writing import write_letter
from shared.errors import Invalid, MoveNotAllowed
from shared.work import UnitOfWork

LETTER_OF = {StageNumber.ONE: LetterKind.STAGE_1, StageNumber.TWO: LetterKind.STAGE_2}


async def respond(work: UnitOfWork, reference: str, body: Response) -> Complaint:
    """Send the full written reply of the stage that the complaint is at; it does not wait for its actions.

    Raises Invalid for a reply that lacks a part of what the Code asks for (6.7 and 6.9), MoveNotAllowed for
    an officer with a conflict of interest, and at stage two for whoever dealt with stage one (6.13).
    """
    complaint, at = await begin(work, reference, Action.RESPONSE, body)
    number = policy.stage_of(Status(complaint.status))
    check_may_decide(work, complaint)
    check_adjustments(complaint, body)
    if number is StageNumber.TWO:
        await _check_is_another(work, complaint)
    _check_points(complaint, body)
    stage = await queries.stage_of(work, complaint.reference, number)
    body.remedies = _dated(body.remedies or (), usual_day(work, complaint, at))
    _keep(work, complaint, stage, body, at)
    complaint.move(Action.RESPONSE)
    fact = events.ComplaintResponded(stage=number, ombudsman=complaint.code, outcome=body.outcome)
    work.record(complaint, fact, at=at)
    promised = [*_remedies(body), *_actions(body)]
    told = {
        "understanding": stage.understanding or "",
        "outcome": body.outcome,
        "findings": body.findings,
        "decisions": body.points or (),
        "remedies": body.remedies or (),
        "actions": promised,
    }
    await write_letter(work, complaint, LETTER_OF[number], started_at(complaint, number), told)
    await promise(work, complaint, policy.ORIGIN_OF[number], promised, at)
    return complaint


async def _check_is_another(work: UnitOfWork, complaint: Complaint) -> None:
    first = (await queries.stage_of(work, complaint.reference, StageNumber.ONE)).handled_by
    if first.has_subject(work.caller.subject):
        raise MoveNotAllowed("Whoever dealt with stage one may not answer at stage two.")
    if complaint.handler_name and first.is_same(complaint.handler_name, complaint.handler_subject):
        raise MoveNotAllowed(f"{complaint.handler_name} dealt with stage one, and may not with stage two.")


def _check_points(complaint: Complaint, body: Response) -> None:
    decided = [each.point for each in body.points or ()]
    if unknown_points(complaint.points, decided) or len(decided) != len({*decided}):
        raise Invalid("Each decision is on a point of the complaint, and each point has one.", "/points")
    if missing := undecided(complaint.points, decided):
        numbers = ", ".join(map(str, missing))
        raise Invalid(f"The reply lacks decision and reasons on the points {numbers}.", "/points")


def _keep(work: UnitOfWork, complaint: Complaint, stage: Stage, body: Response, at: datetime) -> None:
    stage.responded_at, stage.responded_by = at, work.caller.subject
    stage.handler_name, stage.handler_subject = complaint.handler_name, complaint.handler_subject
    stage.understanding = body.understanding or stage.understanding
    stage.outcome, stage.findings, stage.learning = body.outcome, body.findings, body.learning
    stage.points = [each.model_dump(mode="json") for each in body.points or ()]
    stage.remedies = [each.model_dump(mode="json", exclude_none=True) for each in body.remedies or ()]


def _dated(remedies: Sequence[Remedy], usual: date | None) -> list[Remedy]:
    """The remedies, each payment with its day (Code, 7); raises Invalid where nothing says which."""
    for number, remedy in enumerate(remedies):
        if remedy.kind == "money" and remedy.by is None and usual is None:
            raise Invalid("Say by when it is paid.", f"/remedies/{number}/by")
    return [
        remedy.model_copy(update={"by": remedy.by or usual}) if remedy.kind == "money" else remedy
        for remedy in remedies
    ]


def _remedies(body: Response) -> Iterator[Promised]:
    """The remedies that are followed through: payments, and what is to be done."""
    for number, remedy in enumerate(body.remedies or ()):
        if remedy.kind in ("money", "action"):
            description = remedy.description or f"Pay you {pounds(remedy.amount or Decimal())}."
            yield Promised(f"/remedies/{number}/by", description, remedy.by, amount=remedy.amount)


def _actions(body: Response) -> Iterator[Promised]:
    for number, action in enumerate(body.actions or ()):
        yield Promised(f"/actions/{number}/by", action.description, action.by, owner=action.owner)


async def escalate(work: UnitOfWork, reference: str, body: Escalation) -> Complaint:
    """Take a complaint to stage two, on request and without any reason (Code, 6.10 to 6.12).

    Nobody deals with it until another handler than stage one's is named.
    """
    complaint, at = await begin(work, reference, Action.ESCALATION, body)
    complaint.move(Action.ESCALATION)
    complaint.escalated_at = at
    complaint.handler_name = complaint.handler_subject = None
    work.record(complaint, events.ComplaintEscalated(ombudsman=complaint.code), at=at)
    keep_reason(work, complaint, Action.ESCALATION, body.reason, at)
    return complaint
