"""What is decided about a repair, and why."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events, queries
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.decisions import policy
from services.repairs.decisions.models import Reason
from services.repairs.decisions.schemas import Cancellation, PriorityRaise
from services.repairs.models import Repair
from services.repairs.policy import CANCELLATION, EMERGENCY, PRIORITY
from shared.casework import past_instant
from shared.errors import Invalid
from shared.http.auth import Caller
from shared.messaging.outbox import record


async def raise_priority(
    session: AsyncSession, reference: str, words: PriorityRaise, *, by: Caller, now: datetime
) -> Repair:
    """Give a repair a higher priority than it has; the stricter clock counts from the raising.

    A visit agreed for later is called off when the repair becomes an emergency. Raises Invalid for a
    priority that is not higher, MoveNotAllowed once the repair has ended.
    """
    repair = await queries.repair_for_update(session, reference, by)
    repair.must_be_open()
    at = past_instant(words.occurred_at, now, "/occurred_at", not_before=repair.received_at)
    _must_be_higher(words.priority, repair.priority)
    repair.raise_priority(words.priority)
    record(session, repair, events.PriorityRaised(priority=words.priority), occurred_at=at, now=now)
    session.add(Reason.of(repair, PRIORITY, words.reason, by=by.subject, at=at))
    if words.priority == EMERGENCY:
        await appointments.call_off(session, repair, Because.EMERGENCY, at=at, now=now)
    return repair


def _must_be_higher(priority: int, than: int) -> None:
    higher = policy.priorities_above(than)
    if priority in higher:
        return
    named = " or ".join(map(str, higher))
    only = f"it can be raised to {named}, and is never lowered" if named else "there is none higher"
    raise Invalid(f"The repair has priority {than}; {only}.", "/priority")


async def cancel(
    session: AsyncSession, reference: str, words: Cancellation, *, by: Caller, now: datetime
) -> Repair:
    """End a repair that is no longer wanted or needed, and free the visit agreed for it.

    Raises MoveNotAllowed once it has ended.
    """
    repair = await queries.repair_for_update(session, reference, by)
    at = past_instant(words.occurred_at, now, "/occurred_at", not_before=repair.received_at)
    repair.cancel(at)
    await appointments.call_off(session, repair, Because.REPAIR_ENDED, at=at, now=now)
    record(session, repair, events.RepairCancelled(), occurred_at=at, now=now)
    session.add(Reason.of(repair, CANCELLATION, words.reason, by=by.subject, at=at))
    return repair
