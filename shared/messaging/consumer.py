"""Takes deliveries in: validate, inbox check, use case, one commit for the batch, then the acknowledgement.

A batch that fails is halved until the message at fault stands alone; it is tried again when all others are
taken in, and then goes to the dead letters with the reason. A database that is away is nobody's fault: the
batch waits for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.errors import is_transient
from shared.events import Event
from shared.messaging import inbox
from shared.telemetry import CONSUMED, CONSUMER_LAG, DEAD_LETTERS, fault_of, get_logger, request_id

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """The tries that a message has, the pause between them, and the longest while the database is away.

    After `retry_seconds` no more is tried again, however many failed: what comes next waits meanwhile.
    """

    tries: int = 3
    pause_seconds: float = 0.2
    retry_seconds: float = 0.5
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

    async def __call__(self, bodies: Sequence[bytes]) -> list[str | None]:
        """Handle deliveries in order; of each that is to be dead-lettered the reason, else None."""
        parsed = [self._parse(body) for body in bodies]
        events = [event for event in parsed if isinstance(event, Event)]
        dead = await self._handle(events)
        CONSUMED.labels(self._queue).inc(len(events))
        DEAD_LETTERS.labels(self._queue).inc(len(bodies) - len(events) + len(dead))
        return [dead.get(id(event)) if isinstance(event, Event) else event for event in parsed]

    def _parse(self, body: bytes) -> Event | str:
        """The event of a message, or the reason why it is none."""
        try:
            return Event.from_json(body)
        except (
            Exception
        ) as wrong:  # whatever it does to us, it would do again and hold up all that come after
            log.error("a message that is no event goes to the dead letters", extra={"queue": self._queue})
            return f"no event: {fault_of(wrong)}"

    async def _handle(self, events: Sequence[Event]) -> dict[int, str]:
        """Handle all events; returns the reasons of those given up on, by their identities."""
        failed = await self._handle_in_halves(events) if events else {}
        until = monotonic() + self._patience.retry_seconds
        for attempt in range(2, self._patience.tries + 1):
            if not failed or monotonic() > until:
                break
            await asyncio.sleep(self._patience.pause_seconds)
            failed = await self._handle_again([event for event in events if id(event) in failed], attempt)
        for event in events:
            if id(event) in failed:
                log.error("an event goes to the dead letters", extra=self._about_event(event))
        return failed

    async def _handle_in_halves(self, events: Sequence[Event]) -> dict[int, str]:
        """Handle all at once, or when that fails by halves; returns the reasons of failures."""
        try:
            await self._commit(events)
            return {}
        except Exception as problem:
            if len(events) == 1:
                return self._failed(events[0], problem, 1)
            log.warning("a batch failed and is halved", extra=self._about(problem, len(events)))
        middle = len(events) // 2
        first = await self._handle_in_halves(events[:middle])
        return first | await self._handle_in_halves(events[middle:])

    async def _handle_again(self, events: Sequence[Event], attempt: int) -> dict[int, str]:
        failed: dict[int, str] = {}
        for event in events:
            try:
                await self._commit([event])
            except Exception as problem:
                failed |= self._failed(event, problem, attempt)
        return failed

    def _failed(self, event: Event, problem: Exception, attempt: int) -> dict[int, str]:
        about = {**self._about_event(event), "attempt": attempt}
        log.warning("an event could not be handled", exc_info=problem, extra=about)
        return {id(event): fault_of(problem)}

    def _about_event(self, event: Event) -> dict[str, object]:
        return {"event_id": str(event.id), "event_type": event.type, "queue": self._queue}

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
