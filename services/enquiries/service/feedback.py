"""Use cases of feedback: given, followed up, made a complaint, and what was changed because of it."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from services.enquiries import events
from services.enquiries.events import Channel, FeedbackKind, Service, Topic
from services.enquiries.models import Feedback, Improvement
from services.enquiries.policy import DEPARTMENT
from services.enquiries.policy.feedback import (
    LIFECYCLE,
    Action,
    FeedbackStatus,
    Situation,
    is_low,
    is_satisfied,
)
from services.enquiries.queries import office as queries
from services.enquiries.schemas.acts import Act
from services.enquiries.schemas.office import FeedbackOut, FollowUp, NewFeedback, NewImprovement
from shared.caller import Role
from shared.cases.access import reference_shown
from shared.cases.acts import check
from shared.cases.contact import as_kept
from shared.cases.deadlines import deadlines_of
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words, plainly
from shared.cases.times import occurred_at
from shared.references import new_reference
from shared.work import UnitOfWork, Work


async def give(work: Work, body: NewFeedback) -> Feedback:
    """Take feedback in; a low score is a task for the department that it is about."""
    low = is_low(body.score)
    contact: dict[str, Any] = body.contact.model_dump(mode="json") if body.contact else {}
    resident = work.caller.identity if work.caller.is_a(Role.RESIDENT) else None
    feedback = Feedback(
        reference=new_reference("FBK"),
        status=FeedbackStatus.OPEN if low else FeedbackStatus.NOTED,
        channel=body.channel,
        received_at=work.now,
        imported=False,
        department=_department(work, Topic(body.about)),
        contact=as_kept(contact),
        reported_by=work.caller.identity,
        resident=resident,
        about=body.about,
        kind=body.kind,
        score=body.score,
        comment=body.comment,
        about_reference=body.reference,
    )
    work.add(feedback)
    fact = events.FeedbackGiven(
        about=Topic(body.about),
        kind=FeedbackKind(body.kind),
        channel=Channel(body.channel),
        department=feedback.department,
        satisfied=is_satisfied(body.score),
        low=low,
        resident=resident,
    )
    work.record(feedback, fact, at=feedback.received_at)
    return feedback


def _department(work: Work, about: Topic) -> str:
    return str(about) if about in work.state.settings.directory.departments else DEPARTMENT


async def _begin(work: UnitOfWork, reference: str, action: Action) -> Feedback:
    feedback = await queries.found_for_update(work, Feedback, reference)
    check(LIFECYCLE, action, _situation(feedback))
    return feedback


async def follow_up(work: UnitOfWork, reference: str, body: FollowUp) -> Feedback:
    """Record what came of a low score."""
    feedback = await _begin(work, reference, Action.FOLLOW_UP)
    at = await occurred_at(work, feedback, body)
    feedback.status, feedback.follow_up = FeedbackStatus.FOLLOWED_UP, body.outcome
    work.record(feedback, events.FeedbackFollowedUp(), at=at)
    return feedback


async def make_complaint(work: UnitOfWork, reference: str, body: Act) -> Feedback:
    """Have feedback dealt with as a complaint, once; complaints takes it up by the event."""
    feedback = await _begin(work, reference, Action.COMPLAINT)
    at = await occurred_at(work, feedback, body)
    feedback.complaint_requested_at = at
    about = Service.ENQUIRIES if feedback.about == Topic.WEBSITE else Service(feedback.about)
    work.record(feedback, events.ComplaintRequested(about=about), at=at)
    return feedback


async def improve(work: UnitOfWork, body: NewImprovement) -> Improvement:
    """Note what was changed because of feedback."""
    improvement = Improvement(id=uuid4(), noted_by=work.caller.identity, **body.model_dump())
    work.add(improvement)
    return improvement


def _situation(feedback: Feedback) -> Situation:
    return Situation(
        status=FeedbackStatus(feedback.status), is_complaint=feedback.complaint_requested_at is not None
    )


async def present(work: Work, rows: Sequence[Feedback]) -> list[FeedbackOut]:
    """Feedback that the caller sees."""
    if isinstance(work, UnitOfWork):
        await work.session.flush()  # for the instants of their changes
    promised = await deadlines_of(work, [row.reference for row in rows])
    to_officer = work.caller.is_a(Role.OFFICER)
    found: list[FeedbackOut] = []
    for row in rows:
        acts = sorted(LIFECYCLE.allowed(work.caller.roles, _situation(row)))
        summary, promises = in_words(plainly(row.kind), row), promised[row.reference]
        common = common_fields(row, promises, work.now, acts, summary=summary, to_officer=to_officer)
        quoted = {"about_reference": reference_shown(work, row.about_reference)}
        found.append(FeedbackOut(**common, **FeedbackOut.own_fields(row) | quoted))
    return found


async def present_one(work: Work, feedback: Feedback) -> FeedbackOut:
    """One piece of feedback that the caller sees."""
    [shown] = await present(work, [feedback])
    return shown


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that feedback allows the caller now; asked after an act on it was refused."""
    feedback = await queries.found(work, Feedback, reference)
    return sorted(LIFECYCLE.allowed(work.caller.roles, _situation(feedback)))
