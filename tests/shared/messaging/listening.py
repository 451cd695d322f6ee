"""Listening on a broker, and sending to it, as consumers and the relay do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from shared.events import Event
from shared.messaging.broker import Broker, Queue
from tests.shared.messaging.facts import event

EVERYTHING = Queue("notifications", ("#",))
PROBE = "PROBE"
REFUSED = "LookupError at a test"


class Listener:
    """A batch handler that remembers what it handled; `judge` says of each event whether it is well."""

    def __init__(self, judge: Callable[[Event], bool] = lambda _: True) -> None:
        self.received: list[Event] = []
        self.probed = False
        self._judge = judge

    async def __call__(self, bodies: Sequence[bytes]) -> list[str | None]:
        told = [Event.from_json(body) for body in bodies]
        self.probed = self.probed or any(event.reference == PROBE for event in told)
        real = {event.id: self._judge(event) for event in told if event.reference != PROBE}
        self.received += [event for event in told if real.get(event.id)]
        return [None if real.get(event.id, True) else REFUSED for event in told]


@asynccontextmanager
async def listening(broker: Broker, listener: Listener, queue: Queue = EVERYTHING) -> AsyncIterator[None]:
    """Consume with this listener, from when the queue is known to be bound to the end of the block."""
    consuming = asyncio.create_task(broker.consume(queue, listener))
    try:
        while not listener.probed:
            await broker.publish([event(PROBE, kind=queue.bindings[0].replace("#", "probe"))])
            await asyncio.sleep(0.02)
        yield
    finally:
        consuming.cancel()
        with suppress(asyncio.CancelledError):
            await consuming


async def send(broker: Broker, *events: Event) -> None:
    """Publish as the relay does: what is not safe is published again."""
    owed = list(events)
    while owed:
        try:
            safe = await broker.publish(owed)
        except Exception:
            safe = [False] * len(owed)
        owed = [event for event, is_safe in zip(owed, safe, strict=True) if not is_safe]
        await asyncio.sleep(0.01)
