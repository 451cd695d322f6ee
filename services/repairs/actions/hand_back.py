"""Handing back of a job by the firm that has it: it is not theirs to do, or they cannot do it in time."""

from services.repairs import events
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.case import queries
from services.repairs.case.lifecycle import FOLLOWS, LIFECYCLE, Action
from services.repairs.case.models import Reason, Repair
from services.repairs.case.policy import has_lost_the_job
from services.repairs.case.schemas import Handback
from shared.cases.acts import check
from shared.cases.queries import NO_SUCH_CASE
from shared.cases.reasons import give_reason
from shared.cases.times import in_order
from shared.errors import NotFound
from shared.work import UnitOfWork


async def hand_back(work: UnitOfWork, reference: str, body: Handback) -> Repair:
    """Give the job back to the department, which is told at once: no clock stops, and nobody has it.

    A visit agreed with the firm is called off. The repair is found as for an update, so that a firm, which
    sees the job no more, is answered the same when it sends this again. Raises NotFound for a firm that has
    not the job, MoveNotAllowed where no firm has it and once it has ended, Invalid for a time before that.
    """
    repair = await queries.repair_to_tell_of(work, reference)
    if has_lost_the_job(work.caller, repair.contractor, repair.department):
        raise NotFound(NO_SUCH_CASE)
    check(LIFECYCLE, Action.HANDBACK, repair.situation(work.now))
    at = await in_order(work, repair, body, FOLLOWS[Action.HANDBACK])
    handed_back = events.RepairHandedBack(contractor=repair.contractor or "", reason=body.reason)
    repair.hand_back()
    work.record(repair, handed_back, at=at)
    give_reason(work, Reason, repair, Action.HANDBACK, body.notes or body.reason, at)
    await appointments.call_off(work, repair, Because.HANDED_BACK, at=at)
    return repair
