"""Find the deadlines that come due or are missed, and write each step's notice exactly once.

Many may run at once: a row that one holds, the others pass over. The clock is the database's, so that
a machine whose own clock is wrong fires nothing early. What an outage left behind is folded into the
newest step, so that nobody gets three letters about one late case.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from services.notifications import policy
from services.notifications.deadlines import queries
from services.notifications.models import WatchedDeadline
from services.notifications.notices.queries import owed as notices
from services.notifications.notices.queries.letters import clock
from services.notifications.notices.rows import bundled
from services.notifications.policy import Ladder, Rung
from shared.app_state import AppState
from shared.telemetry import get_logger
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

BATCH = 200


async def run(state: AppState) -> None:
    """Sweep until cancelled; another pass follows at once while there is more to do."""
    while True:
        async with unit_of_work(state) as work:
            swept = await sweep(work)
        if swept < BATCH:
            await asyncio.sleep(state.settings.sweep_seconds)


async def sweep(work: UnitOfWork, batch: int = BATCH) -> int:
    """Take the steps that are owed on up to `batch` deadlines; returns on how many."""
    now = await clock(work)
    rows = await queries.deadlines_due(work, now, batch)
    owed: list[dict[str, Any]] = []
    for row in rows:
        ladder = Ladder(tuple(Rung.from_row(rung) for rung in row.rungs), frozenset(row.rungs_fired))
        due = ladder.owed(now)
        taken = ladder.fired | {rung.name for rung in due}
        row.rungs_fired = sorted(taken)
        row.next_rung_at = Ladder(ladder.rungs, taken).next_at()
        # One notice for each who is to be told: their newest step's, which stands for their older ones too.
        for audience in sorted({audience for rung in due for audience in rung.tell}):
            owed.append(_notice(row, ladder.rungs, audience, [rung for rung in due if audience in rung.tell]))
    if owed:
        await notices.owe(work, owed)
        log.info("steps taken", extra={"count": len(owed)})
    return len(rows)


def _notice(
    row: WatchedDeadline, rungs: tuple[Rung, ...], audience: str, theirs: Sequence[Rung]
) -> dict[str, Any]:
    newest = theirs[-1]
    kind = policy.kind_of(newest.name, rungs)
    usual = bundled().about_deadline(kind, audience).urgency
    return {
        "reference": row.reference,
        "kind": kind,
        "audience": audience,
        "urgency": policy.urgency_of(usual, row.due_at - row.started_at),
        "standard": row.standard,
        "started_by": row.started_by,
        "rung": newest.name,
        "due_at": row.due_at,
        "stands_for": [rung.name for rung in theirs[:-1]],
        "owed_at": newest.at,
    }
