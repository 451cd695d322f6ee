"""Taking up what complaints refer to us: a repair for each complaint, with the hazard that it tells of."""

from collections.abc import Sequence

from services.repairs import events
from services.repairs.case.models import Repair
from services.repairs.case.raising import Raised, raise_repair
from services.repairs.events.values import Severity
from services.repairs.hazards import service as hazards
from services.repairs.hazards.schemas import NamedHazard
from services.repairs.referrals import policy, queries
from services.repairs.referrals.models import Referral
from shared.cases.queries import get_for_update
from shared.events import Event
from shared.work import UnitOfWork

RAISED = Raised(
    by="the complaints service",
    description="Asked for in a complaint; the complaints team knows what is wrong.",
    address="Not known yet; the complaints team has been asked",
)


async def take_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Raise a repair for each complaint that has none yet, and tell complaints which it is."""
    for event in sorted(filter(policy.is_ours, received), key=lambda each: (each.reference, each.sequence)):
        repair = await _repair_for(work, event)
        taken_up = events.ReferralTakenUp(
            complaint_reference=event.reference, referral=policy.referral_of(event)
        )
        work.record(repair, taken_up)
        await work.session.flush()  # the next event may be about the same repair, which is read anew


async def _repair_for(work: UnitOfWork, event: Event) -> Repair:
    """The repair of a complaint, raised if there is none; a hazard that it tells of is named on it."""
    referral = (await queries.of_complaints(work, [event.reference])).get(event.reference)
    if referral is not None:
        return await get_for_update(work, Repair, referral.repair)
    asked_at = min(policy.asked_at(event), work.now)
    repair = raise_repair(work, RAISED, asked_at)
    await work.session.flush()  # the repair, to which the referral and the hazard refer
    work.add(Referral(complaint=event.reference, repair=repair.reference, ask_again_at=work.now))
    if event.type == policy.HAZARD_MENTIONED:
        hazard, severity = event.facts["hazard"], Severity(event.facts["severity"])
        hazards.name_when_raised(work, repair, NamedHazard(hazard=hazard, severity=severity), asked_at)
    return repair
