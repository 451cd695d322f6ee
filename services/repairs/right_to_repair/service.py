"""What a tenant or an officer does when a qualifying repair is late."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events
from services.repairs.allowing import open_repair, refuse
from services.repairs.appointments import service as appointments
from services.repairs.models import Repair
from services.repairs.right_to_repair import policy, queries
from services.repairs.right_to_repair.schemas import SecondContractor
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import instant_of_act, promised
from shared.errors import Invalid
from shared.messaging.outbox import record
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date


async def appoint_second_contractor(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: SecondContractor,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Give a late repair to another firm, with the same period again; the first firm has the job no more.

    Raises MoveNotAllowed as long as the right is not open and once the repair has ended, Invalid for the firm
    that was late, and from a resident for one that is not known here.
    """
    repair = await open_repair(session, resources, reference, by, now)
    if words.occurred_at is not None and "officer" not in by.roles:
        raise Invalid("Only an officer may say that it was earlier.", "/occurred_at")
    at = await instant_of_act(session, repair, words.occurred_at, now)
    promises = (await promised(session, resources, [repair.reference]))[repair.reference]
    first = policy.clock(promises, policy.FIRST_CLOCK)
    if first is None or not policy.is_open(promises, at):
        await refuse(session, resources, repair, _why_closed(promises, first), by, now)
    if words.contractor == repair.contractor:
        raise Invalid("This is the firm that was late; the second contractor is another.", "/contractor")
    if "officer" not in by.roles:
        await _must_be_known(session, words.contractor, repair.contractor)
    repair.assign(words.contractor)
    await appointments.call_off_unless_with(session, repair, at=at, now=now)
    given = events.RepairAssigned(contractor=words.contractor, department=repair.department)
    record(session, repair, given, occurred_at=at, now=now)
    record(session, repair, events.SecondContractorAppointed(period=first.period), occurred_at=at, now=now)
    return repair


async def _must_be_known(session: AsyncSession, firm: str, late: str | None) -> None:
    """A firm goes out in events; what a resident writes must not."""
    known = await queries.known_firms(session)
    if firm in known:
        return
    others = ", ".join(other for other in known if other != late)
    can_be = f"it can be one of these: {others}." if others else "an officer can name another."
    raise Invalid(f"This firm is not known here; {can_be}", "/contractor")


def _why_closed(promises: Sequence[Deadline], first: Deadline | None) -> str:
    if first is None:
        return "This fault has no right to repair."
    if policy.clock(promises, policy.SECOND_CLOCK) is not None:
        return "A second contractor has been appointed already."
    day = civil_date(first.due_at)
    return f"The right to a second contractor opens after {day:%A} {day.day} {day:%B %Y}."
