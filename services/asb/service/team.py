"""The people of a case: its team, those complained of, whoever broke the glass, and the contact."""

from services.asb import events, queries
from services.asb.models import AsbCase
from services.asb.policy import LIFECYCLE, Action
from services.asb.schemas.requests import AllegedPerpetrators, BreakGlass, Team
from services.asb.service import people
from services.asb.service.acting import DATES, begin, enter, note, note_reading, situation, to_act_on
from shared.cases.acts import check
from shared.cases.contact import ContactCorrection, correct
from shared.cases.times import occurred_at
from shared.errors import Invalid
from shared.work import UnitOfWork


async def change_team(work: UnitOfWork, reference: str, body: Team) -> AsbCase:
    """Say who may see a case, and who deals with it; raises Invalid for somebody complained of."""
    case, at = await begin(work, reference, Action.TEAM, body)
    named_at = {f"/members/{position}": member for position, member in enumerate(body.members)}
    if body.handler is not None and body.handler.subject is not None:
        named_at["/handler/subject"] = body.handler.subject
    for pointer, subject in named_at.items():
        if people.is_complained_of(work, case, subject):
            raise Invalid("This caller can be in no team of this case, nor deal with it.", pointer)
    case.team = team = sorted({*body.members})
    if body.handler is not None:
        case.handler_name, case.handler_subject = body.handler.name, body.handler.subject
    named = None if body.handler is None else body.handler.subject or ""
    changed = events.TeamChanged(
        team=team,
        kept_from=case.kept_from or [],
        handler=named,
        unassigned=None if named is None else False,
    )
    note(work, case, Action.TEAM, body, changed, at)
    return case


async def name_perpetrators(work: UnitOfWork, reference: str, body: AllegedPerpetrators) -> AsbCase:
    """Say who is complained of, when it becomes known or was wrong; nobody else is from then on.

    They are kept once, and not in the diary besides, so that whoever was named by mistake is forgotten.
    """
    case, at = await begin(work, reference, Action.ALLEGED_PERPETRATORS, body)
    had_handler = case.handler_name is not None
    alleged = [each.model_dump(exclude_none=True) for each in body.people]
    people.name_perpetrators(work, case, alleged)
    fact = events.AllegedPerpetratorsNamed(
        kept_from=case.kept_from or [],
        team=case.team or [],
        unassigned=True if had_handler and case.handler_name is None else None,
    )
    note(work, case, Action.ALLEGED_PERPETRATORS, body, fact, at, elsewhere={"people"})
    return case


async def break_glass(work: UnitOfWork, reference: str, body: BreakGlass) -> AsbCase:
    """Open a case in an emergency: the caller is in its team from then on, and a manager is told.

    Raises MoveNotAllowed for a case that the caller sees.
    """
    case = await queries.case_behind_glass(work, reference)
    note_reading(work, case, Action.BREAK_GLASS)
    check(LIFECYCLE, Action.BREAK_GLASS, situation(case, work.caller))
    at = await occurred_at(work, case, body)
    note(work, case, Action.BREAK_GLASS, body, events.GlassBroken(by=work.caller.subject), at)
    case.team = team = sorted({*(case.team or ()), work.caller.subject})
    work.record(case, events.TeamChanged(team=team, kept_from=case.kept_from or []), at=at)
    return case


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> AsbCase:
    """Correct whom to tell, and how; the diary says which fields, for what they say is kept with the case."""
    case = await to_act_on(work, reference, Action.CONTACT)
    event = await correct(work, case, body, events.ContactCorrected())
    if event is not None:
        enter(work, event, Action.CONTACT, {"corrected": sorted(body.model_fields_set - DATES)})
    return case
