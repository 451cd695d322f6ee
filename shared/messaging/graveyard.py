"""The dead letters of a queue on RabbitMQ: each with its reason, looked at, replayed and discarded."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, HeadersType

from shared.messaging.broker import DeadLetter, DeadLetters, KeepLetters

PUBLISH_SECONDS = 5.0
GIVING_BACK_TRIES, GIVING_BACK_PAUSE = 50, 0.01

REASON, DIED_AT, REPLAYED_AT = "x-reason", "x-died-at", "x-replayed-at"
DEATHS = "x-death"
"""The broker's own header on what it has dead-lettered itself; the latest death comes first."""

TOO_OFTEN = "delivered too often: each time its consumer ended"
"""The reason of a letter that has none, for it was the broker's delivery limit that buried it."""


@dataclass(frozen=True, slots=True)
class Graveyard:
    """The dead letters of `queue`, kept in `dead_queue`; those only looked at go back with the channel.

    `queue` is the name by which services know it, `source` the one that it has on the broker.
    """

    channel: AbstractChannel
    dead_queue: str
    queue: str
    source: str

    async def bury(self, message: AbstractIncomingMessage, reason: str, at: datetime) -> None:
        """Put a message here with the reason, which the broker's own dead-lettering cannot keep.

        It is safe here before the caller acknowledges it: a crash in between makes two letters, of one id.
        """
        kept = {name: message.headers[name] for name in (REPLAYED_AT,) if name in message.headers}
        about = {**kept, REASON: reason, DIED_AT: at.isoformat()}
        await self._publish(_copy(message, about), self.dead_queue)

    async def letters(self, limit: int) -> DeadLetters:
        """The oldest letters, which stay; all are counted first, for one that is looked at is not counted."""
        total, waiting = await self._count(self.dead_queue), await self._count(self.source)
        taken = [message async for message in self._taken(limit)]
        await self._give_back(taken, total)
        oldest = [self._letter(message) for message in taken]
        is_whole = total <= len(oldest)
        by_reason = Counter(letter.reason for letter in oldest) if is_whole else None
        return DeadLetters(max(total, len(oldest)), oldest, by_reason, waiting)

    async def replay(self, at: datetime, limit: int, ids: Collection[str] | None) -> int:
        """Deliver letters once more, the oldest or those with these ids; returns how many."""
        meant = await self._meant(ids, limit)
        for message in meant:
            await self._publish(_copy(message, {REPLAYED_AT: at.isoformat()}), self.source)
            await message.ack()
        return len(meant)

    async def discard(self, ids: Collection[str], keep: KeepLetters) -> list[DeadLetter]:
        """Delete the letters with these ids once they are kept elsewhere, and return them."""
        meant = await self._meant(ids)
        letters = [self._letter(message) for message in meant]
        await keep(letters)  # what is not acknowledged comes back with the channel
        for message in meant:
            await message.ack()
        return letters

    async def _publish(self, message: aio_pika.Message, queue: str) -> None:
        exchange = self.channel.default_exchange
        await exchange.publish(message, queue, mandatory=True, timeout=PUBLISH_SECONDS)

    async def _meant(
        self, ids: Collection[str] | None, limit: int | None = None
    ) -> list[AbstractIncomingMessage]:
        """The letters with these ids, or all that were there at first: one that fails again comes back."""
        total = await self._count(self.dead_queue)
        meant: list[AbstractIncomingMessage] = []
        others: list[AbstractIncomingMessage] = []
        async for message in self._taken(total):
            (meant if self._letter(message).is_among(ids) else others).append(message)
            if len(meant) == limit:
                break
        await self._give_back(others, total - len(meant))
        return meant

    async def _give_back(self, messages: Sequence[AbstractIncomingMessage], total: int) -> None:
        """Leave messages where they were, and wait until they are there: a look before would miss them."""
        for message in messages:
            await message.nack(requeue=True)
        tries = GIVING_BACK_TRIES if messages else 0
        while tries and await self._count(self.dead_queue) < total:
            tries -= 1
            await asyncio.sleep(GIVING_BACK_PAUSE)

    async def _count(self, queue: str) -> int:
        counted = await self.channel.declare_queue(queue, passive=True)
        return counted.declaration_result.message_count or 0

    async def _taken(self, limit: int) -> AsyncIterator[AbstractIncomingMessage]:
        queue = await self.channel.get_queue(self.dead_queue, ensure=False)
        for _ in range(limit):
            message = await queue.get(fail=False, no_ack=False)
            if message is None:
                return
            yield message

    def _letter(self, message: AbstractIncomingMessage) -> DeadLetter:
        headers = message.headers
        return DeadLetter(
            self.queue,
            message.body,
            reason=str(headers.get(REASON, TOO_OFTEN)),
            died_at=_instant(headers.get(DIED_AT)) or _buried_by_the_broker(headers),
            replayed_at=_instant(headers.get(REPLAYED_AT)),
        )


def _instant(header: object) -> datetime | None:
    """The instant of a header; a letter from before it was kept has none."""
    try:
        return datetime.fromisoformat(header) if isinstance(header, str) else None
    except ValueError:  # of somebody else's: it keeps nobody from looking at the letter
        return None


def _buried_by_the_broker(headers: HeadersType) -> datetime | None:
    deaths = headers.get(DEATHS)
    latest = deaths[0] if isinstance(deaths, list) and deaths else None
    at = latest.get("time") if isinstance(latest, dict) else None
    return at.astimezone(UTC) if isinstance(at, datetime) else None


def _copy(message: AbstractIncomingMessage, headers: HeadersType | None = None) -> aio_pika.Message:
    return aio_pika.Message(
        message.body,
        headers=headers,
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
    )
