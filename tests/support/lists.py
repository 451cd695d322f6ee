"""Lists of cases held to an index and a number of rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from shared.app_state import AppState, open_app_state
from shared.caller import Caller
from shared.http.paging import CursorSigner, PageRequest
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from shared.work import UnitOfWork, unit_of_work
from tests.support.plans import Plan, plan_of, statements_of
from tests.support.postgres import Databases

HOMES = """
INSERT INTO property_spellings (id, version, uprn, property_reference, reference_key)
SELECT n, 1, n, 'HAV-' || n, 'hav-' || n FROM generate_series(0, 19999) AS n"""
CHANGED = "UPDATE {table} SET version = 2 WHERE reference LIKE '___-%{digits}'"

PAGE = 50
MOST_BLOCKS = 500
"""Blocks are 8 kB; a table has some 5,000 of them, and an index up to 900."""
NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)

Listing = Callable[[UnitOfWork, Any, PageRequest], Awaitable[tuple[Sequence[Any], str | None]]]
Asked = tuple[Caller, dict[str, Any], str, int]
"""The caller, the filters, the indexes of which one must serve them by the ends of their names, the rows."""


def asked(caller: Caller, index: str, rows: int = PAGE + 5, **filters: Any) -> Asked:
    """A list that is asked for; a page reads one row more than it shows, and few of another department."""
    return caller, filters, index, rows


@asynccontextmanager
async def filled_database(
    databases: Databases, service: str, tables: Collection[str], *inserts: tuple[Any, ...]
) -> AsyncIterator[str]:
    """The URL of a database of a service with homes and these rows; some of its tables' cases changed lately.

    Each insert is a statement and its arguments.
    """
    url = await databases.fresh(service)
    connection = await asyncpg.connect(url)
    for statement, *arguments in (*inserts, (HOMES,)):
        await connection.execute(statement, *arguments)
    for table in tables:
        for digits in ("0123", "4567"):
            await connection.execute(CHANGED.format(table=table, digits=digits))
    await connection.execute("ANALYZE")
    await connection.close()
    yield url
    await databases.drop(url)


@asynccontextmanager
async def state_on(url: str, service: str, folder: Path) -> AsyncIterator[AppState]:
    """The state of a service on that database, with a broker in this process."""
    settings = Settings(database_urls={service: url}, workers=False)
    state = open_app_state(service, settings, broker=LocalBroker(folder))
    yield state
    await state.close()


async def plans_of(state: AppState, caller: Caller, listing: Listing, filters: Any) -> list[Plan]:
    """The plans of the first two pages of a list."""
    signer = CursorSigner(b"a key", b"a list")
    with statements_of(state.database) as sent:
        async with unit_of_work(state, caller, now=NOW) as work:
            rows, following = await listing(work, filters, PageRequest(PAGE, None, signer))
            assert rows
            if following:
                await listing(work, filters, PageRequest(PAGE, following, signer))
    return [await plan_of(state.database, each) for each in sent if each[0].startswith("SELECT")]


async def check(state: AppState, listing: Listing, filters: Any, asked: Asked) -> None:
    """Hold a list to an index and a number of rows."""
    caller, _, indexes, most = asked
    for plan in await plans_of(state, caller, listing, filters):
        assert not plan.scanned_whole
        assert any(name.endswith(tuple(f"_{index}" for index in indexes.split())) for name in plan.indexes), (
            plan
        )
        assert plan.rows_read <= most, plan
        assert plan.blocks_read <= MOST_BLOCKS, plan
