"""The routes of the case review (2014 Act, section 104: the community trigger)."""

from typing import Annotated

from services.asb.api.markers import PATH, TAGS
from services.asb.policy import LIFECYCLE, Action
from services.asb.queries import note_replay
from services.asb.schemas.answers import AsbOut
from services.asb.schemas.case_review import (
    Application,
    CaseReviewOutcome,
    CaseReviewReferral,
    Decision,
    RecommendationCompletion,
)
from services.asb.service import case_review
from services.asb.service.presenting import allowed, present
from shared.cases.routers import Reference, action, case_router
from shared.http.auth import may
from shared.work import UnitOfWork

router = case_router(PATH, tags=TAGS, allowed=allowed, on_replay=note_replay)

Applicant = Annotated[UnitOfWork, may(LIFECYCLE, Action.CASE_REVIEW)]
Referrer = Annotated[UnitOfWork, may(LIFECYCLE, Action.CASE_REVIEW_REFERRALS)]
Decider = Annotated[UnitOfWork, may(LIFECYCLE, Action.CASE_REVIEW_DECISION)]
Concluder = Annotated[UnitOfWork, may(LIFECYCLE, Action.CASE_REVIEW_OUTCOME)]
Completer = Annotated[UnitOfWork, may(LIFECYCLE, Action.CASE_REVIEW_COMPLETION)]


@router.post("/{reference}/case-review", **action("Apply for a case review"))
async def apply_for_case_review(reference: Reference, body: Application, work: Applicant) -> AsbOut:
    """Apply for the victim or any other person; with enough qualifying reports the review must be held."""
    return await present(work, await case_review.apply(work, reference, body))


@router.post("/{reference}/case-review/referrals", **action("Say which body got the application"))
async def refer_case_review(reference: Reference, body: CaseReviewReferral, work: Referrer) -> AsbOut:
    """Each relevant body gets it; the case says to whom it is still to be sent."""
    return await present(work, await case_review.refer(work, reference, body))


@router.post("/{reference}/case-review/decision", **action("Decide whether a review is held"))
async def decide_case_review(reference: Reference, body: Decision, work: Decider) -> AsbOut:
    """Below the number of reports at which it must be: with persistence, harm and adequacy reasoned."""
    return await present(work, await case_review.decide(work, reference, body))


@router.post("/{reference}/case-review/outcome", **action("Keep the outcome of a review"))
async def conclude_case_review(reference: Reference, body: CaseReviewOutcome, work: Concluder) -> AsbOut:
    """Record the outcome with its recommendations, as the applicant was told them."""
    return await present(work, await case_review.conclude(work, reference, body))


@router.post("/{reference}/case-review/completion", **action("Say that a recommendation was carried out"))
async def complete_recommendation(
    reference: Reference, body: RecommendationCompletion, work: Completer
) -> AsbOut:
    """Each is followed up until it is."""
    return await present(work, await case_review.complete_recommendation(work, reference, body))
