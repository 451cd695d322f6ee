"""Brings a service's recorded events to the broker: after each commit at once, and by a poll for safety.

It lives in the process that commits and is woken there. PostgreSQL's NOTIFY would serialise commits
(measured: 5,900 a second fell to 2,260), and an empty poll costs a tenth of a millisecond.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

from shared.db.engine import Database
from shared.db.transaction import transaction
from shared.events import Event
from shared.messaging import outbox
from shared.messaging.broker import Broker, BrokerAway
from shared.telemetry import OLDEST_UNPUBLISHED, PUBLISH_FAILURES, PUBLISHED, get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """The size of a batch, and the seconds that a relay waits, for whom, and how long it may take."""

    batch: int = 200
    poll_seconds: float = 1.0
    linger_seconds: float = 0.1  # after a wake: what commits meanwhile shares the claim and the mark
    lease_seconds: float = 30.0
    begin_within_seconds: float = 8.0  # a publish may take 20 s to fail, and must have while the lease stands
    back_off_seconds: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0)


class Relay:
    """One per process; several processes of a service may run theirs at once."""

    def __init__(self, database: Database, broker: Broker, service: str, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self._database = database
        self._broker = broker
        self._service = service
        self._id = uuid4()
        self._wake = asyncio.Event()
        self._publishing = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """Publish now; called after a commit that recorded events."""
        self._wake.set()

    async def run(self) -> None:
        """Publish until stopped, across outages of broker and database."""
        failures = 0
        while not self._stopping:
            try:
                more = await self.publish_owed()
                failures = 0
            except Exception as problem:
                log.warning("events wait to be published", extra={"error": type(problem).__name__})
                PUBLISH_FAILURES.labels(self._service).inc()
                back_off = self.pace.back_off_seconds
                await self._pause(back_off[min(failures, len(back_off) - 1)])
                failures += 1
                continue
            if not more:
                await self._idle()

    async def publish_owed(self) -> bool:
        """Claim one batch and publish it; True when there may be more. Raises BrokerAway."""
        async with self._publishing:
            return await self._publish_batch()

    async def _publish_batch(self) -> bool:
        await self._broker.connect()
        # the lease counts from when the claim began
        last_begin = monotonic() + self.pace.begin_within_seconds
        async with transaction(self._database) as session:
            claimed = await outbox.claim(session, self._id, self.pace.batch, self.pace.lease_seconds)
        if not claimed:
            OLDEST_UNPUBLISHED.labels(self._service).set(0)
            return False
        published: list[Event] = []
        try:
            await self._publish_in_order(claimed, published, last_begin)
        finally:
            await asyncio.shield(self._settle(claimed, published))
        if len(published) < len(claimed):
            raise BrokerAway("the broker took only a part of the batch")
        return len(claimed) == self.pace.batch

    async def _publish_in_order(
        self, claimed: Sequence[Event], published: list[Event], last_begin: float
    ) -> None:
        """Publish in waves of one event a case: a case whose event was refused sends no later one.

        What cannot be begun while the lease is young is let go of, or another relay might publish it too.
        """
        refused: set[str] = set()
        for wave in _waves(claimed):
            if monotonic() > last_begin:
                return
            batch = [event for event in wave if event.reference not in refused]
            for event, safe in zip(batch, await self._broker.publish(batch), strict=True):
                if safe:
                    published.append(event)
                else:
                    refused.add(event.reference)

    async def _settle(self, claimed: Sequence[Event], published: Sequence[Event]) -> None:
        safe = {event.id for event in published}
        refused = [event for event in claimed if event.id not in safe]
        async with transaction(self._database) as session:
            await outbox.settle(session, self._id, published, refused)
        PUBLISHED.labels(self._service).inc(len(published))

    async def stop(self, seconds: float = 3.0) -> None:
        """Publish what is still owed, for at most so long; the rest is published at the next start."""
        self._stopping = True
        self._wake.set()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(seconds):
                while await self.publish_owed():
                    pass

    async def _idle(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.pace.poll_seconds):
                await self._wake.wait()
                await asyncio.sleep(self.pace.linger_seconds)
        self._wake.clear()

    async def _pause(self, seconds: float) -> None:
        if not self._stopping:
            await asyncio.sleep(seconds)


def _waves(claimed: Sequence[Event]) -> Iterator[list[Event]]:
    waves: list[list[Event]] = []
    depth: dict[str, int] = {}
    for event in claimed:
        wave = depth.get(event.reference, 0)
        depth[event.reference] = wave + 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(event)
    yield from waves
