"""Sessions and the only commit."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.engine import Answer, Asked, Database, Question
from shared.db.group_commit import ASKED, only_inserts
from shared.messaging.outbox import PENDING, pending_rows, store_pending


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncSession]:
    """One unit of work: everything in it is committed together with its events, or nothing is.

    Recorded events are written last, in one statement, and the relay is woken after the commit. Work that
    has asked the database nothing, as the creation of a case, shares its commit with others that wait.
    """
    session = database.sessions()
    try:
        yield session
        rows = only_inserts(session)
        if rows is not None:
            await database.keeping.done(rows + pending_rows(session))
            return
        recorded = await store_pending(session)
        await session.commit()
    finally:
        await _close(session)
    if recorded:
        database.on_recorded()


async def _close(session: AsyncSession) -> None:
    """Give the connection back, even when cancelled; without one there is nothing to wait for."""
    if session.info.get(ASKED):
        async with session:
            pass
    else:
        session.sync_session.close()


async def ask_together(
    database: Database, session: AsyncSession, question: Question[Asked, Answer], asked: Asked
) -> Answer:
    """Put a question that needs no transaction, together with all who ask it just now.

    If the session's own transaction has begun it is asked there: requests that held one connection and
    wanted another could all wait for each other.
    """
    if session.info.get(ASKED):
        return (await question(session, [asked]))[0]
    return await database.answered(question, asked)


@contextmanager
def forgetting_events_on_failure(session: AsyncSession) -> Iterator[None]:
    """Drop the events recorded inside when the block fails, as a rolled-back savepoint does its rows."""
    before = len(session.info.get(PENDING, ()))
    try:
        yield
    except BaseException:
        del session.info.get(PENDING, [])[before:]
        raise


@asynccontextmanager
async def savepoint(session: AsyncSession) -> AsyncIterator[None]:
    """A part of a transaction that may fail alone: its rows and its events go, the rest stays."""
    with forgetting_events_on_failure(session):
        async with session.begin_nested():
            yield
