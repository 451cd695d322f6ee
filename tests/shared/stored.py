"""Looking into a service's database, and making it fail as databases do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from shared.db.engine import Database
from shared.db.transaction import transaction


async def rows(database: Database, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows that a query finds."""
    async with transaction(database) as session:
        return [tuple(row) for row in await session.execute(text(query), values)]


async def count(database: Database, table: str) -> int:
    """The number of rows in a table."""
    [(found,)] = await rows(database, f"SELECT count(*) FROM {table}")
    return int(found)


async def change(database: Database, *statements: str) -> None:
    """Run statements in one transaction."""
    async with transaction(database) as session:
        for statement in statements:
            await session.execute(text(statement))


async def fail_on_insert(database: Database, table: str, body: str, *, at_commit: bool = False) -> None:
    """Let every insert into a table run a PL/pgSQL body, at once or only when it is committed."""
    timing = "CONSTRAINT TRIGGER trouble AFTER" if at_commit else "TRIGGER trouble BEFORE"
    deferred = "DEFERRABLE INITIALLY DEFERRED" if at_commit else ""
    await change(
        database,
        "CREATE SEQUENCE IF NOT EXISTS tries",
        f"CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$",
        f"CREATE {timing} INSERT ON {table} {deferred} FOR EACH ROW EXECUTE FUNCTION trouble()",
    )


async def mend(database: Database) -> None:
    """End what `fail_on_insert` began."""
    await change(database, "DROP FUNCTION trouble CASCADE")


@asynccontextmanager
async def locked_row(database: Database, reference: str) -> AsyncIterator[None]:
    """Hold a case's row lock, so that whoever acts on it waits."""
    async with transaction(database) as session:
        await session.execute(
            text("SELECT FROM permits WHERE reference = :reference FOR UPDATE"), {"reference": reference}
        )
        yield


async def is_waited_for(database: Database) -> bool:
    """Tell whether somebody waits for a row lock in this database."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(await rows(database, waiting))
