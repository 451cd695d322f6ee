"""Plans open deadlines again when the calendar has changed: only those that a changed day can touch."""

import asyncio
from collections.abc import Sequence
from datetime import time, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.deriving import ChangedDay, derive
from services.notifications.models import CalendarChange, WatchedCase, WatchedDeadline
from shared import calendar_sync
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.standards.periods import close_of
from shared.telemetry import get_logger

log = get_logger(__name__)

BATCH = 200
POLL_SECONDS = 1.0


async def run(resources: AppState) -> None:
    """Follow changes until cancelled."""
    while True:
        await plan_again(resources)
        await asyncio.sleep(POLL_SECONDS)


async def plan_again(resources: AppState) -> int:
    """Plan what the changes not yet dealt with touch; returns how many cases were looked at.

    Case by case in small transactions: if it ends half-way, the next run goes over all of it again.
    """
    async with transaction(resources.database) as session:
        query = select(CalendarChange).where(CalendarChange.planned_at.is_(None))
        changes = (await session.scalars(query.order_by(CalendarChange.version))).all()
    if not changes:
        return 0
    async with transaction(resources.database) as session:
        # What is being derived with the calendar before would else be passed over.
        await calendar_sync.everybody_follows(session)
    days = [ChangedDay.of_row(day) for change in changes for day in change.days]
    planned = await _plan(resources, days)
    async with transaction(resources.database) as session:
        versions = [change.version for change in changes]
        done = update(CalendarChange).where(CalendarChange.version.in_(versions))
        await session.execute(done.values(planned_at=func.now()))
    log.info("deadlines planned again", extra={"count": planned})
    return planned


async def _plan(resources: AppState, days: Sequence[ChangedDay]) -> int:
    planned, after = 0, ""
    while True:
        async with transaction(resources.database) as session:
            references = await _touched(session, days, after)
            if not references:
                return planned
            lock = select(WatchedCase.reference).where(WatchedCase.reference.in_(references))
            await session.execute(lock.order_by(WatchedCase.reference).with_for_update())
            await calendar_sync.follow(resources, session)
            await derive(resources, session, references, days)
        planned, after = planned + len(references), references[-1]
        log.info("planning deadlines again", extra={"count": planned})


async def _touched(session: AsyncSession, days: Sequence[ChangedDay], after: str) -> Sequence[str]:
    """The next cases with an open deadline whose time runs over one of these days."""
    row = WatchedDeadline
    first, last = min(day.day for day in days), max(day.day for day in days)
    query = select(row.reference).where(
        row.reference > after,
        row.met_at.is_(None),
        row.cancelled_at.is_(None),
        row.due_at >= close_of(first, time.min),
        row.started_at < close_of(last + timedelta(days=1), time.min),
    )
    return (await session.scalars(query.distinct().order_by(row.reference).limit(BATCH))).all()
