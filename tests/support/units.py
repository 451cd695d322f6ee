"""A unit of work that is nothing but a transaction, for tests of what needs no more of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.engine import Database
from shared.db.transaction import transaction


@dataclass
class Begun:
    """A transaction that has begun."""

    session: AsyncSession


@asynccontextmanager
async def begun(database: Database) -> AsyncIterator[Begun]:
    """Begin one, and commit it at the end of the block."""
    async with transaction(database) as session:
        yield Begun(session)
