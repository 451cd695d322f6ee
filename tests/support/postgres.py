"""PostgreSQL for tests: servers of their own, and fresh databases with a service's tables in them."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil

from deploy.postgres import OWNER, EmbeddedPostgres, servers_on
from shared.db.migrations import migrate
from shared.directory import Directory
from tests.shared.example.directory import WITH_EXAMPLE


class PrivatePostgres:
    """A server that a test may stop, kill and start again; its data and its address stay."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: EmbeddedPostgres | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether it was started, and neither stopped nor killed since."""
        return bool(servers_on(self._folder / "cluster"))

    async def start(self) -> None:
        """Start the server, after `stop` or `kill` with the data it had."""
        self._server = await EmbeddedPostgres.start(self._folder)
        await self._server.create_databases([])

    async def stop(self) -> None:
        """Stop the server in good order."""
        await self._running().stop()

    async def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        for process in servers_on(self._folder / "cluster"):
            with suppress(psutil.NoSuchProcess):  # it has just ended by itself
                process.kill()
        await self._running().stop()

    async def trade_durability_for_speed(self) -> None:
        """Let commits not wait for the disk: for a server that no test kills."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            await self.execute(f"ALTER SYSTEM SET {setting} = off")
        await self.execute("SELECT pg_reload_conf()")

    async def execute(self, statement: str) -> None:
        """Carry out a statement outside any service's database."""
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def url(self, database: str = "postgres", role: str = OWNER) -> str:
        """The address of a database, the same after every start."""
        return self._running().url(database, role)

    async def create_databases(self, *names: str) -> None:
        """Create those databases that are not there yet."""
        await self._running().create_databases(names)

    def _running(self) -> EmbeddedPostgres:
        if self._server is None:
            raise RuntimeError("this server was never started")
        return self._server


@asynccontextmanager
async def private_postgres(folder: Path | None = None) -> AsyncIterator[PrivatePostgres]:
    """A running server on a folder, by default a temporary one; stopped in the end."""
    # Not pytest's tmp_path: its base is closed to other users, and root's server runs as another user.
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as temporary:
        server = PrivatePostgres(folder or Path(temporary))
        await server.start()
        try:
            yield server
        finally:
            await server.stop()


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
SHAPE = """
SELECT md5(string_agg(part, E'\\n' ORDER BY part)) FROM (
    SELECT concat_ws(' ', relname, relkind, relacl, reloptions, relrowsecurity) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull, attacl, attisdropped)
        FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
        WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', proname, md5(prosrc)) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', adrelid::regclass, adnum, pg_get_expr(adbin, adrelid)) FROM pg_attrdef
    UNION ALL SELECT concat_ws(' ', setrole, setconfig) FROM pg_db_role_setting
        JOIN pg_database ON setdatabase = pg_database.oid WHERE datname = current_database()
    UNION ALL SELECT version_num FROM alembic_version
) AS parts(part)
"""
"""All that a test may have changed beside rows."""

END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
FIRST_NUMBERS = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


EMPTY = f"""
SET session_replication_role = replica;
DO $do$ DECLARE name text; BEGIN
    FOR name IN {TABLES} LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $do$;
"""
"""Deletes every row but the version's, without regard to foreign keys, as a replica does."""


class Databases:
    """Databases on one server: each service is migrated once, and its databases are copies."""

    def __init__(self, server: PrivatePostgres, directory: Directory = WITH_EXAMPLE) -> None:
        self._server = server
        self._directory = directory
        self._shapes: dict[str, str] = {}
        self._returned: dict[str, list[str]] = {}

    async def fresh(self, service: str) -> str:
        """The URL of a new database with a service's migrations applied."""
        template = f"template_{service}"
        if service not in self._shapes:
            await self._server.create_databases(template)
            await migrate(self._server.url(template), self._directory.row(service))
            self._shapes[service] = await _shape(self._server.url(template))
        name = f"{service}_{uuid4().hex}"
        await self._server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._server.url(name)

    async def lend(self, service: str) -> str:
        """The URL of a database with a service's tables and no row: one that was returned, or a new one.

        A server takes thirty times as long to make one as to empty one.
        """
        returned = self._returned.get(service)
        return returned.pop() if returned else await self.fresh(service)

    async def take_back(self, service: str, url: str) -> None:
        """Empty a database for whoever comes next; one whose tables have been changed is dropped."""
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(END_OTHERS)
            is_as_it_was = await connection.fetchval(SHAPE) == self._shapes[service]
            if is_as_it_was:
                await connection.execute(EMPTY)
                await connection.execute(FIRST_NUMBERS)
        finally:
            await connection.close()
        if is_as_it_was:
            self._returned.setdefault(service, []).append(url)
        else:
            await self.drop(url)

    async def backup(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to, as it is now."""
        name = f"backup_{uuid4().hex}"
        await self._server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_name(url)}"')
        return self._server.url(name)

    async def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        await self._server.execute(f'DROP DATABASE "{_name(url)}" WITH (FORCE)')


async def _shape(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        shape: str = await connection.fetchval(SHAPE)
        return shape
    finally:
        await connection.close()


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
