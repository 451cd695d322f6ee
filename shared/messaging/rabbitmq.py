"""RabbitMQ: the topology in one place, publishing with gathered confirms, consuming in batches.

Connections are plain, not "robust": after any trouble everything is thrown away and built anew, since
old delivery tags can never be acknowledged and the inbox makes redelivery harmless.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import aio_pika
import aiormq
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
)
from aiormq.exceptions import AMQPError, AuthenticationError, InvalidFrameError, ProbableAuthenticationError

from shared.clock import system_clock
from shared.events import Event
from shared.messaging.broker import (
    BatchHandler,
    BrokerAway,
    BrokerRefuses,
    DeadLetter,
    DeadLetters,
    KeepLetters,
    Queue,
)
from shared.messaging.bulk import publish_together
from shared.messaging.graveyard import PUBLISH_SECONDS, Graveyard
from shared.telemetry import get_logger

log = get_logger(__name__)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 0.5
BATCH = 500
BATCH_SECONDS = 0.1  # to wait for company: a transaction for many takes in 8,300/s, one for each 1,290/s
PREFETCH = 500
ENDLESS = 1_000_000_000  # a dead letter that is looked at often must not vanish (4.x drops after 20)

# a wrong password; a virtual host that is not there, or not for us, comes as a frame that was not awaited
REFUSED = (AuthenticationError, ProbableAuthenticationError, InvalidFrameError)
AWAY = (OSError, AMQPError, TimeoutError, asyncio.InvalidStateError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Topology:
    """Every name on the broker; `prefix` keeps deployments that share one apart.

    `delivery_limit` is for messages that kill their consumer; RabbitMQ 3.10 has no limit of its own.
    """

    prefix: str
    delivery_limit: int = 50

    @property
    def exchange(self) -> str:
        return f"{self.prefix}.events"

    @property
    def dead_exchange(self) -> str:
        return f"{self.prefix}.dead"

    def queue(self, name: str) -> str:
        return f"{self.prefix}.{name}"

    def dead_queue(self, name: str) -> str:
        return f"{self.prefix}.{name}.dead"

    async def declare_exchange(self, channel: AbstractChannel) -> AbstractExchange:
        """The durable topic exchange that every service publishes to."""
        return await channel.declare_exchange(self.exchange, aio_pika.ExchangeType.TOPIC, durable=True)

    async def declare_queue(self, channel: AbstractChannel, queue: Queue) -> AbstractQueue:
        """A consumer's quorum queue, bound, with its dead-letter queue; nothing is lost between them."""
        exchange = await self.declare_exchange(channel)
        dead = await channel.declare_exchange(self.dead_exchange, aio_pika.ExchangeType.DIRECT, durable=True)
        graveyard = await channel.declare_queue(
            self.dead_queue(queue.name),
            durable=True,
            arguments={"x-queue-type": "quorum", "x-delivery-limit": ENDLESS},
        )
        await graveyard.bind(dead, queue.name)
        declared = await channel.declare_queue(
            self.queue(queue.name),
            durable=True,
            arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": self.delivery_limit,
                "x-dead-letter-exchange": self.dead_exchange,
                "x-dead-letter-routing-key": queue.name,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        )
        for binding in queue.bindings:
            await declared.bind(exchange, binding)
        return declared


class RabbitMQ:
    """The broker interface on a RabbitMQ server; `url` gets a heartbeat of 10 s unless it names one.

    A consumer that was interrupted begins again after `back_off_seconds`.
    """

    def __init__(self, url: str, prefix: str = "housing", *, back_off_seconds: float = 1.0) -> None:
        self._url = with_heartbeat(url)
        self._back_off_seconds = back_off_seconds
        self.topology = Topology(prefix)
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._connecting = asyncio.Lock()
        self._looking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def is_connected(self) -> bool:
        connection, channel = self._connection, self._channel
        return bool(connection and channel and not connection.is_closed and not channel.is_closed)

    async def answers(self) -> bool:
        channel = self._channel
        if channel is None or not self.is_connected():
            return False
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.topology.declare_exchange(channel)  # it is there: a question, and no change
        except AWAY:
            return False
        return True

    async def connect(self) -> None:
        async with self._connecting:
            if self.is_connected():
                return
            await self.close()
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    self._connection = await aio_pika.connect(self._url)
                    self._channel = await self._connection.channel(
                        publisher_confirms=True, on_return_raises=True
                    )
                    await self.topology.declare_exchange(self._channel)
            except REFUSED as problem:
                await self.close()
                raise BrokerRefuses(f"RabbitMQ does not let us in ({type(problem).__name__})") from problem
            except AWAY as problem:
                await self.close()
                raise BrokerAway(f"RabbitMQ cannot be reached ({type(problem).__name__})") from problem

    async def publish(self, events: Sequence[Event]) -> list[bool]:
        await self.connect()
        channel = self._channel
        if channel is None:
            raise BrokerAway("the connection was closed meanwhile")
        try:
            problems = await publish_together(channel, self.topology.exchange, events, PUBLISH_SECONDS)
        except AWAY as problem:
            raise BrokerAway(f"RabbitMQ takes nothing in ({type(problem).__name__})") from problem
        failed = [problem for problem in problems if problem is not None]
        if failed:
            log.warning("publishing failed", extra={"error": type(failed[0]).__name__, "count": len(failed)})
        return [problem is None for problem in problems]

    async def consume(self, queue: Queue, handle: BatchHandler) -> None:
        while True:
            try:
                async with self._opened() as channel:
                    await channel.set_qos(prefetch_count=PREFETCH)
                    declared = await self.topology.declare_queue(channel, queue)
                    graveyard = self._graveyard(channel, queue.name)
                    await _Subscription(channel, declared, handle, graveyard).run()
            except Exception as problem:  # a failing handler too: what it was given is delivered again
                log.warning("consuming is interrupted", exc_info=problem, extra={"queue": queue.name})
            await asyncio.sleep(self._back_off_seconds)

    async def dead_letters(self, queue: str, limit: int = 100) -> DeadLetters:
        async with self._buried_in(queue) as graveyard:
            return await graveyard.letters(limit)

    async def replay_dead_letters(
        self, queue: str, at: datetime, limit: int = 100, ids: Collection[str] | None = None
    ) -> int:
        async with self._buried_in(queue) as graveyard:
            return await graveyard.replay(at, limit, ids)

    async def discard_dead_letters(
        self, queue: str, ids: Collection[str], keep: KeepLetters
    ) -> list[DeadLetter]:
        async with self._buried_in(queue) as graveyard:
            return await graveyard.discard(ids, keep)

    async def backlog(self, queue: str) -> int:
        async with self._asking() as channel:
            counted = await channel.declare_queue(self.topology.queue(queue), passive=True)
            return counted.declaration_result.message_count or 0

    async def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(*AWAY):
                async with asyncio.timeout(CONNECT_SECONDS):
                    await connection.close()

    @contextlib.asynccontextmanager
    async def _buried_in(self, queue: str) -> AsyncIterator[Graveyard]:
        """The dead letters of a queue, by turns: whoever else looks would not see those taken out."""
        async with self._looking[queue], self._asking() as channel:
            yield self._graveyard(channel, queue)

    def _graveyard(self, channel: AbstractChannel, queue: str) -> Graveyard:
        return Graveyard(channel, self.topology.dead_queue(queue), queue, self.topology.queue(queue))

    @contextlib.asynccontextmanager
    async def _asking(self) -> AsyncIterator[AbstractChannel]:
        """A channel to ask by, as `_opened` gives it; raises BrokerAway when it cannot be answered now."""
        try:
            async with self._opened() as channel:
                yield channel
        except AWAY as problem:
            raise BrokerAway(f"RabbitMQ cannot be asked ({type(problem).__name__})") from problem

    @contextlib.asynccontextmanager
    async def _opened(self) -> AsyncIterator[AbstractChannel]:
        """A channel on a connection of its own, closed with it."""
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await aio_pika.connect(self._url)
        try:
            yield await connection.channel(publisher_confirms=True, on_return_raises=True)
        finally:
            with contextlib.suppress(*AWAY):
                async with asyncio.timeout(CONNECT_SECONDS):
                    await connection.close()


class _Subscription:
    """One consumer on one channel, until the channel fails, the consumer vanishes, or it is cancelled."""

    def __init__(
        self, channel: AbstractChannel, queue: AbstractQueue, handle: BatchHandler, graveyard: Graveyard
    ) -> None:
        self._channel = channel
        self._queue = queue
        self._handle = handle
        self._graveyard = graveyard
        self._arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()

    async def run(self) -> None:
        tag = await self._queue.consume(self._arrived.put)
        underlay = cast(aiormq.Channel, await self._channel.get_underlay_channel())
        while not self._channel.is_closed:
            if tag not in underlay.consumers:  # cancelled by the broker, which says so to nobody
                raise ConnectionError("the broker cancelled the consumer")
            batch = await self._gather()
            if batch:
                await self._settle(batch, await self._handle([message.body for message in batch]))

    async def _gather(self) -> list[AbstractIncomingMessage]:
        """The messages that have arrived, waiting a moment for more; none when none does for a second."""
        try:
            async with asyncio.timeout(1.0):
                batch = [await self._arrived.get()]
        except TimeoutError:
            return []
        if self._arrived.empty():
            await asyncio.sleep(BATCH_SECONDS)
        while len(batch) < BATCH and not self._arrived.empty():
            batch.append(self._arrived.get_nowait())
        return batch

    async def _settle(self, batch: Sequence[AbstractIncomingMessage], handled: Sequence[str | None]) -> None:
        for message, reason in zip(batch, handled, strict=True):
            if reason is not None:
                await self._graveyard.bury(message, reason, system_clock())
        await batch[-1].ack(multiple=True)


def with_heartbeat(url: str) -> str:
    """The URL with a heartbeat of 10 s: the default notices a dead peer only after minutes."""
    if "heartbeat=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}heartbeat=10"
