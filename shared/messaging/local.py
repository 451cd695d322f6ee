"""The broker inside one process: the events table is its queue, so a crash loses nothing.

`publish` hands a batch to each matching consumer and returns only after that has committed; the
relay marks rows published after that, so an event whose process dies in between is delivered again.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from shared.events import Event
from shared.messaging.broker import BatchHandler, BrokerAway, DeadLetter, Queue, matches


class LocalBroker:
    """The broker interface without a server; dead letters are files, one each, under `dead_letters`."""

    def __init__(self, dead_letters: Path) -> None:
        self._folder = dead_letters
        self._consumers: dict[str, BatchHandler] = {}
        self._known: dict[str, Queue] = {}
        self._turn: dict[str, asyncio.Lock] = {}

    def is_connected(self) -> bool:
        return True

    async def connect(self) -> None:
        return None

    async def publish(self, events: Sequence[Event]) -> list[bool]:
        """False for an event that some bound consumer has not taken, or that no queue is bound to."""
        bodies = [event.to_json() for event in events]
        safe = [any(_wants(queue, event) for queue in self._known.values()) for event in events]
        for name, queue in list(self._known.items()):
            wanted = [index for index, event in enumerate(events) if _wants(queue, event)]
            if wanted and not await self._deliver(name, [bodies[index] for index in wanted]):
                for index in wanted:
                    safe[index] = False
        return safe

    async def _deliver(self, name: str, bodies: Sequence[bytes]) -> bool:
        async with self._turn[name]:
            if name not in self._consumers:
                return False
            handled = await self._consumers[name](bodies)
        for body, done in zip(bodies, handled, strict=True):
            if not done:
                await asyncio.to_thread(self._store_dead_letter, name, body)
        return True

    def declare(self, queue: Queue) -> None:
        """Make a queue known before its consumer listens: what it is bound to waits for it."""
        self._known[queue.name] = queue
        self._turn.setdefault(queue.name, asyncio.Lock())

    async def consume(self, queue: Queue, handle: BatchHandler) -> None:
        self.declare(queue)
        self._consumers[queue.name] = handle
        try:
            await asyncio.Event().wait()
        finally:
            self._consumers.pop(queue.name, None)

    async def dead_letters(self, queue: str, limit: int = 100) -> list[DeadLetter]:
        return [DeadLetter(queue, path.read_bytes()) for path in self._dead_letter_files(queue)[:limit]]

    async def replay_dead_letters(self, queue: str, limit: int = 100) -> int:
        replayed = 0
        for path in self._dead_letter_files(queue)[:limit]:
            if not await self._deliver(queue, [path.read_bytes()]):
                raise BrokerAway(f"nothing consumes {queue} now")
            path.unlink()  # not before, or a stop in between would lose it; one that failed is stored anew
            replayed += 1
        return replayed

    async def backlog(self, queue: str) -> int:
        """Always none: what waits is in the events tables, and counted there."""
        return 0

    async def close(self) -> None:
        return None

    def _dead_letter_files(self, queue: str) -> list[Path]:
        return sorted((self._folder / queue).glob("*.json"))

    def _store_dead_letter(self, queue: str, body: bytes) -> None:
        folder = self._folder / queue
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + max((int(path.stem) for path in folder.glob("*.json")), default=0)
        draft = folder / f"{number:08d}.part"
        draft.write_bytes(body)
        draft.rename(folder / f"{number:08d}.json")


def _wants(queue: Queue, event: Event) -> bool:
    return any(matches(pattern, event.type) for pattern in queue.bindings)
