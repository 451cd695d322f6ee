"""What is decided about a repair, and why."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events
from services.repairs.allowing import open_repair, refuse
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.decisions import policy
from services.repairs.decisions.models import Reason
from services.repairs.decisions.schemas import Cancellation, PriorityRaise
from services.repairs.models import Repair
from services.repairs.policy import EMERGENCY
from shared.casework import past_instant
from shared.errors import Invalid
from shared.http.auth import Caller
from shared.messaging.outbox import record
from shared.resources import Resources


async def raise_priority(
    session: AsyncSession,
    resources: Resources,
    reference: str,
    words: PriorityRaise,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Give a repair a higher priority than it has; the stricter clock counts from the raising.

    A visit agreed for later is called off when the repair becomes an emergency. Raises Invalid for a
    priority that is not higher, MoveNotAllowed for an emergency and once the repair has ended.
    """
    repair = await open_repair(session, resources, reference, by, now)
    if not policy.priorities_above(repair.priority):
        await refuse(session, resources, repair, "The repair has the highest priority there is.", now)
    at = past_instant(words.occurred_at, now, "/occurred_at", not_before=repair.received_at)
    _must_be_higher(words.priority, repair.priority)
    repair.raise_priority(words.priority)
    record(session, repair, events.PriorityRaised(priority=words.priority), occurred_at=at, now=now)
    session.add(Reason.of(repair, policy.PRIORITY, words.reason, by=by.subject, at=at))
    if words.priority == EMERGENCY:
        await appointments.call_off(session, repair, Because.EMERGENCY, at=at, now=now)
    return repair


def _must_be_higher(priority: int, than: int) -> None:
    higher = policy.priorities_above(than)
    if priority in higher:
        return
    named = " or ".join(map(str, higher))
    why = f"The repair has priority {than}; it can be raised to {named}, and is never lowered."
    raise Invalid(why, "/priority")


async def cancel(
    session: AsyncSession,
    resources: Resources,
    reference: str,
    words: Cancellation,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """End a repair that is no longer wanted or needed, and free the visit agreed for it.

    Raises MoveNotAllowed once it has ended.
    """
    repair = await open_repair(session, resources, reference, by, now)
    at = past_instant(words.occurred_at, now, "/occurred_at", not_before=repair.received_at)
    repair.cancel(at)
    await appointments.call_off(session, repair, Because.REPAIR_ENDED, at=at, now=now)
    record(session, repair, events.RepairCancelled(), occurred_at=at, now=now)
    session.add(Reason.of(repair, policy.CANCELLATION, words.reason, by=by.subject, at=at))
    return repair
