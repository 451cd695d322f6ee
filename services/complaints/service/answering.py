"""Acknowledging a complaint at either stage, joining points to it, and extending its reply."""

from collections.abc import Sequence
from typing import Any

from services.complaints import events, policy, queries
from services.complaints.events import About, Stage as StageNumber
from services.complaints.letters import LetterKind
from services.complaints.models import Complaint
from services.complaints.policy import LIFECYCLE, MANAGER, Action, Situation, Status
from services.complaints.policy.points import kept_points, unknown_points
from services.complaints.schemas.acts import Acknowledgement, Extension, MorePoints
from services.complaints.schemas.receipt import MOST_POINTS
from services.complaints.service.judging import (
    begin,
    check_adjustments,
    has_lapsed,
    keep_reason,
    needed_scope,
    started_at,
)
from services.complaints.service.writing import write_letter
from shared.cases.deadlines import deadlines_of
from shared.errors import Forbidden, Invalid, MoveNotAllowed
from shared.work import UnitOfWork

NO_SUCH_POINT = "The complaint has no such point."
NEEDS_A_MANAGER = "More than the Code's usual limit needs the approval of a manager."
NEEDS_GOOD_REASON = "More than {days} working days need a good reason."


async def acknowledge(work: UnitOfWork, reference: str, body: Acknowledgement) -> Complaint:
    """Acknowledge a complaint, or the wish for stage two, with the complaint definition (Code, 5.6 and 5.7).

    Raises Invalid for a definition that lacks a part.
    """
    complaint, at = await begin(work, reference, Action.ACKNOWLEDGEMENT, body)
    check_adjustments(complaint, body)
    number = policy.stage_of(Status(complaint.status))
    stage = await queries.stage_of(work, complaint.reference, number)
    complaint.move(Action.ACKNOWLEDGEMENT)
    complaint.outcome_sought = body.outcome_sought or complaint.outcome_sought
    complaint.points = _marked(complaint.points, body)
    stage.acknowledged_at, stage.method = at, body.method
    stage.understanding, stage.next_steps = body.understanding, body.next_steps
    work.record(complaint, events.ComplaintAcknowledged(stage=number, ombudsman=complaint.code), at=at)
    told = {
        "understanding": body.understanding or "",
        "next_steps": body.next_steps,
    }
    await write_letter(work, complaint, LetterKind.ACKNOWLEDGEMENT, started_at(complaint, number), told)
    return complaint


def _marked(points: Sequence[dict[str, Any]], body: Acknowledgement) -> list[dict[str, Any]]:
    """The points, each marked as ours or not; raises Invalid for a number that is no point's.

    Stage two keeps the marks of stage one, with their reasons, unless it is given others.
    """
    if body.not_ours is None:
        return [*points]
    not_ours = {each.point: each.reason for each in body.not_ours}
    if unknown_points(points, not_ours):
        raise Invalid(NO_SUCH_POINT, "/not_ours")
    return [
        {**point, "ours": number not in not_ours, "reason": not_ours.get(number)}
        for number, point in enumerate(points, 1)
    ]


async def add_points(work: UnitOfWork, reference: str, body: MorePoints) -> Complaint:
    """Join related points until the stage one reply is issued; later they are a new complaint (Code, 6.8).

    Raises Invalid for too many, and for one that needs another scope than the complaint does.
    """
    complaint, at = await begin(work, reference, Action.POINTS, body)
    points = [*complaint.points, *kept_points(body.points, About(complaint.about))]
    if len(points) > MOST_POINTS:
        raise Invalid(f"A complaint has at most {MOST_POINTS} points.", "/points")
    complaint.points = points
    complaint.needs_scope = needed_scope(complaint.needs_scope, body.points)
    added = events.PointsAdded(points=len(body.points), needs_scope=complaint.needs_scope)
    work.record(complaint, added, at=at)
    return complaint


async def extend(work: UnitOfWork, reference: str, body: Extension) -> Complaint:
    """Give the reply more working days, once a stage, before its promised day is past (Code, 6.4 and 6.15).

    Raises MoveNotAllowed for a second one and for a promise that has lapsed, Invalid where a good reason is
    missing, Forbidden where a manager has to approve it.
    """
    complaint, at = await begin(work, reference, Action.EXTENSION, body)
    number = policy.stage_of(Status(complaint.status))
    stage = await queries.stage_of(work, complaint.reference, number)
    promises = (await deadlines_of(work, [complaint.reference]))[complaint.reference]
    situation = Situation(
        status=Status(complaint.status),
        is_extended=stage.extended_by is not None,
        # of a promise that has lapsed by now none is told in time, whatever day its letter is said to be of
        has_lapsed=has_lapsed(promises, number, at if complaint.imported else work.now),
    )
    if not LIFECYCLE.allows(Action.EXTENSION, situation):
        raise MoveNotAllowed(policy.why_not_extended(situation))
    check_adjustments(complaint, body)
    _check_approval(work, number, body)
    stage.extended_by, stage.extension_reason = body.working_days, body.reason
    if body.good_reason is not None:
        stage.good_reason, stage.approved_by = body.good_reason, work.caller.subject
    goes_beyond = policy.needs_good_reason(number, body.working_days)
    fact = events.ReplyExtended(
        stage=number, ombudsman=complaint.code, working_days=body.working_days, good_reason=goes_beyond
    )
    work.record(complaint, fact, at=at)
    keep_reason(work, complaint, Action.EXTENSION, body.reason, at)
    told = {"reason": body.reason, "good_reason": body.good_reason if goes_beyond else None}
    await write_letter(work, complaint, LetterKind.EXTENSION, started_at(complaint, number), told)
    return complaint


def _check_approval(work: UnitOfWork, stage: StageNumber, body: Extension) -> None:
    if not policy.needs_good_reason(stage, body.working_days):
        return
    if body.good_reason is None:
        raise Invalid(NEEDS_GOOD_REASON.format(days=policy.USUAL_EXTENSION[stage]), "/good_reason")
    if MANAGER not in work.caller.scopes:
        raise Forbidden(NEEDS_A_MANAGER)
