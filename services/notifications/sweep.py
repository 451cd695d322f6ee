"""Finds the deadlines that come due or are missed, and writes each step's notice exactly once.

Many may run at once: a row that one holds, the others pass over. The clock is the database's, so that
a machine whose own clock is wrong fires nothing early. What an outage left behind is folded into the
newest step, so that nobody gets three letters about one late case.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, storing
from services.notifications.models import WatchedDeadline
from services.notifications.policy import Ladder, Rung
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.telemetry import get_logger

log = get_logger(__name__)

BATCH = 200


async def run(resources: AppState) -> None:
    """Sweep until cancelled; another pass follows at once while there is more to do."""
    while True:
        async with transaction(resources.database) as session:
            swept = await sweep(session)
        if swept < BATCH:
            await asyncio.sleep(resources.settings.sweep_seconds)


async def sweep(session: AsyncSession, batch: int = BATCH) -> int:
    """Take the steps that are owed on up to `batch` deadlines; returns on how many."""
    now = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    due = (
        select(WatchedDeadline)
        .where(WatchedDeadline.next_rung_at <= now)
        .order_by(WatchedDeadline.next_rung_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    rows = (await session.scalars(due)).all()
    notices: list[dict[str, Any]] = []
    for row in rows:
        ladder = Ladder(tuple(Rung.from_row(rung) for rung in row.rungs), frozenset(row.rungs_fired))
        owed = ladder.owed(now)
        taken = ladder.fired | {rung.name for rung in owed}
        row.rungs_fired = sorted(taken)
        row.next_rung_at = Ladder(ladder.rungs, taken).next_at()
        if owed:
            notices += _notices(row, ladder.rungs, owed)
    if notices:
        await storing.owe(session, notices)
        log.info("steps taken", extra={"count": len(notices)})
    return len(rows)


def _notices(row: WatchedDeadline, rungs: tuple[Rung, ...], owed: tuple[Rung, ...]) -> list[dict[str, Any]]:
    """One notice for each who is to be told: their newest step's, which stands for their older ones too."""
    told = {audience for rung in owed for audience in rung.tell}
    return [
        _notice(row, rungs, audience, [rung for rung in owed if audience in rung.tell])
        for audience in sorted(told)
    ]


def _notice(
    row: WatchedDeadline, rungs: tuple[Rung, ...], audience: str, theirs: Sequence[Rung]
) -> dict[str, Any]:
    newest = theirs[-1]
    kind = policy.kind_of(newest.name, rungs)
    return {
        "reference": row.reference,
        "kind": kind,
        "audience": audience,
        "urgency": policy.urgency_of(kind, audience, row.due_at - row.started_at),
        "standard": row.standard,
        "started_by": row.started_by,
        "rung": newest.name,
        "due_at": row.due_at,
        "stands_for": [rung.name for rung in theirs[:-1]],
        "owed_at": newest.at,
    }
