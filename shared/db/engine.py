"""The engine of a service's database, and what is shared by all who use it at one moment."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from shared.db.batching import Gathering, Row, keep, keep_what_is_not
from shared.db.group_commit import PatientSession
from shared.db.tables import events

# milliseconds: a statement that hangs must not hold its request, nor a lost transaction its locks
TIMEOUTS = {"statement_timeout": "30000", "idle_in_transaction_session_timeout": "60000"}
CONNECT_SECONDS = 5.0  # asyncpg's own default is a minute, which a caller does not wait


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


async def is_reachable(database: Database) -> bool:
    """Whether the database answers just now."""
    try:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception:  # whatever the driver says, the answer to the question is no
        return False
    return True
