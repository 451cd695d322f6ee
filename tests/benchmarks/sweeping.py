"""The sweep over many open deadlines: its cost is to grow with what is due, and not with what is open.

The rows are copies of ones that notifications made itself, from a report, so they are as wide, as indexed
and as laddered as real ones.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.deadlines.sweep import one_pass
from services.notifications.intake.service import take_in
from services.repairs.events import RepairReported
from shared.app_state import AppState, open_app_state
from shared.db.transaction import transaction
from shared.events import Event
from shared.settings import Settings
from shared.work import unit_of_work
from tests.benchmarks.figures import BenchmarkFailed, Figure, Section, Steps, a_second, milliseconds
from tests.support.postgres import Databases, PrivatePostgres

FEW, MANY = 10_000, 1_000_000
DUE = 10_000
CHUNK = 50_000
QUIET_PASSES = 50

# Served by the partial index on what is still to be rung about.
INDEX = "ix_deadlines_next_rung_at"

# Each copy a second after the one before, as nothing falls due all at once.
COPY = text("""
INSERT INTO deadlines
SELECT copy.*
FROM deadlines AS original,
     generate_series(CAST(:first AS int), CAST(:last AS int)) AS number,
     jsonb_populate_record(original, jsonb_build_object(
         'reference', original.reference || '-' || number,
         'next_rung_at', original.next_rung_at + number * CAST(:apart AS interval))) AS copy
WHERE original.reference = :reference
""")


@dataclass(frozen=True, slots=True)
class Swept:
    """The seconds that a sweep over so many open deadlines took; `plan` is how it found what was due."""

    open: int
    quiet_pass: float
    passes: int
    all_due: float
    notices: int
    plan: str

    def figures(self) -> list[Figure]:
        """Its rows of the table."""
        each = self.all_due / DUE
        return [
            Figure("a pass with nothing due", milliseconds(self.quiet_pass), f"median of {QUIET_PASSES}"),
            Figure(
                f"{DUE:,} due", f"{self.all_due:,.1f} s", f"{self.passes} passes, {self.notices:,} notices"
            ),
            Figure("deadlines rung", a_second(DUE / self.all_due), f"{each * 1e6:,.0f} µs each"),
            Figure("found by", "index" if INDEX in self.plan else "SCAN", self.plan),
        ]


async def sweeps(postgres: PrivatePostgres, steps: Steps) -> list[Section]:
    """The same sweep beside few and beside a great many open deadlines."""
    databases = Databases(postgres)
    return [
        (f"Sweep over {size:,} open deadlines", (await _swept(databases, size, steps)).figures())
        for size in (FEW, MANY)
    ]


async def _swept(databases: Databases, size: int, steps: Steps) -> Swept:
    async with _notifications(databases) as resources:
        open_case = await _reported(resources, datetime.now(UTC))
        await _copied(resources, open_case, size - 1, timedelta(seconds=1), steps, f"{size:,} open deadlines")
        with steps.step("passes with nothing due"):
            plan = await _plan(resources)
            quiet = [await _timed_pass(resources) for _ in range(QUIET_PASSES)]
        if any(swept for swept, _ in quiet):
            raise BenchmarkFailed("a deadline was due when none should have been.")
        missed_case = await _reported(resources, datetime.now(UTC) - timedelta(days=100))
        await _copied(resources, missed_case, DUE - 1, timedelta(0), steps, f"{DUE:,} due deadlines")
        passes = await _until_none_is_due(resources, steps)
        async with transaction(resources.database) as session:
            notices = await session.scalar(
                text("SELECT count(*) FROM notices WHERE kind <> 'acknowledgement'")
            )
    return Swept(size, median(took for _, took in quiet), len(passes), sum(passes), notices or 0, plan)


@asynccontextmanager
async def _notifications(databases: Databases) -> AsyncIterator[AppState]:
    url = await databases.fresh("notifications")
    resources = open_app_state("notifications", Settings(database_urls={"notifications": url}))
    try:
        yield resources
    finally:
        await resources.close()
        await databases.drop(url)


async def _reported(resources: AppState, at: datetime) -> str:
    """Take in a report that brings one deadline, of 28 working days; answers the case's reference."""
    facts = RepairReported(
        priority=3, fault="frames-and-doors", department="repairs", channel="online", imported=False
    )
    reference = f"REP-{uuid4().hex}"
    reported = Event(
        id=uuid4(), type=facts.type, reference=reference, sequence=1,
        occurred_at=at, recorded_at=at, facts=vars(facts),
    )  # fmt: skip
    async with unit_of_work(resources) as work:
        await take_in(work, [reported])
    return reference


async def _copied(
    resources: AppState, reference: str, copies: int, apart: timedelta, steps: Steps, what: str
) -> None:
    with steps.step(f"storing {what}", total=copies) as step:
        for first in range(1, copies + 1, CHUNK):
            last = min(first + CHUNK - 1, copies)
            given = {"reference": reference, "first": first, "last": last, "apart": apart}
            async with transaction(resources.database) as session:
                await session.execute(COPY, given)
            step.advance(last - first + 1)
        # as autovacuum does in time; until then the planner would guess
        async with resources.database.engine.connect() as connection:
            automatic = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await automatic.execute(text("VACUUM ANALYZE deadlines"))


async def _timed_pass(resources: AppState) -> tuple[int, float]:
    started = time.perf_counter()
    swept = await one_pass(resources)
    return swept, time.perf_counter() - started


async def _until_none_is_due(resources: AppState, steps: Steps) -> list[float]:
    """The seconds that each pass took until nothing was due any more."""
    passes, rung = [], 0
    with steps.step("ringing about what is due", total=DUE) as step:
        while rung < DUE:
            swept, took = await _timed_pass(resources)
            if not swept:
                raise BenchmarkFailed(f"only {rung:,} of {DUE:,} due deadlines were rung about.")
            passes.append(took)
            rung += swept
            step.advance(swept)
    return passes


async def _plan(resources: AppState) -> str:
    """The query plan by which PostgreSQL finds what is due, for the very statement that a pass sends."""
    sent: list[tuple[str, Any]] = []

    def remember(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    engine = resources.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", remember)
    await _timed_pass(resources)
    event.remove(engine, "before_cursor_execute", remember)
    statement, parameters = next(one for one in sent if "next_rung_at" in one[0])
    async with resources.database.engine.connect() as connection:
        return await _scan(connection, statement, parameters)


async def _scan(connection: AsyncConnection, statement: str, parameters: Any) -> str:
    lines: list[str] = [
        row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    ]
    return next(line for line in lines if "Scan" in line).strip(" ->").partition("  ")[0]
