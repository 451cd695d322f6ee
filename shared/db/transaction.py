"""Transactions of rows alone; work that records events is a UnitOfWork (shared/work.py)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.engine import Database


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncSession]:
    """One transaction, committed at the end of the block, or rolled back when the block raises."""
    async with database.sessions() as session:
        yield session
        await session.commit()
