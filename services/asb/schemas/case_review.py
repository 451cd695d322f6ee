"""Requests and answers about a case review (2014 Act, section 104: the community trigger)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, Field

from services.asb.policy import CaseReviewStatus
from services.asb.schemas.requests import Dated
from shared.cases.contact import ContactOut, ReportedContact
from shared.cases.formats import Day, Instant
from shared.cases.schemas import RequestModel
from shared.cases.words import Line, Words

MOST_RECOMMENDATIONS = 30
MOST_REVIEWS = 1000


class Applicant(RequestModel):
    """An applicant who is not the one who reported."""

    name: Line
    contact: ReportedContact = Field(description="The decision and the outcome are told to them there")


class Application(Dated):
    """An application for a case review, by the victim or any other person."""

    grounds: Words | None = None
    applicant: Applicant | None = None
    consent: bool | None = Field(
        None, description="The victim's, where somebody else applies; asked and kept"
    )


class CaseReviewReferral(Dated):
    """A body to which the application was sent, and when, by default today."""

    body: Line
    sent_on: Day | None = None


class Decision(Dated):
    """The decision that a review is held or not, below the number of reports at which it must be."""

    threshold_met: bool
    persistence: Words | None = None
    harm: Words | None = Field(None, description="The harm caused, or that could be")
    adequacy: Words | None = Field(None, description="The adequacy of the response so far")


class Recommendation(RequestModel):
    """A recommendation: what a body is to do, and by when."""

    recommendation: Words
    body: Line
    by: Day | None = None


class CaseReviewOutcome(Dated):
    """The outcome of the review and its recommendations, as the applicant was told them."""

    outcome: Words
    recommendations: list[Recommendation] = Field(default_factory=list, max_length=MOST_RECOMMENDATIONS)
    told_on: Day | None = Field(None, description="The day on which the applicant was told, by default today")


class RecommendationCompletion(Dated):
    """A recommendation, by its number, that was carried out on a day, by default today."""

    case_review: int | None = Field(
        None, ge=1, le=MOST_REVIEWS, description="The number of the review, by default the one ended last"
    )
    recommendation: int = Field(ge=1, le=MOST_RECOMMENDATIONS)
    completed_on: Day | None = None


class ReferralOut(BaseModel):
    """A body to which the application was sent."""

    body: str
    sent_on: date


class RecommendationOut(BaseModel):
    """A recommendation and its completion."""

    number: int
    recommendation: str
    body: str
    by: date | None
    completed_on: date | None


class DecisionReasons(BaseModel):
    """The reasons of a decision below the number of reports at which a review must be held."""

    persistence: str | None
    harm: str | None
    adequacy: str | None


class CaseReviewOut(BaseModel):
    """A case review as it stands."""

    number: int
    status: CaseReviewStatus
    applied_at: Instant
    grounds: str | None
    applicant: str | None
    applicant_contact: ContactOut | None = Field(description="For officers, who tell them of it")
    consent: bool | None
    qualifying_reports: int | None = Field(
        description="For officers: other people's reports count too, of which nobody else is told"
    )
    referrals: list[ReferralOut]
    to_be_sent_to: list[str] = Field(description="The relevant bodies that have not got the application")
    decided_at: Instant | None
    reasons: DecisionReasons | None
    concluded_at: Instant | None
    told_on: date | None
    outcome: str | None
    recommendations: list[RecommendationOut]

    @classmethod
    def of(cls, review: Any, bodies: list[str], *, to_officer: bool) -> Self:
        """A review, with those of the relevant `bodies` that it is still to be sent to."""
        said, sent = review.said, {referral["body"] for referral in review.referrals}
        contact = contact_of_applicant(said)
        return cls.model_construct(
            number=review.number,
            status=CaseReviewStatus(review.status),
            applied_at=review.applied_at,
            grounds=said.get("grounds"),
            applicant=(said.get("applicant") or {}).get("name"),
            applicant_contact=ContactOut.of(contact) if to_officer and contact else None,
            consent=review.consent,
            qualifying_reports=review.qualifying_reports if to_officer else None,
            referrals=[ReferralOut.model_validate(referral) for referral in review.referrals],
            to_be_sent_to=[body for body in bodies if body not in sent],
            decided_at=review.decided_at,
            reasons=DecisionReasons.model_construct(**said["reasons"]) if "reasons" in said else None,
            concluded_at=review.concluded_at,
            told_on=review.told_on,
            outcome=said.get("outcome"),
            recommendations=[_recommendation(review, number) for number in range(len(review.completed_on))],
        )


def contact_of_applicant(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """The contact of an applicant who is somebody else than the one who reported."""
    contact: dict[str, Any] | None = (said.get("applicant") or {}).get("contact")
    return contact


def _recommendation(review: Any, position: int) -> RecommendationOut:
    said: dict[str, Any] = review.said["recommendations"][position]
    return RecommendationOut.model_construct(
        number=position + 1,
        recommendation=said["recommendation"],
        body=said["body"],
        by=date.fromisoformat(said["by"]) if said.get("by") else None,
        completed_on=review.completed_on[position],
    )


class CaseReviewFigures(BaseModel):
    """The four figures of a year that the Act has a council publish."""

    year: int
    applications: int
    threshold_not_met: int
    reviews_carried_out: int
    reviews_with_recommendations: int
