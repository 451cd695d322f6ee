"""Restricting contact with a complainant, reviewed by a day that is watched, and lifting the restriction."""

from services.complaints import events
from services.complaints.events import Stage
from services.complaints.models import Complaint
from services.complaints.policy import Action
from services.complaints.schemas.acts import ContactRestriction, ContactRestrictionLifting
from services.complaints.service.judging import begin, check_not_before, keep_reason
from shared.work import UnitOfWork


async def restrict(work: UnitOfWork, reference: str, body: ContactRestriction) -> Complaint:
    """Restrict contact, or keep a restriction at its review (Code, 5).

    Raises Invalid for a review on a day that is past.
    """
    complaint, at = await begin(work, reference, Action.RESTRICTION, body, of_stage=Stage.ONE)
    check_not_before(body.review_on, at, "/review_on")
    review_on = body.review_on.isoformat()
    complaint.restriction = {"restriction": body.restriction, "review_on": review_on}
    work.record(complaint, events.ContactRestricted(review_on=review_on), at=at)
    keep_reason(work, complaint, Action.RESTRICTION, body.reason, at)
    return complaint


async def lift(work: UnitOfWork, reference: str, body: ContactRestrictionLifting) -> Complaint:
    """Lift the restriction of contact; raises MoveNotAllowed where there is none."""
    complaint, at = await begin(work, reference, Action.LIFTING, body, of_stage=Stage.ONE)
    complaint.restriction = None
    work.record(complaint, events.ContactRestrictionLifted(), at=at)
    keep_reason(work, complaint, Action.LIFTING, body.reason, at)
    return complaint
