"""Events of a case review (2014 Act, section 104: the community trigger)."""

from typing import Annotated, ClassVar

from services.asb.events.values import SCOPE
from shared.events import Facts, NeedsScope


class CaseReviewApplied(Facts):
    """Somebody applied for a case review (2014 Act, section 104).

    `qualifying_reports` counts other people's too, which the reporter of one is not told; with enough of them
    the review `must_be_held`. `application` is its number on the case; `by_another`: the applicant is not the
    one who reported.
    """

    type: ClassVar[str] = "asb.case-review-applied"
    plainly: ClassVar[str] = "A case review was applied for"
    qualifying_reports: Annotated[int, NeedsScope(SCOPE)]
    must_be_held: bool
    application: int
    by_another: bool


class CaseReviewReferred(Facts):
    """The application was sent to a relevant body."""

    type: ClassVar[str] = "asb.case-review-referred"
    plainly: ClassVar[str] = "The application was sent to those it concerns"


class CaseReviewDecided(Facts):
    """It was decided that a case review is held, or not."""

    type: ClassVar[str] = "asb.case-review-decided"
    plainly: ClassVar[str] = "We decided about the case review"
    threshold_met: bool
    application: int
    by_another: bool


class CaseReviewConcluded(Facts):
    """The case review ended; the applicant was told its outcome and so many recommendations."""

    type: ClassVar[str] = "asb.case-review-concluded"
    plainly: ClassVar[str] = "The case review ended"
    recommendations: int
    application: int
    by_another: bool


class RecommendationCompleted(Facts):
    """A recommendation of the case review was carried out."""

    type: ClassVar[str] = "asb.recommendation-completed"
    plainly: ClassVar[str] = "A recommendation of the case review was carried out"
