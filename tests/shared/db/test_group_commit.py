"""Group commit: creations share one statement, with a key or without, each of them whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event, text
from sqlalchemy.exc import DBAPIError

from shared.db import stored_answers
from shared.db.engine import Database, open_database
from shared.db.stored_answers import StoredAnswer
from shared.db.transaction import transaction
from shared.errors import InProgress
from shared.messaging.outbox import rows_of
from tests.shared.cases.rows import a_case
from tests.shared.messaging.facts import event
from tests.shared.stored import change, count, fail_on_insert, is_waited_for, rows
from tests.support.eventually import eventually

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FIRST_OF_A_BATCH = "WITH given AS"


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[Database]:
    """The same database as another process of the service has it: with connections of its own."""
    database = open_database(url)
    yield database
    await database.close()


def answer(key: str, body: str = "{}", caller: str = "ada") -> StoredAnswer:
    """The answer that a caller was given."""
    return StoredAnswer(caller, key, b"f", {"firm": None}, 201, {"etag": '"1"'}, body, NOW, None)


async def create(
    database: Database, reference: str, key: str | None = None, caller: str = "ada"
) -> StoredAnswer | None:
    """Create a case with one event; its answer is its reference."""
    kept = answer(key, reference, caller) if key else None
    recorded = rows_of([event(reference)])
    return await database.group_commit.insert([a_case(reference=reference)], recorded, kept)


async def cases(database: Database) -> list[str]:
    """The cases that are there, each with its event."""
    joined = "SELECT reference FROM permits JOIN events USING (reference) ORDER BY reference"
    assert await count(database, "permits") == await count(database, "events")
    return [reference for (reference,) in await rows(database, joined)]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The inserting statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(FIRST_OF_A_BATCH):
            sent.append(statement)

    engine = database.engine.sync_engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    yield sent
    sqlalchemy_event.remove(engine, "before_cursor_execute", note)


async def together(database: Database, *creations: tuple[str, str | None]) -> list[Any]:
    """The outcomes of creations that come at the same moment and so share a statement."""
    created = [create(database, reference, key) for reference, key in creations]
    with statements(database) as sent:
        outcomes = await asyncio.gather(*created, return_exceptions=True)
    assert sent
    return outcomes


async def test_a_creation_keeps_its_rows_its_events_and_its_answer(database: Database) -> None:
    """Columns that were not given have the defaults of the model; the answer names the case."""
    assert await create(database, "REP-1", "a") is None
    assert await rows(database, "SELECT reference, imported, handler_name FROM permits") == [
        ("REP-1", False, None)
    ]
    async with transaction(database) as session:
        kept = await stored_answers.find(session, "ada", "a")
    assert kept is not None
    assert (kept.reference, kept.body, kept.headers) == ("REP-1", "REP-1", {"etag": '"1"'})
    assert (kept.fingerprint, kept.created_at, kept.expires_at) == (b"f", NOW, None)


async def test_creations_with_and_without_keys_share_a_statement(database: Database) -> None:
    """Sixty at once are one transaction."""
    with statements(database) as sent:
        await asyncio.gather(
            *(create(database, f"REP-{number}") for number in range(10, 40)),
            *(create(database, f"REP-{number}", f"key-{number}") for number in range(40, 70)),
        )
    assert len(sent) == 1
    assert len(await cases(database)) == 60
    assert await count(database, "idempotency_keys") == 30


async def test_what_comes_while_a_statement_is_in_flight_shares_the_next(database: Database) -> None:
    """The first has its own; the thirty that came meanwhile wait for it, and then go together."""
    await fail_on_insert(database, "permits", "PERFORM pg_advisory_xact_lock(42);")
    with statements(database) as sent:
        async with transaction(database) as session:
            await session.execute(text("SELECT pg_advisory_xact_lock(42)"))
            first = asyncio.create_task(create(database, "REP-10", "a"))
            await eventually(lambda: is_waited_for(database))
            others = [asyncio.create_task(create(database, f"REP-{number}")) for number in range(20, 50)]
        await asyncio.gather(first, *others)
    assert len(sent) == 2
    assert len(await cases(database)) == 31


async def test_a_key_twice_in_one_batch_is_one_case(database: Database) -> None:
    """The lock of a key can be taken twice by one transaction, so it does not tell the two apart."""
    outcomes = await together(database, ("REP-1", "a"), ("REP-2", "a"), ("REP-3", "b"))
    [won] = [reference for reference in await cases(database) if reference in {"REP-1", "REP-2"}]
    answers = [outcome.body for outcome in outcomes if outcome is not None]
    assert answers == [won]
    assert await cases(database) == [won, "REP-3"]


async def test_a_key_used_twenty_times_at_once_is_one_case(database: Database) -> None:
    """Each is told of the same one, or that the first request still runs."""
    outcomes = await asyncio.gather(
        *(create(database, f"REP-{number}", "a") for number in range(20)), return_exceptions=True
    )
    [won] = await cases(database)
    told = [outcome for outcome in outcomes if outcome is not None]
    assert len(told) == 19
    assert {each.body for each in told if isinstance(each, StoredAnswer)} <= {won}
    assert {type(each) for each in told} <= {StoredAnswer, InProgress}


async def test_two_processes_that_share_keys_create_each_case_once(url: str, database: Database) -> None:
    """They take the same forty keys in opposite order, and neither waits for the other for ever."""
    async with another_process(url) as other:
        outcomes = await asyncio.gather(
            *(create(database, f"REP-A{number}", f"key-{number}") for number in range(40)),
            *(create(other, f"REP-B{number}", f"key-{number}") for number in reversed(range(40))),
            return_exceptions=True,
        )
    assert {type(each) for each in outcomes} <= {type(None), StoredAnswer, InProgress}
    there = await cases(database)
    assert sorted(int(reference[5:]) for reference in there) == list(range(40))
    assert len([each for each in outcomes if each is None]) == 40


async def test_a_key_in_an_open_transaction_delays_nobody_else(database: Database) -> None:
    """It has taken the key and stored an answer, and does not end: that one request alone is refused."""
    async with transaction(database) as session:
        assert await stored_answers.lock(session, "ada", "a")
        await stored_answers.keep(session, answer("a"))
        async with asyncio.timeout(10):
            held, *others = await together(database, ("REP-1", "a"), ("REP-2", "b"), ("REP-3", None))
        assert isinstance(held, InProgress)
        assert others == [None, None]
    assert await cases(database) == ["REP-2", "REP-3"]
    assert (await create(database, "REP-1", "a")) == answer("a")


async def test_a_key_is_its_callers(database: Database) -> None:
    """Two that count alike are two; the answer of the one is not the other's."""
    assert await create(database, "REP-1", "a", caller="ada") is None
    assert await create(database, "REP-2", "a", caller="sam") is None
    assert await cases(database) == ["REP-1", "REP-2"]


async def test_of_a_batch_only_the_one_at_fault_fails(database: Database) -> None:
    """A reference that another case has: the others are kept, and nothing of that one, nor its answer."""
    await create(database, "REP-1")
    taken, kept, with_key = await together(database, ("REP-1", "a"), ("REP-2", None), ("REP-3", "b"))
    assert isinstance(taken, DBAPIError)
    assert (kept, with_key) == (None, None)
    assert await cases(database) == ["REP-1", "REP-2", "REP-3"]
    assert await rows(database, "SELECT key FROM idempotency_keys") == [("b",)]


async def test_an_answer_that_was_forgotten_just_now_is_not_replayed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had stood in the way of the statement, and is gone when it is asked for: ask again."""
    await create(database, "REP-1", "a")
    find = stored_answers.find

    async def forgotten_before(*asked: Any) -> StoredAnswer | None:
        await change(database, "DELETE FROM idempotency_keys")
        return await find(*asked)

    monkeypatch.setattr("shared.db.group_commit.find", forgotten_before)
    with pytest.raises(InProgress):
        await create(database, "REP-2", "a")
    assert await create(database, "REP-2", "a") is None


@contextmanager
def losing_the_word_of_the_first_commit(database: Database) -> Iterator[None]:
    """The connection breaks after the first batch was committed and before its answer is read."""
    engine = database.engine.sync_engine
    lost: list[str] = []

    def lose(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(FIRST_OF_A_BATCH) and not lost:
            lost.append(statement)
            raise ConnectionResetError

    sqlalchemy_event.listen(engine, "after_cursor_execute", lose)
    yield
    sqlalchemy_event.remove(engine, "after_cursor_execute", lose)
    assert lost


@pytest.mark.parametrize("key", [None, "a"], ids=["without a key", "with a key"])
async def test_a_lost_commit_is_found_again(database: Database, key: str | None) -> None:
    """It is there once, and its caller is told that it was created, not that it had been before."""
    with losing_the_word_of_the_first_commit(database):
        assert await create(database, "REP-1", key) is None
    assert await cases(database) == ["REP-1"]


async def test_a_lost_commit_that_ends_only_after_it_was_looked_for_is_ours_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stored answer has our own reference, and so is no replay of another's."""

    async def none_yet(*_: Any) -> set[str]:
        return set()

    monkeypatch.setattr("shared.db.group_commit._committed", none_yet)
    with losing_the_word_of_the_first_commit(database):
        assert await create(database, "REP-1", "a") is None
    assert await cases(database) == ["REP-1"]


@pytest.mark.parametrize("key", [None, "a"], ids=["without a key", "with a key"])
async def test_a_backend_that_outlives_its_connection_is_waited_for(
    url: str, database: Database, key: str | None
) -> None:
    """It still runs our statement and holds our key: what comes of it is ours, and no other request's."""
    await fail_on_insert(database, "permits", "PERFORM pg_advisory_xact_lock(42);")
    async with another_process(url) as creating:
        opened = connections(creating)
        with statements(creating) as sent:
            async with transaction(database) as session:
                await session.execute(text("SELECT pg_advisory_xact_lock(42)"))
                created = asyncio.create_task(create(creating, "REP-1", key))
                await eventually(lambda: is_waited_for(database))
                [connection] = opened
                connection._transport.abort()
                await eventually(lambda: len(sent) >= 2)
            assert await created is None
    assert await cases(database) == ["REP-1"]
    assert await count(database, "idempotency_keys") == (1 if key else 0)


def connections(database: Database) -> list[Any]:
    """The driver's connections that are opened from now on."""
    opened: list[Any] = []
    sqlalchemy_event.listen(
        database.engine.sync_engine, "connect", lambda connection, _: opened.append(connection._connection)
    )
    return opened
