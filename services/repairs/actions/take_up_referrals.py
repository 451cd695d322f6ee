"""Taking up what other services refer to us: a repair for each case, with the hazard that it tells of."""

from collections.abc import Sequence

from services.repairs import events
from services.repairs.case.models import Repair
from services.repairs.case.raising import Raised, raise_repair
from services.repairs.events.values import Severity
from services.repairs.hazards import service as hazards
from services.repairs.hazards.schemas import NamedHazard
from services.repairs.referrals import policy, queries
from services.repairs.referrals.models import Referral
from services.repairs.referrals.service import BY_ESTATES
from shared.cases.queries import get_for_update
from shared.events import Event, Facts
from shared.work import UnitOfWork

BY_COMPLAINTS = Raised(
    by="the complaints service",
    description="Asked for in a complaint; the complaints team knows what is wrong.",
    address="Not known yet; the complaints team has been asked",
)
FROM_ESTATES = Raised(
    by=BY_ESTATES,
    description="Reported on an estate; the estates team knows what is wrong.",
    address="Not known yet; the estates team has been asked",
)


async def take_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Raise a repair for each case of another service that has none yet, and tell which it is."""
    for event in sorted(filter(policy.is_ours, received), key=lambda each: (each.reference, each.sequence)):
        repair = await _repair_for(work, event)
        work.record(repair, _taken_up(event))
        await work.session.flush()  # the next event may be about the same repair, which is read anew


def _taken_up(event: Event) -> Facts:
    if event.type == policy.ISSUE_REFERRED:
        return events.IssueTakenUp(issue_reference=event.reference)
    return events.ReferralTakenUp(complaint_reference=event.reference, referral=policy.referral_of(event))


async def _repair_for(work: UnitOfWork, event: Event) -> Repair:
    """The repair of a case, raised if there is none; a hazard that it tells of is named on it."""
    referral = (await queries.of_cases(work, [event.reference])).get(event.reference)
    if referral is not None:
        return await get_for_update(work, Repair, referral.repair)
    asked_at = min(policy.asked_at(event), work.now)
    raised = FROM_ESTATES if event.type == policy.ISSUE_REFERRED else BY_COMPLAINTS
    repair = raise_repair(work, raised, asked_at)
    await work.session.flush()  # the repair, to which the referral and the hazard refer
    work.add(Referral(made_from=event.reference, repair=repair.reference, ask_again_at=work.now))
    if event.type == policy.HAZARD_MENTIONED:
        hazard, severity = event.facts["hazard"], Severity(event.facts["severity"])
        hazards.name_when_raised(work, repair, NamedHazard(hazard=hazard, severity=severity), asked_at)
    return repair
