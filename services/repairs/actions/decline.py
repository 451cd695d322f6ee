"""Declining a recharge: the resident will not pay, which ends the repair."""

from services.repairs import events
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.asb_damage.service import tell_asb_of_cancellation
from services.repairs.case import queries
from services.repairs.case.models import Repair
from services.repairs.hazards.queries import has_open_hazard
from services.repairs.recharges import service as recharges
from services.repairs.recharges.policy import Action
from services.repairs.recharges.schemas import Decline
from services.repairs.referrals.service import tell_estates
from services.repairs.right_to_repair.service import settle_compensation
from shared.cases.times import act_now
from shared.work import UnitOfWork


async def decline(work: UnitOfWork, reference: str, body: Decline) -> Repair:
    """Decline to pay, which closes the repair and frees the visit agreed for it.

    Raises MoveNotAllowed while a hazard in the home stands open, which is put right whoever pays.
    """
    repair = await queries.open_repair_for_update(work, reference)
    hazard_is_open = await has_open_hazard(work, repair.reference)
    recharge = await recharges.charge_for(work, repair, Action.DECLINE, hazard_is_open=hazard_is_open)
    at = await act_now(work, repair)
    recharges.end_declined(work, recharge, body.reason, at)
    work.record(repair, events.RechargeDeclined(), at=at)
    repair.cancel(at)
    await appointments.call_off(work, repair, Because.REPAIR_ENDED, at=at)
    work.record(repair, events.RepairCancelled(), at=at)
    await tell_asb_of_cancellation(work, repair, at=at)
    await settle_compensation(work, repair, at)
    await tell_estates(work, repair, dealt_with=False, at=at)
    return repair
