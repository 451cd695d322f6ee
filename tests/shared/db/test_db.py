"""One unit of work: all of it or nothing, and which of a database's failures pass."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import Integer, bindparam, text
from sqlalchemy.exc import DBAPIError

from services.repairs.appointments.models import Slot
from shared.db.engine import Database, async_url, is_reachable, open_database
from shared.db.errors import is_transient
from shared.db.transaction import transaction
from tests.shared.messaging.facts import NOW, Case, note
from tests.shared.stored import change, count

# any row that asks the database nothing, so that it is kept with others'
A_SLOT = {
    "contractor": "Fixit",
    "trade": "plumbing",
    "starts_at": NOW,
    "ends_at": NOW,
    "capacity": 1,
    "published_at": NOW,
    "published_by": "planner",
}


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    database = open_database(await database_for("repairs"), pool_size=2, pool_timeout=0.2)
    yield database
    await database.close()


async def failure_of(database: Database, statement: str) -> BaseException:
    """What the database says to a statement."""
    with pytest.raises(DBAPIError) as failure:
        await change(database, statement)
    return failure.value


@pytest.mark.parametrize(
    ("sqlstate", "passes", "why"),
    [
        ("40P01", True, "a deadlock's victim"),
        ("40001", True, "a serialisation failure"),
        ("53300", True, "too many connections"),
        ("53100", True, "a full disk"),
        ("57P01", True, "an administrator's shutdown"),
        ("57P03", True, "still starting up"),
        ("08006", True, "a connection failure"),
        ("25006", True, "a standby that is not promoted yet"),
        ("57014", False, "a statement that ran too long, and would again"),
        ("22012", False, "a division by zero"),
        ("23505", False, "a key that exists"),
        ("42P01", False, "a table that does not exist"),
        ("P0001", False, "a trigger's refusal"),
    ],
)
async def test_which_failures_pass(database: Database, sqlstate: str, passes: bool, why: str) -> None:
    """The database's own trouble passes; what is wrong with the statement does not."""
    raising = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlstate}'; END $$"
    assert is_transient(await failure_of(database, raising)) is passes, why


async def test_a_value_that_fits_no_column_does_not_pass(database: Database) -> None:
    """asyncpg refuses it before the database sees it; waiting for it to fit would be for ever."""
    fits_not = text("SELECT :number").bindparams(bindparam("number", 2**40, type_=Integer))
    with pytest.raises(DBAPIError) as failure:
        async with transaction(database) as session:
            await session.execute(fits_not)
    assert not is_transient(failure.value)


async def test_a_connection_that_is_cut_passes_and_is_not_used_again(database: Database) -> None:
    """The next transaction gets a new one."""
    killed = await failure_of(database, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert is_transient(killed)
    assert await is_reachable(database)


async def test_a_server_that_is_not_there_passes_and_says_so_at_once() -> None:
    """Not after a minute."""
    nowhere = open_database("postgresql://postgres@127.0.0.1:1/nothing")
    async with asyncio.timeout(2):
        assert not await is_reachable(nowhere)
        with pytest.raises(ConnectionRefusedError) as failure:
            await change(nowhere, "SELECT 1")
    assert is_transient(failure.value)


async def test_an_exhausted_pool_passes(database: Database) -> None:
    """Who waits longer than the pool's timeout is told, instead of waiting for ever."""
    async with transaction(database) as one, transaction(database) as other:
        await one.connection()
        await other.connection()
        with pytest.raises(Exception, match="QueuePool") as failure:
            await change(database, "SELECT 1")
    assert is_transient(failure.value)


async def test_work_that_is_cancelled_leaves_neither_a_trace_nor_a_connection(database: Database) -> None:
    """A process that is ending cancels what it is at, in the middle of a statement."""

    async def work() -> None:
        async with transaction(database) as session:
            note(session, Case("A"))
            await session.execute(text("SELECT pg_sleep(60)"))

    for _ in range(4):  # twice as often as there are connections
        working = asyncio.create_task(work())
        await asyncio.sleep(0.1)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    assert await count(database, "events") == 0
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_whoever_relays_is_told_after_the_commit_and_only_of_events(database: Database) -> None:
    """Told before, it would look and find nothing; told of each transaction, it would look for nothing."""
    told = []
    database.on_recorded = lambda: told.append("woken")
    await change(database, "SELECT 1")
    assert told == []
    async with transaction(database) as session:
        note(session, Case("A"))
        assert told == []
    assert told == ["woken"]


async def test_the_case_of_somebody_who_has_left_is_relayed_at_once_too(database: Database) -> None:
    """Their connection broke as the case was being kept: it is kept, and need not wait for a poll."""
    told = asyncio.Event()
    database.on_recorded = told.set

    async def report() -> None:
        async with transaction(database) as session:
            note(session, Case("A"))
            session.add(Slot(**A_SLOT))

    reporting = asyncio.create_task(report())
    await asyncio.sleep(0)
    reporting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reporting
    async with asyncio.timeout(5):
        await told.wait()
    assert await count(database, "events") == 1


def test_a_plain_url_is_given_the_driver_and_keeps_its_password() -> None:
    """Settings name no driver."""
    assert async_url("postgresql://me:p%40ss@host/db") == "postgresql+asyncpg://me:p%40ss@host/db"
