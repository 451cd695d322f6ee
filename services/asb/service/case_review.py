"""The case review of the 2014 Act, section 104: application, referral, decision, outcome, follow-up.

Its words are kept with the review, for they are its record, and not a second time in the diary.
"""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from services.asb import events, queries
from services.asb.models import AsbCase, CaseReview, Incident
from services.asb.policy import Action, CaseReviewStatus
from services.asb.policy.threshold import Reported, Threshold, missing_reasons
from services.asb.schemas.case_review import (
    Application,
    CaseReviewFigures,
    CaseReviewOutcome,
    CaseReviewReferral,
    Decision,
    RecommendationCompletion,
)
from services.asb.service.acting import begin
from shared.app_state import AppState
from shared.errors import Invalid
from shared.standards.periods import Period, Unit, civil_date, close_of
from shared.work import UnitOfWork


def threshold_of(state: AppState) -> Threshold:
    """The threshold as the council has set it."""
    settings = state.settings
    return Threshold(
        settings.case_review_reports,
        Period(settings.case_review_reported_within_months, Unit.MONTH),
        Period(settings.case_review_applied_within_months, Unit.MONTH),
    )


async def apply(work: UnitOfWork, reference: str, body: Application) -> AsbCase:
    """Apply for a review; with enough qualifying reports it is due at once, and nobody decides about it."""
    case, at = await begin(work, reference, Action.CASE_REVIEW, body)
    if body.applicant is not None and body.consent is None:
        raise Invalid("Say whether the victim consents to the application of somebody else.", "/consent")
    threshold = threshold_of(work.state)
    reports = await _reports(work, await queries.family(work, case))
    qualifying = threshold.qualifying(reports, civil_date(at), work.state.calendar)
    latest = await queries.latest_case_review(work, case.reference)
    is_due = qualifying >= threshold.reports
    case.case_review = CaseReviewStatus.DUE if is_due else CaseReviewStatus.APPLIED
    case.recommendations_to_complete = 0
    application = CaseReview(
        reference=case.reference,
        number=latest.number + 1 if latest else 1,
        status=case.case_review,
        applied_at=at,
        consent=body.consent,
        qualifying_reports=qualifying,
        said=body.model_dump(mode="json", include={"grounds", "applicant"}, exclude_none=True),
    )
    work.add(application)
    work.record(case, events.CaseReviewApplied(qualifying_reports=qualifying), at=at)
    return case


async def _reports(work: UnitOfWork, references: Sequence[str]) -> list[Reported]:
    """The incidents of cases that are joined with one another, as they were reported."""
    found = await queries.parts(work, Incident, references)
    return [Reported(each.happened_on, each.reported_on) for rows in found.values() for each in rows]


async def refer(work: UnitOfWork, reference: str, body: CaseReviewReferral) -> AsbCase:
    """Keep that a relevant body got the application; raises Invalid for a day in the future."""
    case, at = await begin(work, reference, Action.CASE_REVIEW_REFERRALS, body)
    review = await _latest(work, case)
    sent_on = body.sent_on or civil_date(at)
    if sent_on > civil_date(work.now):
        raise Invalid("This day is in the future.", "/sent_on")
    review.referrals = [*review.referrals, {"body": body.body, "sent_on": sent_on.isoformat()}]
    work.record(case, events.CaseReviewReferred(), at=at)
    return case


async def decide(work: UnitOfWork, reference: str, body: Decision) -> AsbCase:
    """Decide about an application that has too few qualifying reports; raises Invalid without all reasons."""
    case, at = await begin(work, reference, Action.CASE_REVIEW_DECISION, body)
    review = await _latest(work, case)
    reasons = {"persistence": body.persistence, "harm": body.harm, "adequacy": body.adequacy}
    for name in missing_reasons(review.qualifying_reports, threshold_of(work.state), reasons):
        raise Invalid(
            "Below the number of reports at which a review must be held, give this reason.", f"/{name}"
        )
    review.decided_at = at
    _say(review, reasons=reasons)
    _move(case, review, CaseReviewStatus.DUE if body.threshold_met else CaseReviewStatus.NOT_MET)
    work.record(case, events.CaseReviewDecided(threshold_met=body.threshold_met), at=at)
    return case


async def conclude(work: UnitOfWork, reference: str, body: CaseReviewOutcome) -> AsbCase:
    """Keep the outcome and the recommendations, as the applicant was told them; each is followed up."""
    case, at = await begin(work, reference, Action.CASE_REVIEW_OUTCOME, body)
    review = await _latest(work, case)
    review.concluded_at, review.told_on = at, body.told_on or civil_date(at)
    _say(review, **body.model_dump(mode="json", include={"outcome", "recommendations"}, exclude_none=True))
    review.completed_on = [None] * len(body.recommendations)
    case.recommendations_to_complete = len(body.recommendations)
    _move(case, review, CaseReviewStatus.CONCLUDED)
    work.record(case, events.CaseReviewConcluded(recommendations=len(body.recommendations)), at=at)
    return case


async def complete_recommendation(
    work: UnitOfWork, reference: str, body: RecommendationCompletion
) -> AsbCase:
    """Keep that a recommendation was carried out; raises Invalid for one that is not there or is done."""
    case, at = await begin(work, reference, Action.CASE_REVIEW_COMPLETION, body)
    review = await _latest(work, case)
    completed, position = [*review.completed_on], body.recommendation - 1
    if position >= len(completed) or completed[position] is not None:
        raise Invalid("There is no such recommendation that is still to be carried out.", "/recommendation")
    completed[position] = body.completed_on or civil_date(at)
    review.completed_on = completed
    case.recommendations_to_complete -= 1
    work.record(case, events.RecommendationCompleted(), at=at)
    return case


async def _latest(work: UnitOfWork, case: AsbCase) -> CaseReview:
    review = await queries.latest_case_review(work, case.reference)
    assert review is not None, "the lifecycle allows this only once one was applied for"
    return review


def _say(review: CaseReview, **words: Any) -> None:
    review.said = {**review.said, **words}


def _move(case: AsbCase, review: CaseReview, status: CaseReviewStatus) -> None:
    case.case_review = review.status = status


async def figures(work: UnitOfWork, year: int) -> CaseReviewFigures:
    """The four figures of a civil year in London."""
    first, last = (close_of(date(each, 1, 1), time.min) for each in (year, year + 1))
    return CaseReviewFigures(year=year, **await queries.case_review_figures(work, first, last))
