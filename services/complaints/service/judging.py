"""Judging an act on a complaint: its row locked, and its situation read, before anything is changed."""

from collections.abc import Sequence
from datetime import date, datetime

from services.complaints import policy, queries
from services.complaints.events import Stage
from services.complaints.models import Complaint, Reason
from services.complaints.policy import LIFECYCLE, Action, Situation, Status
from services.complaints.policy.order import FOLLOWS
from services.complaints.policy.points import PointOf
from services.complaints.schemas.acts import Act, AdjustedAct
from shared.cases.acts import check
from shared.cases.reasons import give_reason
from shared.cases.times import in_order
from shared.errors import Invalid, MoveNotAllowed
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

ANOTHER_SCOPE = (
    "This point is for officers with another scope to see than the rest; make it a complaint of its own."
)
SINCE = {Stage.ONE: "the complaint was received", Stage.TWO: "stage two was asked for"}


async def begin(
    work: UnitOfWork, reference: str, action: Action, body: Act, *, of_stage: Stage | None = None
) -> tuple[Complaint, datetime]:
    """The complaint, locked, if its status allows the act, and the instant of the act.

    The act belongs to the stage that the complaint is at, unless `of_stage` says otherwise. Raises NotFound,
    StaleVersion, MoveNotAllowed, and Invalid for an instant in the future, before that stage began, or before
    the facts that the act follows (policy/order.py).
    """
    complaint = await queries.complaint_for_update(work, reference)
    open_actions = await queries.open_actions(work, complaint.reference)
    situation = Situation(
        status=Status(complaint.status),
        open_actions=open_actions,
        is_restricted=complaint.restriction is not None,
    )
    check(LIFECYCLE, action, situation)
    stage = of_stage or policy.stage_of(Status(complaint.status))
    since = started_at(complaint, stage)
    follows = FOLLOWS.get(action, ())
    return complaint, await in_order(work, complaint, body, follows, not_before=since, what=SINCE[stage])


def started_at(complaint: Complaint, stage: Stage) -> datetime:
    """The instant at which a stage began: the receipt, or the wish for stage two."""
    if stage is Stage.TWO and complaint.escalated_at is not None:
        return complaint.escalated_at
    return complaint.received_at


def reply_promises(promises: Sequence[Deadline], stage: Stage) -> list[Deadline]:
    """The promises of a stage's reply that are still to be kept, the earliest first."""
    standards = policy.REPLY_STANDARDS[stage]
    owed = [promise for promise in promises if promise.standard in standards and promise.open]
    return sorted(owed, key=lambda promise: promise.due_at)


def has_lapsed(promises: Sequence[Deadline], stage: Stage, at: datetime) -> bool:
    """Tell whether the first of the promised days of a stage's reply is past at that instant."""
    return missed_day(promises, stage, at) is not None


def missed_day(promises: Sequence[Deadline], stage: Stage, at: datetime) -> datetime | None:
    """The end of the first promised day of a stage's reply that is past at that instant."""
    late = (each for each in reply_promises(promises, stage) if each.state(at) == "breached")
    return next((each.due_at for each in late), None)


def needed_scope(known: str | None, points: Sequence[PointOf]) -> str | None:
    """The scope that a complaint needs with these points, where it needed `known` without them.

    Raises Invalid for a point whose scope is another: whoever has one of them would see what needs the other.
    """
    for number, point in enumerate(points):
        scope = None if point.about is None else policy.SCOPE_FOR.get(point.about)
        if scope is not None and known not in (None, scope):
            raise Invalid(ANOTHER_SCOPE, f"/points/{number}/about")
        known = scope or known
    return known


def check_not_before(day: date, at: datetime, pointer: str) -> None:
    """Raise Invalid for a day that was past when it was promised."""
    if day < civil_date(at):
        raise Invalid("This day is past.", pointer)


def check_adjustments(complaint: Complaint, body: AdjustedAct) -> None:
    """Raise Invalid where adjustments agreed with the complainant were not made (Code, 5.10)."""
    if complaint.adjustments and not body.adjustments_made:
        agreed = "; ".join(complaint.adjustments["adjustments"])
        raise Invalid(
            f"Say that what was agreed with the complainant is done: {agreed}.", "/adjustments_made"
        )


def check_no_conflict(complaint: Complaint, name: str | None, subject: str | None) -> None:
    """Raise MoveNotAllowed for an officer who declared a conflict of interest in this complaint."""
    if policy.has_conflict(complaint.conflicts, name, subject):
        raise MoveNotAllowed(policy.HAS_CONFLICT)


def check_may_decide(work: UnitOfWork, complaint: Complaint) -> None:
    """Raise MoveNotAllowed if its handler, or whoever records the decision, declared a conflict."""
    check_no_conflict(complaint, complaint.handler_name, complaint.handler_subject)
    check_no_conflict(complaint, None, work.caller.subject)


def keep_reason(
    work: UnitOfWork, complaint: Complaint, action: Action, reason: str | None, at: datetime
) -> None:
    """Keep why an act was done, if that was said, for officers' eyes."""
    if reason is not None:
        give_reason(work, Reason, complaint, action, reason, at)
