"""Keeping complainants informed while their reply is late, at intervals that start from the missed day."""

import asyncio

from services.complaints import events, policy, queries
from services.complaints.models import Complaint
from services.complaints.policy import UNANSWERED, Action, Status
from services.complaints.schemas.acts import Update
from services.complaints.service.judging import begin, has_lapsed, keep_reason, missed_day
from shared.app_state import AppState
from shared.cases.deadlines import deadlines_of
from shared.cases.queries import get_for_update
from shared.work import UnitOfWork, unit_of_work

LOOK_AGAIN_SECONDS = 300.0


async def give_update(work: UnitOfWork, reference: str, body: Update) -> Complaint:
    """Keep what the complainant was told, for officers' eyes; it counts as the update that is owed."""
    complaint, at = await begin(work, reference, Action.UPDATES, body)
    work.record(complaint, events.UpdateGiven(), at=at)
    keep_reason(work, complaint, Action.UPDATES, body.message, at)
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
        work.record(complaint, events.ReplyOverdue(stage=number), at=missed)
