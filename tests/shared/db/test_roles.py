"""The services' role of the database: a case's history can be added to and published, and never rewritten."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.postgres import OWNER, SERVICES
from shared.db.engine import Database, open_database
from shared.db.roles import let_in
from shared.db.transaction import transaction
from shared.messaging import outbox
from shared.messaging.local import LocalBroker
from shared.messaging.relay import Relay
from shared.settings import Settings
from tests.shared.messaging.facts import Case, keys, owe, owed
from tests.shared.messaging.listening import Listener, listening

MakeDatabase = Callable[[str], Awaitable[str]]


@pytest.fixture
async def url(database_for: MakeDatabase) -> str:
    """A service's database, as its role reaches it."""
    owner = await database_for("permits")
    await let_in(owner, SERVICES)
    return owner.replace("postgres@", f"{SERVICES}@")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """The same, with an event that was recorded."""
    opened = open_database(url)
    await owe(opened, Case("A"))
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET facts = '{}'",
        "UPDATE events SET caller = 'somebody else'",
        "UPDATE events SET occurred_at = now() - interval '1 day'",
        "UPDATE events SET published_at = now(), sequence = 7",
        "DELETE FROM events",
        "TRUNCATE events",
        "ALTER TABLE events ADD note text",
        "DROP TABLE permits",
        "UPDATE alembic_version SET version_num = 'permits_9999'",
        "CREATE TABLE another (id integer)",
    ],
)
async def test_a_service_rewrites_no_history_and_changes_no_table(database: Database, statement: str) -> None:
    """Be it by a fault, or by whoever breaks into one."""
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with transaction(database) as session:
            await session.execute(text(statement))
    async with transaction(database) as session:
        assert len((await outbox.history(session, ["A"]))["A"]) == 1


async def test_events_are_added_and_published_as_ever(database: Database, tmp_path: Path) -> None:
    """The relay claims them under a lease, and marks what the broker has."""
    broker, listener = LocalBroker(tmp_path), Listener()
    async with listening(broker, listener):
        await owe(database, Case("B"), times=2)
        await Relay(database, broker, "permits").publish_owed()
    assert keys(listener.received) == [("A", 1), ("B", 1), ("B", 2)]
    assert await owed(database) == []


async def test_the_owner_is_let_in_already(database_for: MakeDatabase) -> None:
    """Where services and migrations share a role, nothing is taken from it."""
    url = await database_for("permits")
    await let_in(url, OWNER)
    opened = open_database(url)
    async with transaction(opened) as session:
        await session.execute(text("UPDATE events SET caller = NULL"))
    await opened.close()


def test_migrations_run_as_the_owner_on_the_same_database() -> None:
    """MIGRATIONS_URL is a server; without it both are one."""
    settings = Settings(
        postgres_url="postgresql://housing:secret@db", migrations_url="postgresql://owner:x@db"
    )
    assert settings.owner_url("repairs") == "postgresql://owner:x@db/housing_repairs"
    assert settings.database_url("repairs") == "postgresql://housing:secret@db/housing_repairs"
    assert settings.database_role("repairs") == "housing"
    alone = Settings(postgres_url="postgresql://both@db")
    assert alone.owner_url("repairs") == alone.database_url("repairs")
