"""A deferred session: a new object waits beside it until the database is asked, and is never forgotten."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.engine import Database, open_database
from shared.db.group_commit import has_asked, only_inserts, unsaved
from shared.db.transaction import transaction
from tests.shared.stored import change, count


class Base(DeclarativeBase):
    """The one table of this test."""


class Note(Base):
    """A row of the simplest table there is, with a column that has a default."""

    __tablename__ = "notes"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    times_read: Mapped[int] = mapped_column(default=0)


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    database = open_database(await database_for("permits"), pool_size=2)
    await change(database, "CREATE TABLE notes (id uuid PRIMARY KEY, times_read integer NOT NULL)")
    yield database
    await database.close()


def note() -> Note:
    return Note(id=uuid4())


async def test_what_only_creates_asks_nothing(database: Database) -> None:
    """Its rows are read off the objects, defaults too, for a group commit; a transaction flushes them."""
    async with transaction(database) as session:
        session.add(made := note())
        assert unsaved(session) == [made]
        assert not has_asked(session)
        [(table, row)] = only_inserts(session) or []
        assert (table.name, row["id"], row["times_read"]) == ("notes", made.id, 0)
    assert await count(database, "notes") == 1


async def test_who_asks_finds_it_taken_in(database: Database) -> None:
    """A question begins a transaction, and the object is flushed and committed in it as any other."""
    async with transaction(database) as session:
        session.add(made := note())
        await session.execute(text("SELECT 1"))
        assert has_asked(session)
        assert only_inserts(session) is None
        assert unsaved(session) == [made]
        await session.flush()
        assert await session.scalar(select(Note)) is made
    assert await count(database, "notes") == 1


async def test_a_flush_takes_it_in(database: Database) -> None:
    """Whoever flushes reads next what they have just created."""
    async with transaction(database) as session:
        session.add(made := note())
        await session.flush()
        assert unsaved(session) == []
        assert await session.get(Note, made.id) is made


@pytest.mark.parametrize("asked", [False, True])
async def test_a_savepoint_that_fails_takes_its_own_objects_along(database: Database, asked: bool) -> None:
    """Whether or not anything was asked before it; what is created after it is kept."""
    async with transaction(database) as session:
        if asked:
            await session.execute(text("SELECT 1"))
        with suppress(ZeroDivisionError):
            async with session.begin_nested():
                session.add(note())
                raise ZeroDivisionError
        session.add(after := note())
    async with transaction(database) as session:
        assert [kept.id for kept in await session.scalars(select(Note))] == [after.id]


async def test_what_was_created_before_a_savepoint_outlives_its_failure(database: Database) -> None:
    """It is no part of it."""
    async with transaction(database) as session:
        session.add(before := note())
        with suppress(ZeroDivisionError):
            async with session.begin_nested():
                session.add(note())
                raise ZeroDivisionError
    async with transaction(database) as session:
        assert [kept.id for kept in await session.scalars(select(Note))] == [before.id]


async def test_a_session_that_did_nothing_inserts_nothing(database: Database) -> None:
    """Nor does it ask for a connection."""
    async with transaction(database) as session:
        assert only_inserts(session) is None
    assert not has_asked(session)


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    """Nor does the next session find anything of it."""
    with suppress(ZeroDivisionError):
        async with transaction(database) as session:
            session.add(note())
            raise ZeroDivisionError
    async with transaction(database) as session:
        assert unsaved(session) == []
    assert await count(database, "notes") == 0
