"""Takes deliveries in: validate, inbox check, use case, one commit for the batch, then the acknowledgement.

A batch that fails is run again one by one, so that only the message at fault goes to the dead letters.
A database that is away is nobody's fault: the batch waits for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.errors import is_transient
from shared.events import Event
from shared.messaging import inbox
from shared.telemetry import CONSUMED, CONSUMER_LAG, DEAD_LETTERS, get_logger, request_id

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """The tries that a message has, the pause between them, and the longest while the database is away."""

    tries: int = 3
    pause_seconds: float = 0.2
    longest_wait_seconds: float = 5.0


class Transactional(Protocol):
    """A unit of work, of which the inbox needs the session."""

    @property
    def session(self) -> AsyncSession: ...


Work = TypeVar("Work", bound=Transactional)


class Consumer(Generic[Work]):
    """A batch handler for a broker, around one use case that takes a unit of work and fresh events."""

    def __init__(
        self,
        queue: str,
        begin: Callable[[], AbstractAsyncContextManager[Work]],
        use_case: Callable[[Work, Sequence[Event]], Awaitable[None]],
        patience: Patience | None = None,
    ) -> None:
        self._queue = queue
        self._begin = begin
        self._use_case = use_case
        self._patience = patience or Patience()

    async def __call__(self, bodies: Sequence[bytes]) -> list[bool]:
        """Handle deliveries in order; False for each that is to be dead-lettered."""
        parsed = [self._parse(body) for body in bodies]
        events = [event for event in parsed if event is not None]
        dead = await self._handle(events)
        CONSUMED.labels(self._queue).inc(len(events))
        DEAD_LETTERS.labels(self._queue).inc(len(bodies) - len(events) + len(dead))
        return [event is not None and id(event) not in dead for event in parsed]

    def _parse(self, body: bytes) -> Event | None:
        try:
            return Event.from_json(body)
        except Exception:  # whatever it does to us, it would do it again and hold up all that come after
            log.error("a message that is no event goes to the dead letters", extra={"queue": self._queue})
            return None

    async def _handle(self, events: Sequence[Event]) -> set[int]:
        """Handle all at once, or when that fails one by one; returns the identities of those given up on."""
        if not events:
            return set()
        try:
            await self._commit(events)
        except Exception as problem:
            log.warning("a batch failed and is run one by one", extra=self._about(problem, len(events)))
            return {id(event) for event in events if not await self._handled_alone(event)}
        return set()

    async def _handled_alone(self, event: Event) -> bool:
        about = {"event_id": str(event.id), "event_type": event.type, "queue": self._queue}
        for attempt in range(1, self._patience.tries + 1):
            try:
                await self._commit([event])
                return True
            except Exception as problem:
                log.warning(
                    "an event could not be handled", exc_info=problem, extra={**about, "attempt": attempt}
                )
                await asyncio.sleep(self._patience.pause_seconds)
        log.error("an event goes to the dead letters", extra=about)
        return False

    async def _commit(self, events: Sequence[Event]) -> None:
        """Take these events in with one commit; waits for as long as the database is away."""
        request_id.set((events[0].request_id or "-") if len(events) == 1 else "-")
        wait = self._patience.pause_seconds
        while True:
            try:
                async with self._begin() as work:
                    fresh = await inbox.unseen(work.session, self._queue, events)
                    if fresh:
                        await self._use_case(work, fresh)
                break
            except Exception as problem:
                if not is_transient(problem):
                    raise
                log.warning("the database is away; deliveries wait", extra=self._about(problem, len(events)))
                await asyncio.sleep(wait)
                wait = min(2 * wait, self._patience.longest_wait_seconds)
        now = datetime.now(UTC)
        for event in fresh:
            CONSUMER_LAG.labels(self._queue).observe((now - event.recorded_at).total_seconds())

    def _about(self, problem: Exception, count: int) -> dict[str, object]:
        return {"error": type(problem).__name__, "queue": self._queue, "count": count}
