"""Brings a service's database to the version of its code, from the command line or from a start-up."""

import asyncio
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Inspector, MetaData, Table, Update, func, inspect, pool, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db.databases import LOCK
from shared.db.engine import async_url
from shared.directory import ServiceRow


class NewerDatabase(RuntimeError):
    """The database was made by a newer version of this software."""


async def migrate(url: str, service: ServiceRow, keys: Path | None = None) -> None:
    """Apply the migrations that a service's database still lacks; raises NewerDatabase.

    `url` is a plain `postgresql://` URL of an existing database; `keys` is the file of the keys of a service
    that encrypts, for the rows that are there.
    """
    try:
        await asyncio.to_thread(command.upgrade, config_for(url, service, keys), "head")
    except CommandError as problem:
        if "Can't locate revision" not in str(problem):
            raise
        raise NewerDatabase(
            f"The {service.name} database was made by a newer version of this software; run that version."
        ) from problem


def config_for(url: str, service: ServiceRow, keys: Path | None = None) -> Config:
    """Alembic's configuration for one service; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", f"{service.package}:migrations")
    config.attributes |= {"url": url, "keys": keys}
    return config


def run(metadata: MetaData) -> None:
    """Run the migrations, as every service's `migrations/env.py` does."""
    asyncio.run(_run(context.config.attributes["url"], metadata))


async def _run(url: str, metadata: MetaData) -> None:
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, metadata)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, metadata: MetaData) -> None:
    """Migrate in the connection's transaction, whose end also ends the lock: never before the commit."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    known = inspect(connection)
    for table in metadata.sorted_tables:
        if "changed_in" in table.c and known.has_table(table.name) and _has_changes(known, table):
            connection.execute(_forget_transactions_to_come(table))


def _has_changes(known: Inspector, table: Table) -> bool:
    """Tell whether the table is at a version that keeps changes: a test may go only up to an older one."""
    return any(column["name"] == "changed_in" for column in known.get_columns(table.name))


def _forget_transactions_to_come(table: Table) -> Update:
    """The rows of a dump that another cluster wrote, under ids that this one has not reached, changed now.

    They would else be hidden from updated_since until it has, and hide others.
    """
    own, to_come = func.pg_current_xact_id(), func.pg_snapshot_xmax(func.pg_current_snapshot())
    foreign = (table.c.changed_in > to_come) & (
        table.c.changed_in != own
    )  # a migration may just have written
    return update(table).where(foreign).values(changed_in=own)


async def revision_of(url: str) -> str | None:
    """The version a database is at, or None before its first migration."""
    engine = create_async_engine(async_url(url), poolclass=pool.NullPool, hide_parameters=True)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
    await engine.dispose()
    return found


def head_of(service: ServiceRow) -> str | None:
    """The newest version that this code knows."""
    return ScriptDirectory.from_config(config_for("", service)).get_current_head()
