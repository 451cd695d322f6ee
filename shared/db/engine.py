"""The engine of a service's database, and the work that its requests share."""

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

from shared.db.batching import StatementBatcher
from shared.db.group_commit import GroupCommit

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
    group_commit: GroupCommit = field(init=False)
    on_recorded: Callable[[], None] = _nothing
    _questions: dict[object, StatementBatcher[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self.group_commit = GroupCommit(self.engine, lambda: self.on_recorded())

    async def ask(self, question: Question[Asked, Answer], asked: Asked) -> Answer:
        """Put a question outside any transaction, together with all who ask it at the same time."""
        if question not in self._questions:
            self._questions[question] = StatementBatcher(self.engine, question)
        answer: Answer = await self._questions[question].call(asked)
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
        hide_parameters=True,  # an error with them would name people
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
    """Ask the database whether it answers just now."""
    try:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception:  # whatever the driver says, the answer to the question is no
        return False
    return True
