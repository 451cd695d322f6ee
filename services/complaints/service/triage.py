"""Triage: stage one, a request for another service, another body, refused, or put right at once."""

from datetime import datetime

from services.complaints import events, policy, queries
from services.complaints.events import About, Ground, Referral as ReferralKind, Route
from services.complaints.letters import LetterKind
from services.complaints.models import Complaint, Referral
from services.complaints.policy import Action, Status
from services.complaints.schemas.acts import (
    Assignment,
    ConflictOfInterest,
    NamedHandler,
    Reopening,
    Triage,
    Withdrawal,
)
from services.complaints.service.judging import begin, check_may_decide, check_no_conflict, keep_reason
from services.complaints.service.writing import write_letter
from shared.errors import Invalid, MoveNotAllowed
from shared.work import UnitOfWork

NO_SERVICE_TAKES_IT = "No service takes up a request about this; name the one that does."
NOBODY_DECIDED = "A refusal names who decided it."


async def triage(work: UnitOfWork, reference: str, body: Triage) -> Complaint:
    """Decide how a complaint is dealt with; what is not answered at stage one says why.

    Raises MoveNotAllowed for one that is at stage one already, Invalid for a request that no service takes up
    and a refusal without a decider.
    """
    complaint, at = await begin(work, reference, Action.TRIAGE, body)
    if body.route is Route.STAGE_1 and complaint.route is not None:
        raise MoveNotAllowed(policy.ALREADY_AT_STAGE_1)
    if body.handler is not None:
        _give_to(work, complaint, body.handler, at)
    complaint.status = policy.status_after_triage(Status(complaint.status), body.route)
    complaint.route = body.route
    complaint.triage = body.model_dump(
        mode="json", exclude={"route", "handler", "occurred_at"}, exclude_none=True
    )
    work.record(complaint, events.ComplaintTriaged(route=body.route, ground=_ground(body)), at=at)
    keep_reason(work, complaint, Action.TRIAGE, body.reason, at)
    if body.route is Route.REFUSED:
        if complaint.handler_name is None:
            raise Invalid(NOBODY_DECIDED, "/handler")
        check_may_decide(work, complaint)
        await _write_refusal(work, complaint, body)
    if body.route is Route.SERVICE_REQUEST:
        await _request_service(work, complaint, body.service or About(complaint.about), at)
    return complaint


def _ground(body: Triage) -> Ground | None:
    return (body.ground or Ground.OTHER) if body.route is Route.REFUSED else None


async def _write_refusal(work: UnitOfWork, complaint: Complaint, body: Triage) -> None:
    told = {"ground": body.ground or Ground.OTHER, "reason": body.reason, "discretion": body.discretion}
    await write_letter(work, complaint, LetterKind.REFUSAL, complaint.received_at, told)


async def _request_service(work: UnitOfWork, complaint: Complaint, service: About, at: datetime) -> None:
    """Tell a service of a request, tracked until that service has a case for it and refers back."""
    if service not in policy.TAKES_REQUESTS:
        raise Invalid(NO_SERVICE_TAKES_IT, "/service")
    asked = await queries.referral(work, complaint.reference, ReferralKind.SERVICE_REQUEST)
    if asked is None:
        work.add(
            Referral(
                reference=complaint.reference,
                referral=ReferralKind.SERVICE_REQUEST,
                service=service,
                referred_at=at,
            )
        )
    else:  # it was reopened and is a request again
        asked.service, asked.referred_at, asked.taken_up_as = service, at, None
    requested = events.ServiceRequested(
        service=service, received_at=complaint.received_at.isoformat(), resident=complaint.resident
    )
    work.record(complaint, requested, at=at)


async def assign(work: UnitOfWork, reference: str, body: Assignment) -> Complaint:
    """Give a complaint to an officer; at stage two never to one of stage one (Code, 6.13)."""
    complaint, at = await begin(work, reference, Action.ASSIGNMENT, body)
    if Status(complaint.status) in policy.STAGE_2:
        first = (await queries.stage_of(work, complaint.reference, events.Stage.ONE)).handled_by
        if first.is_same(body.handler.name, body.handler.subject):
            raise MoveNotAllowed(
                f"{first.name or body.handler.name} dealt with stage one, and may not with stage two."
            )
    _give_to(work, complaint, body.handler, at)
    return complaint


def _give_to(work: UnitOfWork, complaint: Complaint, handler: NamedHandler, at: datetime) -> None:
    check_no_conflict(complaint, handler.name, handler.subject)
    complaint.handler_name, complaint.handler_subject = handler.name, handler.subject
    given = events.ComplaintAssigned(department=complaint.department, handler=handler.subject or "")
    work.record(complaint, given, at=at)


async def declare_conflict(work: UnitOfWork, reference: str, body: ConflictOfInterest) -> Complaint:
    """Record an officer's conflict of interest; a handler stays named until another is (Code, 5)."""
    complaint, at = await begin(work, reference, Action.CONFLICT, body)
    officer = {"name": body.officer.name, "subject": body.officer.subject}
    complaint.conflicts = [*complaint.conflicts, officer]
    work.record(complaint, events.ConflictDeclared(), at=at)
    keep_reason(work, complaint, Action.CONFLICT, body.reason, at)
    return complaint


async def reopen(work: UnitOfWork, reference: str, body: Reopening) -> Complaint:
    """Take up at stage one what was closed without an answer, as the ombudsman may order, with new clocks."""
    complaint, at = await begin(work, reference, Action.REOPENING, body)
    complaint.move(Action.REOPENING)
    complaint.route = Route.STAGE_1
    first = await queries.stage_of(work, complaint.reference, events.Stage.ONE)
    first.acknowledged_at = first.extended_by = first.overdue_since = None
    first.extension_reason = first.good_reason = first.approved_by = None
    work.record(complaint, events.ComplaintReopened(ombudsman=complaint.code), at=at)
    keep_reason(work, complaint, Action.REOPENING, body.reason, at)
    return complaint


async def withdraw(work: UnitOfWork, reference: str, body: Withdrawal) -> Complaint:
    """End a complaint that its complainant takes back."""
    complaint, at = await begin(work, reference, Action.WITHDRAWAL, body)
    complaint.move(Action.WITHDRAWAL)
    work.record(complaint, events.ComplaintWithdrawn(), at=at)
    keep_reason(work, complaint, Action.WITHDRAWAL, body.reason, at)
    return complaint
