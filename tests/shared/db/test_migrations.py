"""Every service's database: the migrations make what the models say, in any number of tries."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from uuid import uuid4

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db.databases import create_missing_databases
from shared.db.engine import async_url
from shared.db.migration_steps import note_created_cases
from shared.db.migrations import NewerDatabase, head_of, migrate, revision_of
from tests.shared.example.directory import ROW, WITH_EXAMPLE
from tests.support.postgres import PrivatePostgres

MIGRATE = (
    "import asyncio, sys; from shared.db.migrations import migrate; "
    "from tests.shared.example.directory import ROW; asyncio.run(migrate(sys.argv[1], ROW))"
)


def metadata_of(service: str) -> MetaData:
    """All tables of a service, as its models have them."""
    package = WITH_EXAMPLE.row(service).package
    import_module(f"{package}.main")  # and with it the tables of every use case
    has_features = find_spec(f"{package}.tables") is not None
    module = import_module(f"{package}.{'tables' if has_features else 'models'}")
    metadata: MetaData = module.Base.metadata
    return metadata


@pytest.mark.parametrize("service", WITH_EXAMPLE.names)
async def test_models_and_migrations_agree(
    service: str, database_for: Callable[[str], Awaitable[str]]
) -> None:
    """Nothing is left that a new migration would have to do."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata_of(service)))

    engine = create_async_engine(async_url(await database_for(service)), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize("service", WITH_EXAMPLE.names)
async def test_migrating_again_changes_nothing(
    service: str, database_for: Callable[[str], Awaitable[str]]
) -> None:
    """Every start of the house does it."""
    url = await database_for(service)
    await migrate(url, WITH_EXAMPLE.row(service))
    assert await revision_of(url) == head_of(WITH_EXAMPLE.row(service))


async def test_a_database_of_a_newer_version_is_refused(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """Old code on new tables would write what the new code cannot read; one sentence says what to do."""
    url = await database_for(ROW.name)
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE alembic_version SET version_num = 'permits_9999'")
    await connection.close()
    with pytest.raises(NewerDatabase, match="permits database was made by a newer version"):
        await migrate(url, ROW)


async def test_replicas_that_start_at_once_migrate_one_after_the_other(postgres: PrivatePostgres) -> None:
    """Four processes on an empty database: each ends well, and the tables are made once."""
    name = f"replicas_{uuid4().hex}"
    await postgres.create_databases(name)
    url = postgres.url(name)
    assert await revision_of(url) is None

    async def replica() -> tuple[int | None, bytes]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, url, stderr=asyncio.subprocess.PIPE
        )
        _, errors = await process.communicate()
        return process.returncode, errors

    assert {await ended for ended in asyncio.as_completed([replica() for _ in range(4)])} == {(0, b"")}
    assert await revision_of(url) == head_of(ROW)


async def test_a_migration_that_fails_leaves_nothing_behind(postgres: PrivatePostgres) -> None:
    """All or nothing: what stood in its way can be removed, and it is simply run again."""
    name = f"failing_{uuid4().hex}"
    await postgres.create_databases(name)
    connection = await asyncpg.connect(postgres.url(name))
    await connection.execute("CREATE TABLE permits (in_the_way text)")
    with pytest.raises(Exception, match='relation "permits" already exists'):
        await migrate(postgres.url(name), ROW)
    assert await revision_of(postgres.url(name)) is None
    assert await connection.fetchval("SELECT to_regclass('events')") is None
    await connection.execute("DROP TABLE permits")
    await connection.close()
    await migrate(postgres.url(name), ROW)
    assert await revision_of(postgres.url(name)) == head_of(ROW)


async def test_answers_that_were_kept_as_bytes_are_text(
    database_for: Callable[[str], Awaitable[str]],
) -> None:
    """An import that was begun before the upgrade is answered as it was; of which case, nobody had noted."""
    said = '{"description":"It drips – for two days."}'
    engine = create_async_engine(async_url(await database_for("repairs")), poolclass=pool.NullPool)
    async with engine.begin() as connection:
        for statement in (
            "ALTER TABLE idempotency_keys DROP reference",
            "ALTER TABLE idempotency_keys ALTER body TYPE bytea USING convert_to(body, 'UTF8')",
            "INSERT INTO idempotency_keys (caller, key, fingerprint, status, headers, created_at, body)"
            f" VALUES ('ada', 'a', '', 201, '{{}}', now(), convert_to('{said}', 'UTF8'))",
        ):
            await connection.exec_driver_sql(statement)
        await connection.run_sync(upgraded, note_created_cases)
        kept = await connection.exec_driver_sql("SELECT body, reference FROM idempotency_keys")
        assert [tuple(row) for row in kept] == [(said, None)]


def upgraded(connection: Connection, step: Callable[[], None]) -> None:
    """Take one step of a migration."""
    with Operations.context(MigrationContext.configure(connection)):
        step()


async def test_databases_that_are_there_are_left_as_they_are(postgres: PrivatePostgres) -> None:
    """Creating those that are missing touches no other."""
    name = f"kept_{uuid4().hex}"
    await create_missing_databases([postgres.url(name)])
    connection = await asyncpg.connect(postgres.url(name))
    await connection.execute("CREATE TABLE kept ()")
    await connection.close()
    await create_missing_databases([postgres.url(name)])
    connection = await asyncpg.connect(postgres.url(name))
    assert await connection.fetchval("SELECT to_regclass('kept')::text") == "kept"
    await connection.close()
