"""The people of a case: its team, whoever broke the glass, and the contact."""

from services.asb import events, queries
from services.asb.models import AsbCase
from services.asb.policy import LIFECYCLE, Action
from services.asb.schemas.requests import BreakGlass, Team
from services.asb.service.acting import begin, note, situation
from shared.cases.acts import check
from shared.cases.contact import ContactCorrection, correct
from shared.cases.times import occurred_at
from shared.errors import Invalid
from shared.work import UnitOfWork


async def change_team(work: UnitOfWork, reference: str, body: Team) -> AsbCase:
    """Say who may see a case, and who deals with it; raises Invalid for the person complained of."""
    case, at = await begin(work, reference, Action.TEAM, body)
    for position, member in enumerate(body.members):
        if case.is_complained_of(member):
            raise Invalid("This caller can be in no team of this case.", f"/members/{position}")
    case.team = team = sorted({*body.members})
    if body.handler is not None:
        case.handler_name, case.handler_subject = body.handler.name, body.handler.subject
    named = None if body.handler is None else body.handler.subject or ""
    changed = events.TeamChanged(team=team, handler=named)
    note(work, case, Action.TEAM, body, changed, at)
    return case


async def break_glass(work: UnitOfWork, reference: str, body: BreakGlass) -> AsbCase:
    """Open a case in an emergency: the caller is in its team from then on, and a manager is told.

    Raises MoveNotAllowed for a case that the caller sees.
    """
    case = await queries.case_behind_glass(work, reference)
    check(LIFECYCLE, Action.BREAK_GLASS, situation(case, work.caller))
    at = await occurred_at(work, case, body)
    note(work, case, Action.BREAK_GLASS, body, events.GlassBroken(by=work.caller.subject), at)
    case.team = team = sorted({*(case.team or ()), work.caller.subject})
    work.record(case, events.TeamChanged(team=team), at=at)
    return case


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> AsbCase:
    """Correct whom to tell, and how."""
    case = await queries.case_for_update(work, reference)
    await correct(work, case, body, events.ContactCorrected())
    return case
