"""The clock of these tests: the machine's, or moved to another hour, in services and in PostgreSQL alike."""

from datetime import datetime, timedelta

import asyncpg

from shared.clock import system_clock

# A name is looked for in pg_catalog first, unless the path says otherwise. Defaults of columns were bound
# to pg_catalog's own when their table was made.
MOVABLE_CLOCK = """
CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.clock_timestamp() + current_setting('tests.moved')::interval $$;
CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT pg_catalog.now() + current_setting('tests.moved')::interval $$;
DO $do$ DECLARE bound record; BEGIN
    FOR bound IN SELECT table_name, column_name, column_default FROM information_schema.columns
        WHERE table_schema = 'public' AND column_default IN ('now()', 'clock_timestamp()')
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER %I SET DEFAULT public.%s',
            bound.table_name, bound.column_name, bound.column_default);
    END LOOP;
    EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
END $do$;
"""


class MovableClock:
    """A clock that goes on from any hour; it is the machine's until it is moved."""

    def __init__(self) -> None:
        self._moved = timedelta(0)

    def __call__(self) -> datetime:
        return system_clock() + self._moved

    def show(self, instant: datetime | None) -> None:
        """Go on from there, or (None) with the machine's own time."""
        self._moved = instant - system_clock() if instant else timedelta(0)

    async def set_in(self, database: asyncpg.Connection) -> None:
        """Let whoever connects to this database from now on find the same time in it."""
        moved = f"{self._moved.total_seconds()} seconds"
        name = await database.fetchval("SELECT current_database()")
        await database.execute(f"""ALTER DATABASE "{name}" SET tests.moved = '{moved}'""")


house_clock = MovableClock()


async def make_movable(url: str) -> None:
    """Let the clock of a database be one that tests can move."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(MOVABLE_CLOCK)
        await house_clock.set_in(connection)
    finally:
        await connection.close()
