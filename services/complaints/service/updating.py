"""Keeping complainants informed while their reply is late or a remedy outstanding, at agreed intervals."""

import asyncio

from services.complaints import events, policy, queries
from services.complaints.events import Stage
from services.complaints.letters import LetterKind
from services.complaints.models import Complaint
from services.complaints.policy import UNANSWERED, Action, Status
from services.complaints.schemas.acts import Update, UpdateInterval
from services.complaints.service.judging import begin, check_adjustments, has_lapsed, missed_day, started_at
from services.complaints.service.writing import write_letter
from shared.app_state import AppState
from shared.cases.deadlines import deadlines_of
from shared.cases.queries import get_for_update
from shared.work import UnitOfWork, unit_of_work

LOOK_AGAIN_SECONDS = 300.0


async def give_update(work: UnitOfWork, reference: str, body: Update) -> Complaint:
    """Write to the complainant how far we are; it is the update that is owed of a late reply, or of a remedy.

    Raises MoveNotAllowed where nothing is owed, Invalid where agreed adjustments were not made.
    """
    complaint, at = await begin(work, reference, Action.UPDATES, body, of_stage=Stage.ONE)
    check_adjustments(complaint, body)
    work.record(complaint, events.UpdateGiven(), at=at)
    started = started_at(complaint, policy.stage_of(Status(complaint.status)))
    await write_letter(work, complaint, LetterKind.UPDATE, started, {"message": body.message})
    return complaint


async def agree_interval(work: UnitOfWork, reference: str, body: UpdateInterval) -> Complaint:
    """Set the interval of updates that the complainant agreed to; a date already promised only comes nearer.

    Raises MoveNotAllowed where nothing is owed.
    """
    complaint, at = await begin(work, reference, Action.INTERVAL, body, of_stage=Stage.ONE)
    complaint.update_interval = body.every
    work.record(complaint, events.UpdateIntervalAgreed(every=body.every), at=at)
    return complaint


async def run(state: AppState) -> None:
    """Note late replies, until cancelled."""
    while True:
        await note_late_replies(state)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def note_late_replies(state: AppState) -> None:
    """Note each reply whose promised day is past, once; the first update is counted from that day."""
    async with unit_of_work(state) as work:
        waiting = {
            complaint.reference: policy.stage_of(Status(complaint.status))
            for complaint in await queries.awaiting_reply(work)
        }
        promised = await deadlines_of(work, list(waiting))
        late = [
            reference
            for reference, stage in waiting.items()
            if has_lapsed(promised[reference], stage, work.now)
        ]
    for reference in sorted(late):
        async with unit_of_work(state) as work:
            await _note_if_late(work, reference)


async def _note_if_late(work: UnitOfWork, reference: str) -> None:
    """Note a late reply of a complaint, unless it was answered or noted meanwhile."""
    complaint = await get_for_update(work, Complaint, reference)
    status = Status(complaint.status)
    if status not in UNANSWERED:
        return
    number = policy.stage_of(status)
    stage = await queries.stage_of(work, reference, number)
    promises = (await deadlines_of(work, [reference]))[reference]
    missed = missed_day(promises, number, work.now)
    if missed is not None and stage.overdue_since is None:
        stage.overdue_since = missed
        work.record(complaint, events.ReplyOverdue(stage=number, ombudsman=complaint.code), at=missed)
