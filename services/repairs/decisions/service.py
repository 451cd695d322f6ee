"""What is decided about a repair, and why."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events
from services.repairs.allowing import open_repair, refuse
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.decisions import policy
from services.repairs.decisions.models import Reason
from services.repairs.decisions.schemas import Cancellation, PriorityChange
from services.repairs.hazards.queries import has_open_hazard
from services.repairs.models import Repair
from services.repairs.policy import EMERGENCY
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import instant_of_act, no_earlier
from shared.errors import Invalid
from shared.events import Event
from shared.messaging.outbox import history, record

HAZARD_STANDS_OPEN = "A hazard in the home is still being dealt with, and only an officer may call this off."


async def set_priority(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: PriorityChange,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Give a repair another priority: a stricter clock counts from its raise, one taken back falls away.

    A visit agreed for later is called off when the repair becomes an emergency. Raises Invalid for a
    priority that it has or that is below the guide's and for a time before the last change, MoveNotAllowed
    for what the guide calls an emergency and once the repair has ended.
    """
    repair = await open_repair(session, resources, reference, by, now)
    told = (await history(session, [repair.reference]))[repair.reference]
    stand = policy.standing(told)
    if not policy.can_be_given(stand):
        await refuse(
            session, resources, repair, "The guide calls this an emergency, and so it stays.", by, now
        )
    at = await instant_of_act(session, repair, words.occurred_at, now)
    at = _after_the_last_change(at, told)
    _must_be_possible(words.priority, stand)
    again = policy.taken_back_to(stand, words.priority)
    if again != repair.priority:
        record(session, repair, events.PriorityCorrected(priority=again), occurred_at=at, now=now)
    if again != words.priority:
        record(session, repair, events.PriorityRaised(priority=words.priority), occurred_at=at, now=now)
    repair.set_priority(words.priority)
    session.add(Reason.of(repair, policy.PRIORITY, words.reason, by=by.subject, at=at))
    if words.priority == EMERGENCY:
        await appointments.call_off(session, repair, Because.EMERGENCY, at=at, now=now)
    return repair


def _after_the_last_change(at: datetime, told: Iterable[Event]) -> datetime:
    """The same instant, if the priority was last changed before it; raises Invalid."""
    last = policy.last_change(told)
    return at if last is None else no_earlier(at, last, "the priority was last changed")


def _must_be_possible(priority: int, stand: Sequence[int]) -> None:
    possible = policy.can_be_given(stand)
    if priority in possible:
        return
    named = " or ".join(map(str, possible))
    why = f"The repair has priority {stand[-1]}, and {stand[0]} by the guide; it can be given {named}."
    raise Invalid(why, "/priority")


async def cancel(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: Cancellation,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """End a repair that is no longer wanted or needed, and free the visit agreed for it.

    Raises MoveNotAllowed once it has ended, and for a resident while a hazard in the home stands open.
    """
    repair = await open_repair(session, resources, reference, by, now)
    is_open = await has_open_hazard(session, repair.reference)
    if not policy.may_cancel(by.roles, hazard_is_open=is_open):
        await refuse(session, resources, repair, HAZARD_STANDS_OPEN, by, now)
    at = await instant_of_act(session, repair, words.occurred_at, now)
    repair.cancel(at)
    await appointments.call_off(session, repair, Because.REPAIR_ENDED, at=at, now=now)
    record(session, repair, events.RepairCancelled(), occurred_at=at, now=now)
    session.add(Reason.of(repair, policy.CANCELLATION, words.reason, by=by.subject, at=at))
    return repair
