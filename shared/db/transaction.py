"""Transactions of rows alone; work that records events is a UnitOfWork (shared/work.py)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.engine import Answer, Asked, Database, Question
from shared.db.group_commit import has_asked


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncSession]:
    """One transaction, committed at the end of the block, or rolled back when the block raises."""
    session = database.sessions()
    try:
        yield session
        await session.flush()  # what was only added, and never asked for, is not yet in the transaction
        await session.commit()
    finally:
        await close(session)


async def close(session: AsyncSession) -> None:
    """Give the connection back, even when cancelled; without one there is nothing to wait for."""
    if has_asked(session):
        async with session:
            pass
    else:
        session.sync_session.close()


async def ask_together(
    database: Database, session: AsyncSession, question: Question[Asked, Answer], asked: Asked
) -> Answer:
    """Put a question that needs no transaction, together with all who ask it at the same time.

    If the session's own transaction has begun it is asked there: requests that held one connection and
    wanted another could all wait for each other.
    """
    if has_asked(session):
        return (await question(session, [asked]))[0]
    return await database.ask(question, asked)
