"""Batching: calls that arrive while a statement is in flight share the next one, and none is forgotten."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.db.batching import StatementBatcher
from shared.db.engine import Database, open_database


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    database = open_database(await database_for("permits"), pool_size=2)
    yield database
    await database.close()


async def doubled(asked: AsyncSession | AsyncConnection, numbers: Sequence[int]) -> Sequence[int]:
    """The database's word on what twice each number is."""
    rows = await asked.execute(text("SELECT 2 * n FROM unnest(CAST(:n AS int[])) n"), {"n": list(numbers)})
    return list(rows.scalars())


async def test_each_is_told_what_is_theirs(database: Database) -> None:
    """However many ask together."""
    answers = await asyncio.gather(*(database.ask(doubled, number) for number in range(100)))
    assert answers == [2 * number for number in range(100)]


async def test_those_who_ask_while_a_statement_is_under_way_share_the_next(database: Database) -> None:
    """One statement for the first, one for the fifty who came after."""
    batches: list[int] = []
    begun = asyncio.Event()

    async def counting(asked: AsyncConnection, numbers: Sequence[int]) -> Sequence[int]:
        batches.append(len(numbers))
        begun.set()
        return await doubled(asked, numbers)

    batcher = StatementBatcher(database.engine, counting)
    first = asyncio.create_task(batcher.call(0))
    await begun.wait()
    await asyncio.gather(first, *(batcher.call(number) for number in range(50)))
    assert batches == [1, 50]


async def unchanged(_: AsyncConnection, numbers: Sequence[int]) -> Sequence[int]:
    """An answer for which nothing is waited for, so that it takes the same number of steps each time."""
    return numbers


@pytest.mark.parametrize("steps", range(40))
async def test_whoever_comes_just_as_the_work_ends_is_served_too(database: Database, steps: int) -> None:
    """Work that had ended but was not yet known to have would leave them waiting for ever."""
    batcher = StatementBatcher(database.engine, unchanged)
    await batcher.call(0)  # opens the connection
    other = asyncio.create_task(batcher.call(1))
    for _ in range(steps):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert (await batcher.call(2), await other) == (2, 1)


async def test_only_the_one_at_fault_fails(database: Database) -> None:
    """A number that does not fit is told so; those who asked beside it get their answers."""
    asked = [database.ask(doubled, number) for number in (1, 2**40, 3)]
    one, beyond, three = await asyncio.gather(*asked, return_exceptions=True)
    assert (one, three) == (2, 6)
    assert isinstance(beyond, DBAPIError)


async def test_a_statement_that_answers_too_few_leaves_nobody_waiting(database: Database) -> None:
    """A fault of ours, told to each as such."""

    async def forgetful(_: AsyncConnection, numbers: Sequence[int]) -> Sequence[int]:
        return numbers[1:]

    batcher = StatementBatcher(database.engine, forgetful)
    async with asyncio.timeout(5):
        answers = await asyncio.gather(*map(batcher.call, range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ValueError] * 3


async def test_when_the_database_is_away_all_are_told_at_once(database: Database) -> None:
    """Each by itself would wait as long for a connection, and whoever comes next behind them all."""
    tries: list[int] = []

    async def away(_: AsyncConnection, numbers: Sequence[int]) -> Sequence[int]:
        tries.append(len(numbers))
        raise ConnectionRefusedError

    batcher = StatementBatcher(database.engine, away)
    told = await asyncio.gather(*(batcher.call(number) for number in range(50)), return_exceptions=True)
    assert {type(problem) for problem in told} == {ConnectionRefusedError}
    assert tries == [50, 50]


async def test_once_a_connection_broke_only_the_second_way_is_taken(database: Database) -> None:
    """Nobody knows what came of the first; and where the second fails for one, the others take it alone."""
    tries: list[tuple[str, Sequence[int]]] = []

    async def broken(_: AsyncConnection, numbers: Sequence[int]) -> Sequence[int]:
        tries.append(("first", numbers))
        raise ConnectionResetError

    async def second(asked: AsyncConnection, numbers: Sequence[int]) -> Sequence[int]:
        tries.append(("second", numbers))
        return await doubled(asked, numbers)

    batcher = StatementBatcher(database.engine, broken, second)
    one, beyond = await asyncio.gather(*map(batcher.call, (1, 2**40)), return_exceptions=True)
    assert (one, type(beyond)) == (2, DBAPIError)
    assert tries == [
        ("first", [1, 2**40]),
        ("second", [1, 2**40]),
        ("second", [1]),
        ("second", [2**40]),
    ]


async def test_a_connection_that_went_stale_is_nobodys_trouble(database: Database) -> None:
    """After the server was started anew the first statement fails, and its like on a new one does not."""
    await database.ask(doubled, 1)
    async with database.engine.connect() as connection:
        end_the_others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        await connection.execute(text(f"{end_the_others} AND datname = current_database()"))
    answers = await asyncio.gather(*(database.ask(doubled, number) for number in range(20)))
    assert answers == [2 * number for number in range(20)]
