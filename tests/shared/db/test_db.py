"""One transaction: all of it or nothing, and which of a database's failures are transient or retryable."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import Integer, bindparam, text
from sqlalchemy.exc import DBAPIError

from shared.db.engine import Database, async_url, is_reachable, open_database
from shared.db.errors import is_retryable, is_transient
from shared.db.transaction import transaction
from tests.shared.messaging.facts import Case, note
from tests.shared.stored import change, count


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    database = open_database(await database_for("permits"), pool_size=2, pool_timeout=0.2)
    yield database
    await database.close()


async def failure_of(database: Database, statement: str) -> BaseException:
    """The error with which the database refuses a statement."""
    with pytest.raises(DBAPIError) as failure:
        await change(database, statement)
    return failure.value


@pytest.mark.parametrize(
    ("sqlstate", "transient", "retryable", "why"),
    [
        ("40P01", True, True, "a deadlock's victim"),
        ("40001", True, True, "a serialisation failure"),
        ("53300", True, False, "too many connections"),
        ("53100", True, False, "a full disk"),
        ("57P01", True, False, "an administrator's shutdown"),
        ("57P03", True, False, "still starting up"),
        ("08006", True, False, "a connection failure"),
        ("25006", True, False, "a standby that is not promoted yet"),
        ("57014", False, False, "a statement that ran too long, and would again"),
        ("22012", False, False, "a division by zero"),
        ("23505", False, False, "a key that exists"),
        ("42P01", False, False, "a table that does not exist"),
        ("P0001", False, False, "a trigger's refusal"),
    ],
)
async def test_which_failures_pass(
    database: Database, sqlstate: str, transient: bool, retryable: bool, why: str
) -> None:
    """The database's own trouble passes, some of it at once; what is wrong with the statement does not."""
    raising = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlstate}'; END $$"
    failure = await failure_of(database, raising)
    assert (is_transient(failure), is_retryable(failure)) == (transient, retryable), why


async def test_a_primary_key_that_exists_is_drawn_again(database: Database) -> None:
    """A random reference may collide, and the next does not; any other key is somebody's mistake."""
    await change(database, "CREATE TABLE drawn (reference text, name text)")
    await change(
        database,
        "ALTER TABLE drawn ADD CONSTRAINT pk_drawn PRIMARY KEY (reference)",
        "ALTER TABLE drawn ADD CONSTRAINT uq_drawn_name UNIQUE (name)",
        "INSERT INTO drawn VALUES ('REP-1', 'one')",
    )
    same_key = await failure_of(database, "INSERT INTO drawn VALUES ('REP-1', 'two')")
    same_name = await failure_of(database, "INSERT INTO drawn VALUES ('REP-2', 'one')")
    assert (is_retryable(same_key), is_retryable(same_name)) == (True, False)


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
    """A caller who waits longer than the pool's timeout is told, instead of waiting for ever."""
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
            await note(session, Case("A"))
            await session.execute(text("SELECT pg_sleep(60)"))

    for _ in range(4):  # twice as often as there are connections
        working = asyncio.create_task(work())
        await asyncio.sleep(0.1)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    assert await count(database, "events") == 0
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_plain_url_is_given_the_driver_and_keeps_its_password() -> None:
    """Settings name no driver."""
    assert async_url("postgresql://me:p%40ss@host/db") == "postgresql+asyncpg://me:p%40ss@host/db"
