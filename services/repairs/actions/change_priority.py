"""Change of a repair's priority: raised for danger or vulnerability, or a mistaken raise taken back."""

from collections.abc import Sequence

from services.repairs import events
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.case import priorities, queries
from services.repairs.case.guide import EMERGENCY
from services.repairs.case.lifecycle import LIFECYCLE, Action
from services.repairs.case.models import Reason, Repair
from services.repairs.case.schemas import PriorityChange
from services.repairs.handyperson.policy import queue_for
from shared.cases.acts import check
from shared.cases.reasons import give_reason
from shared.cases.times import no_earlier, occurred_at
from shared.errors import Invalid
from shared.work import UnitOfWork


async def change_priority(work: UnitOfWork, reference: str, body: PriorityChange) -> Repair:
    """Give a repair another priority: a stricter clock counts from its raise, one taken back falls away.

    A visit agreed for later is called off when the repair becomes an emergency. Raises Invalid for a
    priority that it has or that is below the guide's and for a time before the last change, MoveNotAllowed
    for what the guide calls an emergency and once the repair has ended.
    """
    repair = await queries.open_repair_for_update(work, reference)
    told = (await work.history([repair.reference]))[repair.reference]
    stand = priorities.standing(told)
    check(LIFECYCLE, Action.PRIORITY, repair.situation(work.now, standing_priorities=tuple(stand)))
    at = await occurred_at(work, repair, body)
    if last := priorities.last_change(told):
        at = no_earlier(at, last, "the priority was last changed")
    _check_possible(body.priority, stand)
    remaining = priorities.taken_back_to(stand, body.priority)
    if remaining != repair.priority:
        work.record(repair, events.PriorityCorrected(priority=remaining), at=at)
    if remaining != body.priority:
        work.record(repair, events.PriorityRaised(priority=body.priority), at=at)
    is_emergency = body.priority == EMERGENCY or repair.emergency_hazard
    queue = queue_for(repair.fault, is_emergency, repair.is_for_the_vulnerable, repair.handyperson)
    repair.set_priority(body.priority, queue)
    give_reason(work, Reason, repair, Action.PRIORITY, body.reason, at)
    if body.priority == EMERGENCY:
        await appointments.call_off(work, repair, Because.EMERGENCY, at=at)
    return repair


def _check_possible(priority: int, stand: Sequence[int]) -> None:
    possible = priorities.can_be_given(stand)
    if priority in possible:
        return
    named = " or ".join(map(str, possible))
    why = f"The repair has priority {stand[-1]}, and {stand[0]} by the guide; it can be given {named}."
    raise Invalid(why, "/priority")
