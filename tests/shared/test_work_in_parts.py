"""Parts of a unit of work that fail alone, work that is broken off, and whom a commit wakes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.app_state import AppState, open_app_state
from shared.errors import Conflict
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from shared.work import Creation, UnitOfWork, commit_creation, unit_of_work
from tests.shared.cases.rows import ADA, a_case
from tests.shared.example.directory import ALONE
from tests.shared.messaging.facts import NOW, Case, keys, owed, record
from tests.shared.stored import change, count


@pytest.fixture
async def state(database_for: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[AppState]:
    """A process with two connections, of which none may be lost."""
    urls = {"permits": await database_for("permits")}
    settings = Settings(directory=ALONE, database_urls=urls, pool_size=2, pool_timeout=0.5)
    opened = open_app_state("permits", settings, broker=LocalBroker(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def woken(state: AppState) -> list[str]:
    """One line for each time that the relay was woken."""
    lines: list[str] = []
    state.database.on_recorded = lambda: lines.append("woken")
    return lines


def checked_out(state: AppState) -> int:
    """The number of connections that are not in the pool."""
    return state.database.engine.pool.checkedout()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("asked", [False, True])
async def test_a_savepoint_that_fails_takes_only_its_own_along(state: AppState, asked: bool) -> None:
    """The second of three updates in one request is refused: rows and events of the others stay."""
    case = Case("A")

    async def refused(work: UnitOfWork) -> None:
        async with work.savepoint():
            work.session.add(a_case())
            record(work, Case("B"), times=2)
            raise Conflict("refused")

    async with unit_of_work(state) as work:
        if asked:
            await work.session.execute(text("SELECT 1"))
        async with work.savepoint():
            work.session.add(a_case())
            record(work, case)
        with pytest.raises(Conflict):
            await refused(work)
        async with work.savepoint():
            record(work, case)
        told = await work.history(["A", "B"])
    assert (keys(told["A"]), told["B"]) == ([("A", 1), ("A", 2)], [])
    assert await owed(state.database) == [("A", 1), ("A", 2)]
    assert await count(state.database, "permits") == 1


async def test_what_was_added_before_a_savepoint_outlives_its_failure(state: AppState) -> None:
    """It is no part of it, even where the database had not been asked anything before."""

    async def refused(work: UnitOfWork) -> None:
        async with work.savepoint():
            work.session.add(a_case())
            raise Conflict("refused")

    async with unit_of_work(state) as work:
        work.session.add(a_case())
        record(work, Case("A"))
        with pytest.raises(Conflict):
            await refused(work)
    assert (await count(state.database, "permits"), await count(state.database, "events")) == (1, 1)


async def test_a_part_that_the_database_refuses_goes_alone_too(state: AppState) -> None:
    """A failed statement inside a savepoint spoils neither the transaction nor the events around it."""

    async def impossible(work: UnitOfWork) -> None:
        async with work.savepoint():
            record(work, Case("B"))
            await work.session.execute(text("SELECT 1 / 0"))

    async with unit_of_work(state) as work:
        record(work, Case("A"))
        with pytest.raises(DBAPIError):
            await impossible(work)
    assert await owed(state.database) == [("A", 1)]


async def test_a_savepoint_in_a_savepoint_fails_alone(state: AppState) -> None:
    """It does so when what a refused item of a batch allows instead cannot be read."""

    async def refused(work: UnitOfWork) -> None:
        async with work.savepoint():
            record(work, Case("C"))
            raise Conflict("refused")

    async with unit_of_work(state) as work, work.savepoint():
        record(work, Case("A"))
        with pytest.raises(Conflict):
            await refused(work)
        record(work, Case("B"))
    assert await owed(state.database) == [("A", 1), ("B", 1)]


async def test_work_that_is_cancelled_leaves_neither_a_trace_nor_a_connection(state: AppState) -> None:
    """A process that is ending cancels what it is at, in the middle of a statement."""

    async def work_on() -> None:
        async with unit_of_work(state) as work:
            work.session.add(a_case())
            record(work, Case("A"))
            await work.session.execute(text("SELECT pg_sleep(60)"))

    for _ in range(4):  # twice as often as there are connections
        working = asyncio.create_task(work_on())
        await asyncio.sleep(0.1)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    assert (await count(state.database, "permits"), await count(state.database, "events")) == (0, 0)
    assert checked_out(state) == 0


async def test_work_that_is_cancelled_in_a_savepoint_leaves_nothing(state: AppState) -> None:
    """Not what went before the savepoint either."""

    async def work_on() -> None:
        async with unit_of_work(state) as work:
            record(work, Case("A"))
            async with work.savepoint():
                record(work, Case("B"))
                await work.session.execute(text("SELECT pg_sleep(60)"))

    working = asyncio.create_task(work_on())
    await asyncio.sleep(0.1)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert await owed(state.database) == []
    assert checked_out(state) == 0


async def test_the_relay_is_woken_after_the_commit_and_only_of_events(
    state: AppState, woken: list[str]
) -> None:
    """Woken before, it would look and find nothing; woken of each transaction, it would look for nothing."""
    await change(state.database, "SELECT 1")
    async with unit_of_work(state) as work:
        work.session.add(a_case())
    async with unit_of_work(state) as work:
        await work.session.execute(text("SELECT 1"))
    assert woken == []
    async with unit_of_work(state) as work:
        await work.session.execute(text("SELECT 1"))
        record(work, Case("A"))
        assert woken == []
    assert woken == ["woken"]
    async with unit_of_work(state) as work:
        work.session.add(a_case())
        record(work, Case("B"))
        assert woken == ["woken"]
    assert woken == ["woken", "woken"]


async def test_a_commit_that_fails_wakes_nobody(state: AppState, woken: list[str]) -> None:
    """There is nothing to be published."""

    async def told_twice(asked: bool) -> None:
        async with unit_of_work(state) as work:
            if asked:
                await work.session.execute(text("SELECT 1"))
            work.session.add(a_case())
            record(work, Case("A"))

    await told_twice(asked=False)
    for asked in (False, True):
        with pytest.raises(DBAPIError):
            await told_twice(asked)
    assert woken == ["woken"]


async def test_the_case_of_somebody_who_has_left_is_relayed_at_once_too(state: AppState) -> None:
    """Their connection broke as the case was being kept: it is kept, and need not wait for a poll."""
    told = asyncio.Event()
    state.database.on_recorded = told.set

    creation = Creation(state, ADA, NOW)
    creation.add(case := a_case())
    record(creation, case)
    reporting = asyncio.create_task(commit_creation(creation))
    await asyncio.sleep(0)
    reporting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reporting
    async with asyncio.timeout(5):
        await told.wait()
    assert await count(state.database, "events") == 1
