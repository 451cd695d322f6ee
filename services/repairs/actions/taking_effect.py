"""Effect of a job update that counts: on the repair, its visit and hazard, and what other services hear."""

from datetime import datetime

from services.repairs import events
from services.repairs.actions.first_visit import correct_first_visit, with_first_visit
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.asb_damage.service import tell_asb
from services.repairs.case.models import JobUpdate, Repair
from services.repairs.case.policy import Update
from services.repairs.hazards.service import make_safe_by_update
from services.repairs.referrals.service import tell_estates
from services.repairs.right_to_repair.service import settle_compensation
from shared.cases.times import act_now
from shared.events import Facts
from shared.work import UnitOfWork

PLAIN_FACTS: dict[Update, Facts] = {
    Update.ACCEPTED: events.RepairAccepted(),
    Update.EN_ROUTE: events.OperativeEnRoute(),
    Update.ATTENDED: events.RepairAttended(),
    Update.MADE_SAFE: events.RepairMadeSafe(),
    Update.NO_ACCESS: events.AccessRefused(),
}


async def take_effect(work: UnitOfWork, repair: Repair, told: JobUpdate, at: datetime) -> None:
    """Move a repair, whose row is locked, by what was told of its job for `at`, and record that."""
    update, fact = Update(told.type), _fact(told)
    repair.take(update, at)
    work.record(repair, await with_first_visit(work, repair, fact, at), at=at)
    await correct_first_visit(work, repair, fact)
    await tell_asb(work, repair, update, at=at)
    await make_safe_by_update(work, repair, update, at)
    if update is Update.COMPLETED:
        await appointments.call_off(work, repair, Because.REPAIR_ENDED, at=at)
        await settle_compensation(work, repair, await act_now(work, repair))
        await tell_estates(work, repair, dealt_with=True, at=at)


def _fact(told: JobUpdate) -> Facts:
    if told.type == Update.COMPLETED:
        return events.RepairCompleted(
            clean_and_tidy=told.details.get("clean_and_tidy"),
            identification_shown=told.details.get("identification_shown"),
        )
    if told.type == Update.FOLLOW_ON_NEEDED:
        agreed = told.details["appointment"]
        return events.FollowOnNeeded(
            appointment_at=datetime.fromisoformat(agreed["starts_at"]).isoformat(),
            ends_at=datetime.fromisoformat(agreed["ends_at"]).isoformat(),
        )
    return PLAIN_FACTS[Update(told.type)]
