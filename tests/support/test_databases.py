"""The databases that tests stand on must themselves hold."""

from collections.abc import Awaitable, Callable

import asyncpg

from shared.db.migrations import head_of, revision_of
from tests.shared.example.directory import ROW


async def test_every_test_has_a_database_of_its_own(database_for: Callable[[str], Awaitable[str]]) -> None:
    """Two databases of one service are both at its newest version, and one does not see the other's rows."""
    first, second = await database_for(ROW.name), await database_for(ROW.name)
    connection = await asyncpg.connect(first)
    await connection.execute("CREATE TABLE only_here ()")
    await connection.close()

    assert await revision_of(first) == await revision_of(second) == head_of(ROW)
    connection = await asyncpg.connect(second)
    assert await connection.fetchval("SELECT to_regclass('only_here')") is None
    await connection.close()
