"""Recalculate open deadlines when the calendar has changed: only those that a changed day can touch."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from services.notifications.deadlines import queries, standards_changes
from services.notifications.deadlines.changed_days import ChangedDay
from services.notifications.deadlines.recalculate import recalculate
from shared import calendar_sync
from shared.app_state import AppState
from shared.standards.periods import close_of
from shared.telemetry import get_logger
from shared.work import unit_of_work

log = get_logger(__name__)

BATCH = 200
POLL_SECONDS = 1.0


async def run(state: AppState) -> None:
    """Follow changes until cancelled; first those of the standards, which come with a new start only."""
    await standards_changes.derive_again(state)
    while True:
        await plan_again(state)
        await asyncio.sleep(POLL_SECONDS)


async def plan_again(state: AppState, batch: int = BATCH) -> int:
    """Plan what the changes not yet dealt with touch; returns how many cases were looked at.

    Case by case in small transactions: if it ends half-way, the next run goes over all of it again.
    """
    async with unit_of_work(state) as work:
        changes = await queries.unplanned_changes(work)
    if not changes:
        return 0
    async with unit_of_work(state) as work:
        # What is being derived with the calendar before would else be passed over.
        await calendar_sync.await_older_transactions(work.session)
    planned = await _plan(state, [ChangedDay.of_row(day) for change in changes for day in change.days], batch)
    async with unit_of_work(state) as work:
        await queries.note_planned(work, [change.version for change in changes])
    log.info("deadlines planned again", extra={"count": planned})
    return planned


def span_of(days: Sequence[date]) -> tuple[datetime, datetime]:
    """The time from the first of these days to the end of the last."""
    return close_of(min(days), time.min), close_of(max(days) + timedelta(days=1), time.min)


async def _plan(state: AppState, days: Sequence[ChangedDay], batch: int) -> int:
    span = span_of([changed.day for changed in days])
    planned, after = 0, ""
    while True:
        async with unit_of_work(state) as work:
            references = await queries.lock_touched(work, span, after, batch)
            if not references:
                return planned
            await calendar_sync.follow(state, work.session)
            await recalculate(work, references, days)
        planned, after = planned + len(references), references[-1]
        log.info("planning deadlines again", extra={"count": planned})
