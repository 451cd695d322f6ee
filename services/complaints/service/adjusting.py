"""Reasonable adjustments for a complainant: agreed, obeyed by every letter, and reviewed."""

from services.complaints import events
from services.complaints.events import Stage
from services.complaints.models import Complaint
from services.complaints.policy import Action
from services.complaints.schemas.acts import Adjustments
from services.complaints.service.judging import begin, check_not_before, keep_reason
from shared.work import UnitOfWork


async def adjust(work: UnitOfWork, reference: str, body: Adjustments) -> Complaint:
    """Set the reasonable adjustments, keep them at their review, or end them (Code, 5.10).

    Raises Invalid for a review on a day that is past.
    """
    complaint, at = await begin(work, reference, Action.ADJUSTMENTS, body, of_stage=Stage.ONE)
    if body.review_on is None:
        complaint.adjustments = None
        work.record(complaint, events.AdjustmentsEnded(), at=at)
    else:
        check_not_before(body.review_on, at, "/review_on")
        kept = body.model_dump(mode="json", include={"adjustments", "large_print", "review_on"})
        complaint.adjustments = kept
        work.record(complaint, events.AdjustmentsAgreed(review_on=kept["review_on"]), at=at)
    keep_reason(work, complaint, Action.ADJUSTMENTS, body.reason, at)
    return complaint
