"""The dead letters of a queue on RabbitMQ: each with its reason, looked at, replayed and discarded."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, HeadersType

from shared.messaging.broker import DeadLetter

PUBLISH_SECONDS = 5.0

REASON = "x-reason"
TOO_OFTEN = "delivered too often: each time its consumer ended"
"""The reason of a letter that has none, for it was the broker's delivery limit that buried it."""


@dataclass(frozen=True, slots=True)
class Graveyard:
    """The dead letters of `queue`, kept in `dead_queue`; those only looked at go back with the channel."""

    channel: AbstractChannel
    dead_queue: str
    queue: str

    async def bury(self, message: AbstractIncomingMessage, reason: str) -> None:
        """Put a message here with the reason, which the broker's own dead-lettering cannot keep.

        It is safe here before the caller acknowledges it: a crash in between makes two letters, of one id.
        """
        await self._publish(_copy(message, {REASON: reason}), self.dead_queue)

    async def letters(self, limit: int) -> list[DeadLetter]:
        """The oldest letters, which stay."""
        return [self._letter(message) async for message in self._taken(limit)]

    async def replay(self, target: str, limit: int, ids: Collection[str] | None) -> int:
        """Deliver letters once more, the oldest or those with these ids; returns how many."""
        replayed = 0
        async for message in self._meant(ids):
            await self._publish(_copy(message), target)
            await message.ack()
            replayed += 1
            if replayed == limit:
                break
        return replayed

    async def discard(self, ids: Collection[str]) -> list[DeadLetter]:
        """Delete the letters with these ids, and return them."""
        discarded: list[DeadLetter] = []
        async for message in self._meant(ids):
            await message.ack()
            discarded.append(self._letter(message))
        return discarded

    async def _publish(self, message: aio_pika.Message, queue: str) -> None:
        exchange = self.channel.default_exchange
        await exchange.publish(message, queue, mandatory=True, timeout=PUBLISH_SECONDS)

    async def _meant(self, ids: Collection[str] | None) -> AsyncIterator[AbstractIncomingMessage]:
        """The letters with these ids, or all that were there at first: one that fails again comes back."""
        counted = await self.channel.declare_queue(self.dead_queue, passive=True)
        async for message in self._taken(counted.declaration_result.message_count or 0):
            if self._letter(message).is_among(ids):
                yield message

    async def _taken(self, limit: int) -> AsyncIterator[AbstractIncomingMessage]:
        queue = await self.channel.get_queue(self.dead_queue, ensure=False)
        for _ in range(limit):
            message = await queue.get(fail=False, no_ack=False)
            if message is None:
                return
            yield message

    def _letter(self, message: AbstractIncomingMessage) -> DeadLetter:
        return DeadLetter(self.queue, message.body, str(message.headers.get(REASON, TOO_OFTEN)))


def _copy(message: AbstractIncomingMessage, headers: HeadersType | None = None) -> aio_pika.Message:
    return aio_pika.Message(
        message.body,
        headers=headers,
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
    )
