"""A database of its own for each test that asks for one."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from shared.db.engine import Database, open_database


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    database = open_database(await database_for("permits"))
    yield database
    await database.close()
