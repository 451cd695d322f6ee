"""Use cases of a problem: give it to somebody, come to it, agree a time, refer it, end it."""

from datetime import datetime

from services.estates import events
from services.estates.models import Issue, IssueReferral
from services.estates.policy.issue import FOLLOWS, LIFECYCLE, REFERRED_BEFORE, Action
from services.estates.queries import issues as queries
from services.estates.schemas.issues import (
    AppointmentTime,
    Attendance,
    IssueAssignment,
    IssueResolution,
    NewReferral,
)
from services.estates.schemas.sites import Act
from shared.cases import contact
from shared.cases.acts import check
from shared.cases.contact import ContactCorrection
from shared.cases.times import in_order
from shared.errors import Invalid, MoveNotAllowed
from shared.work import UnitOfWork


async def begin(work: UnitOfWork, reference: str, action: Action, body: Act) -> tuple[Issue, datetime]:
    """The problem, locked, and the instant of an act that it allows.

    Raises NotFound, StaleVersion, MoveNotAllowed, and Invalid for a time in the future, before the report or
    before what the act follows.
    """
    issue = await queries.issue_for_update(work, reference)
    await _check(work, issue, action)
    return issue, await in_order(work, issue, body, FOLLOWS.get(action, ()))


async def _check(work: UnitOfWork, issue: Issue, action: Action) -> None:
    referred = (await queries.referrals(work, [issue.reference]))[issue.reference]
    check(LIFECYCLE, action, issue.situation(len(referred)))


async def assign(work: UnitOfWork, reference: str, body: IssueAssignment) -> Issue:
    """Give a problem to a caretaker or an officer."""
    issue, at = await begin(work, reference, Action.ASSIGNMENT, body)
    issue.handler_name, issue.handler_subject = body.handler.name, body.handler.subject
    issue.move(Action.ASSIGNMENT)
    work.record(issue, events.IssueAssigned(handler=body.handler.subject or ""), at=at)
    return issue


async def attend(work: UnitOfWork, reference: str, body: Attendance) -> Issue:
    """Record that a caretaker came, as to an emergency; raises Invalid for a time after its end."""
    issue, at = await begin(work, reference, Action.ATTENDANCE, body)
    if issue.resolved_at is not None and at > issue.resolved_at:
        raise Invalid("This time is after the problem was dealt with.", "/occurred_at")
    issue.attended_at = at
    work.record(issue, events.IssueAttended(), at=at)
    return issue


async def book(work: UnitOfWork, reference: str, body: AppointmentTime) -> Issue:
    """Agree the time at which bulky items are collected, or another; raises Invalid for one that is past."""
    issue, at = await begin(work, reference, Action.APPOINTMENT, body)
    if body.at < at:
        raise Invalid("This time is past.", "/at")
    if body.at != issue.appointment_at:
        issue.appointment_at = body.at
        fact = events.AppointmentBooked(appointment_at=body.at.isoformat(), tell_reporter=issue.tell_reporter)
        work.record(issue, fact, at=at)
    return issue


async def resolve(work: UnitOfWork, reference: str, body: IssueResolution) -> Issue:
    """End a problem that was dealt with, or of which nothing was found."""
    issue, at = await begin(work, reference, Action.RESOLUTION, body)
    end(work, issue, body, at)
    return issue


def end(work: UnitOfWork, issue: Issue, body: IssueResolution, at: datetime) -> None:
    """End a problem that may end."""
    issue.resolve(body.resolution, at, body.notes)
    fact = events.IssueResolved(resolution=body.resolution, tell_reporter=issue.tell_reporter)
    work.record(issue, fact, at=at)


async def refer(work: UnitOfWork, reference: str, body: NewReferral) -> Issue:
    """Pass a problem on to another service, which opens a case and tells us which.

    Raises MoveNotAllowed for a service that it was passed on to before.
    """
    issue, at = await begin(work, reference, Action.REFERRAL, body)
    if await queries.referral(work, issue.reference, body.to) is not None:
        raise MoveNotAllowed(REFERRED_BEFORE)
    referral = IssueReferral(
        reference=issue.reference,
        to=body.to,
        reason=body.reason,
        referred_by=work.caller.subject,
        referred_at=at,
    )
    work.add(referral)
    issue.move(Action.REFERRAL)
    fact = events.IssueReferred(to=body.to, offensive=issue.offensive, tell_reporter=issue.tell_reporter)
    work.record(issue, fact, at=at)
    return issue


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> Issue:
    """Correct whom to tell, and how."""
    issue = await queries.issue_for_update(work, reference)
    await _check(work, issue, Action.CONTACT)
    await contact.correct(work, issue, body, events.ContactCorrected())
    return issue
