"""Find the deadlines that come due or are missed, and write each step's notice exactly once.

Many may run at once: a row that one holds, the others pass over. The clock is the database's, so that
a machine whose own clock is wrong fires nothing early. What an outage left behind is folded into the
newest step, so that nobody gets three letters about one late case. A reminder that is no emergency is held
here until the office opens: a notice that is owed leaves at once.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
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
        if await one_pass(state) < BATCH:
            await asyncio.sleep(state.settings.sweep_seconds)


async def one_pass(state: AppState) -> int:
    """Sweep once; a pass that finds nothing due is one statement, and no transaction."""
    if not await state.database.ask(queries.are_due, ()):
        return 0
    async with unit_of_work(state) as work:
        return await sweep(work)


async def sweep(work: UnitOfWork, batch: int = BATCH) -> int:
    """Take the steps that are owed on up to `batch` deadlines; returns on how many."""
    now = await clock(work)
    rows = await queries.deadlines_due(work, now, batch)
    owed: list[dict[str, Any]] = []
    for row in rows:
        ladder = Ladder(tuple(Rung.from_row(rung) for rung in row.rungs), frozenset(row.rungs_fired))
        due = ladder.owed(now)
        leaves_at = _leaves_at(work, row, ladder, now)
        if leaves_at > now:
            row.next_rung_at = min(leaves_at, ladder.next_after(now) or leaves_at)
            continue
        taken = ladder.fired | {rung.name for rung in due}
        row.rungs_fired = sorted(taken)
        row.next_rung_at = Ladder(ladder.rungs, taken).next_at()
        # One notice for each who is to be told: their newest step's, which stands for their older ones too.
        for audience in sorted({audience for rung in due for audience in rung.tell}):
            theirs = [rung for rung in due if audience in rung.tell]
            owed.append(_notice(work, row, ladder.rungs, audience, theirs))
    if owed:
        await notices.owe(work, owed)
        log.info("steps taken", extra={"count": len(owed)})
    return len(rows)


def _leaves_at(work: UnitOfWork, row: WatchedDeadline, ladder: Ladder, now: datetime) -> datetime:
    """The instant at which the steps owed on a deadline may be told: now, or when its office opens."""
    catalogue = work.state.catalogue
    kinds = [policy.kind_of(rung.name, ladder.rungs) for rung in ladder.owed(now)]
    if not policy.waits_for_office(kinds, emergency=catalogue.is_emergency(row.standard)):
        return now
    return catalogue.office_hours(row.regime).next_open(now, work.state.calendar)


def _notice(
    work: UnitOfWork, row: WatchedDeadline, rungs: tuple[Rung, ...], audience: str, theirs: Sequence[Rung]
) -> dict[str, Any]:
    newest = theirs[-1]
    kind = policy.kind_of(newest.name, rungs)
    usual = bundled().about_deadline(kind, audience).urgency
    return {
        "reference": row.reference,
        "kind": kind,
        "audience": audience,
        "urgency": policy.urgency_of(usual, emergency=work.state.catalogue.is_emergency(row.standard)),
        "standard": row.standard,
        "started_by": row.started_by,
        "rung": newest.name,
        "due_at": row.due_at,
        "stands_for": [rung.name for rung in theirs[:-1]],
        "owed_at": newest.at,
    }
