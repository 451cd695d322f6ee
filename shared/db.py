"""Engine, session, and the only commit."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from shared.creations import ASKED, PatientSession, only_inserts
from shared.gathering import Gathering, Row, keep, keep_what_is_not
from shared.messaging.outbox import PENDING, pending_rows, store_pending
from shared.tables import events

# milliseconds: a statement that hangs must not hold its request, nor a lost transaction its locks
TIMEOUTS = {"statement_timeout": "30000", "idle_in_transaction_session_timeout": "60000"}
CONNECT_SECONDS = 5.0  # asyncpg's own default is a minute, which a caller does not wait

# SQLSTATEs, or how they begin: connection lost, rolled back by chance, out of resources, shutting down or
# starting up, read-only for as long as a standby takes over.
PASSING = ("08", "40", "53", "57P", "25006")


Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Question = Callable[[AsyncSession | AsyncConnection, Sequence[Asked]], Awaitable[Sequence[Answer]]]
"""Several questions of a kind, answered in their order by one statement."""


def _nothing() -> None:
    return None


@dataclass(slots=True)
class Database:
    """One service's database: its engine, its sessions, and whom to wake when events were recorded."""

    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession] = field(init=False)
    keeping: Gathering[Sequence[Row], None] = field(init=False)
    on_recorded: Callable[[], None] = _nothing
    _questions: dict[object, Gathering[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sessions = async_sessionmaker(
            self.engine, sync_session_class=PatientSession, expire_on_commit=False, autoflush=False
        )
        self.keeping = Gathering(self.engine, self._keep, self._keep_what_is_not)

    async def _keep(self, connection: AsyncConnection, units: Sequence[Sequence[Row]]) -> Sequence[None]:
        """The relay is woken here, and not by who waits: they may have left, and the event is owed still."""
        kept = await keep(connection, units)
        self._wake_for(units)
        return kept

    async def _keep_what_is_not(
        self, connection: AsyncConnection, units: Sequence[Sequence[Row]]
    ) -> Sequence[None]:
        kept = await keep_what_is_not(connection, units)
        self._wake_for(units)
        return kept

    def _wake_for(self, units: Sequence[Sequence[Row]]) -> None:
        if any(table is events for unit in units for table, _ in unit):
            self.on_recorded()

    async def answered(self, question: Question[Asked, Answer], asked: Asked) -> Answer:
        """What the database says to a question that is put for all who ask it at the same time."""
        if question not in self._questions:
            self._questions[question] = Gathering(self.engine, question)
        answer: Answer = await self._questions[question].done(asked)
        return answer

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


def open_database(url: str, *, pool_size: int = 10, pool_timeout: float = 5.0) -> Database:
    """A database at a plain `postgresql://` URL; nothing connects before the first query.

    An exhausted pool raises after `pool_timeout` seconds, which callers see as 503 with Retry-After.
    """
    engine = create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=pool_timeout,
        pool_recycle=1800,
        connect_args={"timeout": CONNECT_SECONDS, "server_settings": TIMEOUTS},
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
    return Database(engine)


def async_url(url: str) -> str:
    """The same URL with the driver that this project uses."""
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


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


def is_passing(problem: BaseException) -> bool:
    """Whether a failure is the database's (away, starting, full, in a deadlock) and not what was asked of it.

    The error's family does not tell: a server that is starting up, a deadlock and a value that fits no
    column all arrive as the same plain DBAPIError. Only the SQLSTATE does, or a connection that is gone.
    """
    if isinstance(problem, DBAPIError):
        state = getattr(problem.orig, "sqlstate", None) or ""
        return problem.connection_invalidated or state.startswith(PASSING)
    return isinstance(problem, OSError | PoolTimeout)


async def is_reachable(database: Database) -> bool:
    """Whether the database answers just now."""
    try:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception:  # whatever the driver says, the answer to the question is no
        return False
    return True
