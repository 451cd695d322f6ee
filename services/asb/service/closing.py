"""The end of a case: closing, the questionnaire and its answers, the review, and opening it again."""

from services.asb import events
from services.asb.models import AsbCase
from services.asb.policy import Action
from services.asb.schemas.requests import Closure, Review, Survey, SurveyAnswers
from services.asb.service.acting import begin, note
from services.asb.service.estate_issues import tell_estates
from shared.work import UnitOfWork


async def close(work: UnitOfWork, reference: str, body: Closure) -> AsbCase:
    """Close a case; the questionnaire is due within a month."""
    case, at = await begin(work, reference, Action.CLOSURE, body)
    case.close(at)
    fact = events.CaseClosed(agreed_with_victim=body.agreed_with_victim, high_risk=False)
    note(work, case, Action.CLOSURE, body, fact, at)
    await tell_estates(work, case, at)
    return case


async def send_survey(work: UnitOfWork, reference: str, body: Survey) -> AsbCase:
    """Keep that the questionnaire was sent."""
    case, at = await begin(work, reference, Action.SURVEY, body)
    case.survey_sent_at = at
    note(work, case, Action.SURVEY, body, events.SurveySent(), at)
    return case


async def answer_survey(work: UnitOfWork, reference: str, body: SurveyAnswers) -> AsbCase:
    """Keep the answers; they are made a complaint if the victim asks for it, and once, as they are."""
    case, at = await begin(work, reference, Action.SURVEY_ANSWERS, body)
    case.survey_answered_at, case.satisfied = at, body.satisfied
    fact = events.SurveyAnswered(satisfied=body.satisfied)
    answered = note(work, case, Action.SURVEY_ANSWERS, body, fact, at)
    if body.complaint:
        made = events.ComplaintMade(
            answers=answered.sequence, kept_from=case.kept_from or [], resident=case.resident
        )
        work.record(case, made, at=at)
    return case


async def review(work: UnitOfWork, reference: str, body: Review) -> AsbCase:
    """Review a closed case; opened again, its updates run anew, and a high risk is reviewed again."""
    case, at = await begin(work, reference, Action.REVIEW, body)
    note(work, case, Action.REVIEW, body, events.ClosureReviewed(outcome=body.outcome), at)
    if body.outcome is events.Outcome.REOPEN:
        case.reopen()
        work.record(case, events.CaseReopened(high_risk=case.high_risk), at=at)
    return case
