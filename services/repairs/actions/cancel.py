"""Cancellation of a repair that is no longer wanted or needed."""

from services.repairs import events
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.asb_damage.service import tell_asb_of_cancellation
from services.repairs.case import queries
from services.repairs.case.lifecycle import FOLLOWS, LIFECYCLE, Action
from services.repairs.case.models import Reason, Repair
from services.repairs.case.schemas import Cancellation
from services.repairs.hazards.queries import has_open_hazard
from services.repairs.referrals.service import tell_estates
from services.repairs.right_to_repair.service import settle_compensation
from shared.caller import Role
from shared.cases.acts import check
from shared.cases.reasons import give_reason
from shared.cases.times import in_order
from shared.work import UnitOfWork


async def cancel(work: UnitOfWork, reference: str, body: Cancellation) -> Repair:
    """End a repair unfinished, and free the visit agreed for it.

    Raises MoveNotAllowed once it has ended, and for a resident while a hazard in the home stands open,
    Invalid for a time before what was done on it.
    """
    repair = await queries.open_repair_for_update(work, reference)
    hazard_is_open = await has_open_hazard(work, repair.reference)
    by_officer = work.caller.is_a(Role.OFFICER)
    situation = repair.situation(work.now, by_officer=by_officer, hazard_is_open=hazard_is_open)
    check(LIFECYCLE, Action.CANCELLATION, situation)
    at = await in_order(work, repair, body, FOLLOWS[Action.CANCELLATION])
    repair.cancel(at)
    await appointments.call_off(work, repair, Because.REPAIR_ENDED, at=at)
    work.record(repair, events.RepairCancelled(), at=at)
    await tell_asb_of_cancellation(work, repair, at=at)
    give_reason(work, Reason, repair, Action.CANCELLATION, body.reason, at)
    await settle_compensation(work, repair, at)
    await tell_estates(work, repair, dealt_with=False, at=at)
    return repair
