"""Following what was referred to other services, until each has a case for it and refers back."""

from collections.abc import Sequence

from services.complaints import events, queries
from services.complaints.events import Referral as ReferralKind
from services.complaints.models import Complaint
from services.complaints.policy import Status
from shared.cases.queries import get_for_update
from shared.events import Event
from shared.work import UnitOfWork


async def note_taken_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Note which case of another service answers for what a complaint referred to it."""
    for event in sorted(received, key=_complaint):
        complaint = await get_for_update(work, Complaint, _complaint(event))
        kind = ReferralKind(event.facts.get("referral", ReferralKind.SERVICE_REQUEST))
        referral = await queries.referral(work, complaint.reference, kind)
        if referral is None or referral.taken_up_as == event.reference:
            continue
        referral.taken_up_as = event.reference
        if kind is ReferralKind.SERVICE_REQUEST and complaint.status == Status.SERVICE_REQUEST:
            complaint.status = Status.REFERRED
        is_guarded = event.service in work.state.catalogue.vocabulary.guarded_services
        named = None if is_guarded else event.reference  # a timeline is read without the scope
        work.record(complaint, events.ReferralTakenUp(referral=kind, taken_up_as=named))
        await work.session.flush()  # the next event may be about the same complaint, which is read anew


def _complaint(event: Event) -> str:
    """The reference of the complaint that a case was made from."""
    return str(event.facts.get("complaint_reference") or event.facts["made_from"])
