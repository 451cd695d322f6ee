"""The case review of the 2014 Act, section 104: application, referral, decision, outcome, follow-up.

Its words are kept with the review, for they are its record; the diary has each act, without its words.
"""

from datetime import date, datetime, time
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
    contact_of_applicant,
)
from services.asb.schemas.requests import Dated
from services.asb.service import people
from services.asb.service.acting import begin, note
from shared.app_state import AppState
from shared.cases.times import no_earlier
from shared.errors import Invalid
from shared.events import Facts
from shared.standards.periods import Period, Unit, civil_date, close_of
from shared.work import UnitOfWork

MOST_REFERRALS = 50
ENDED = "the review ended"


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
    reports = await _reports(work, case)
    qualifying = threshold.qualifying(reports, civil_date(at), work.state.calendar)
    latest = await queries.latest_case_review(work, case.reference)
    is_due = qualifying >= threshold.reports
    case.case_review = CaseReviewStatus.DUE if is_due else CaseReviewStatus.APPLIED
    application = CaseReview(
        reference=case.reference,
        number=latest.number + 1 if latest else 1,
        status=case.case_review,
        applied_at=at,
        consent=body.consent,
        qualifying_reports=qualifying,
    )
    work.assign(application, said=_application(body))
    work.add(application)
    _note(
        work,
        case,
        Action.CASE_REVIEW,
        body,
        events.CaseReviewApplied(
            qualifying_reports=qualifying, must_be_held=is_due, **_whose(work, application)
        ),
        at,
    )
    return case


def _application(body: Application) -> dict[str, Any]:
    """The words of an application, with the contact of whoever applies, as contacts are kept."""
    said = body.model_dump(mode="json", include={"grounds", "applicant"}, exclude_none=True)
    if body.applicant is not None:
        said["applicant"]["contact"] = {"name": body.applicant.name, **body.applicant.contact.kept()}
    return said


async def _reports(work: UnitOfWork, case: AsbCase) -> list[Reported]:
    """The incidents of a case and of those joined with it that are on its side, as they were reported.

    What became known after a joining may show that a report is against this one: it is about other behaviour.
    """
    joined = await queries.family(work, case)
    same_side = [other for other in joined if not people.against_each_other(work, case, other)]
    found = await queries.parts(work, Incident, [other.reference for other in same_side])
    return [Reported(each.happened_on, each.reported_on) for rows in found.values() for each in rows]


async def refer(work: UnitOfWork, reference: str, body: CaseReviewReferral) -> AsbCase:
    """Keep that a relevant body got the application.

    Raises Invalid for a day in the future or before the application, and beyond MOST_REFERRALS.
    """
    case, at = await begin(work, reference, Action.CASE_REVIEW_REFERRALS, body)
    review = await _latest(work, case)
    if len(review.referrals) >= MOST_REFERRALS:
        raise Invalid("This was sent to as many bodies as are kept of it.", "/body")
    applied = civil_date(review.applied_at), "the review was applied for"
    sent_on = _day(work, body.sent_on, at, "/sent_on", *applied)
    review.referrals = [*review.referrals, {"body": body.body, "sent_on": sent_on.isoformat()}]
    _note(work, case, Action.CASE_REVIEW_REFERRALS, body, events.CaseReviewReferred(), at)
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
    _say(work, review, reasons=reasons)
    _move(case, review, CaseReviewStatus.DUE if body.threshold_met else CaseReviewStatus.NOT_MET)
    _note(
        work,
        case,
        Action.CASE_REVIEW_DECISION,
        body,
        events.CaseReviewDecided(threshold_met=body.threshold_met, **_whose(work, review)),
        at,
    )
    return case


async def conclude(work: UnitOfWork, reference: str, body: CaseReviewOutcome) -> AsbCase:
    """Keep the outcome and the recommendations, as the applicant was told them; each is followed up.

    Raises Invalid for a day of telling that is in the future or before it was known that a review is held.
    """
    case, at = await begin(work, reference, Action.CASE_REVIEW_OUTCOME, body)
    review = await _latest(work, case)
    applied = civil_date(review.decided_at or review.applied_at), "the review was to be held"
    review.concluded_at, review.told_on = at, _day(work, body.told_on, at, "/told_on", *applied)
    said = body.model_dump(mode="json", include={"outcome", "recommendations"}, exclude_none=True)
    _say(work, review, **said)
    review.completed_on = [None] * len(body.recommendations)
    case.recommendations_to_complete += len(body.recommendations)
    _move(case, review, CaseReviewStatus.CONCLUDED)
    _note(
        work,
        case,
        Action.CASE_REVIEW_OUTCOME,
        body,
        events.CaseReviewConcluded(recommendations=len(body.recommendations), **_whose(work, review)),
        at,
    )
    return case


async def complete_recommendation(
    work: UnitOfWork, reference: str, body: RecommendationCompletion
) -> AsbCase:
    """Keep that a recommendation was carried out, of whichever review of the case.

    Raises Invalid for one that is not there or is done, and for a time or day before the review ended or in
    the future.
    """
    case, at = await begin(work, reference, Action.CASE_REVIEW_COMPLETION, body)
    review = await queries.concluded_case_review(work, case.reference, body.case_review)
    if review is None or review.concluded_at is None:
        raise Invalid("There is no such review of this case that has ended.", "/case_review")
    at = no_earlier(at, review.concluded_at, ENDED)
    completed, position = [*review.completed_on], body.recommendation - 1
    if position >= len(completed) or completed[position] is not None:
        raise Invalid("There is no such recommendation that is still to be carried out.", "/recommendation")
    ended_on = civil_date(review.concluded_at)
    completed[position] = _day(work, body.completed_on, at, "/completed_on", ended_on, ENDED)
    review.completed_on = completed
    case.recommendations_to_complete -= 1
    _note(work, case, Action.CASE_REVIEW_COMPLETION, body, events.RecommendationCompleted(), at)
    return case


def _note(work: UnitOfWork, case: AsbCase, action: Action, body: Dated, fact: Facts, at: datetime) -> None:
    note(work, case, action, body, fact, at, elsewhere=type(body).model_fields)


async def _latest(work: UnitOfWork, case: AsbCase) -> CaseReview:
    review = await queries.latest_case_review(work, case.reference)
    assert review is not None, "the lifecycle allows this only once one was applied for"
    return review


def _day(work: UnitOfWork, given: date | None, at: datetime, pointer: str, first: date, what: str) -> date:
    """The day given, by default that of the act; raises Invalid for one in the future or before the first."""
    day = given or civil_date(at)
    if day > civil_date(work.now):
        raise Invalid("This day is in the future.", pointer)
    if day < first:
        raise Invalid(f"This day is before {what}.", pointer)
    return day


def _whose(work: UnitOfWork, review: CaseReview) -> dict[str, Any]:
    """The facts that tell whose application an event is about, without naming them."""
    by_another = contact_of_applicant(work.opened(review).said) is not None
    return {"application": review.number, "by_another": by_another}


def _say(work: UnitOfWork, review: CaseReview, **words: Any) -> None:
    work.assign(review, said={**work.opened(review).said, **words})


def _move(case: AsbCase, review: CaseReview, status: CaseReviewStatus) -> None:
    case.case_review = review.status = status


async def figures(work: UnitOfWork, year: int) -> CaseReviewFigures:
    """The four figures of a civil year in London."""
    first, last = (close_of(date(each, 1, 1), time.min) for each in (year, year + 1))
    return CaseReviewFigures(year=year, **await queries.case_review_figures(work, first, last))
