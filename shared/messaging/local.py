"""The broker inside one process: the events table is its queue, so a crash loses nothing.

`publish` hands a batch to each matching consumer and returns only after that has committed; the
relay marks rows published after that, so an event whose process dies in between is delivered again.
"""

import asyncio
from collections.abc import Collection, Sequence
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

    async def answers(self) -> bool:
        return True

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
        for body, reason in zip(bodies, handled, strict=True):
            if reason is not None:
                await asyncio.to_thread(self._store_dead_letter, DeadLetter(name, body, reason))
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
        return [letter for _, letter in self._stored_dead_letters(queue)[:limit]]

    async def replay_dead_letters(
        self, queue: str, limit: int = 100, ids: Collection[str] | None = None
    ) -> int:
        meant = [each for each in self._stored_dead_letters(queue) if each[1].is_among(ids)]
        for path, letter in meant[:limit]:
            if not await self._deliver(queue, [letter.body]):
                raise BrokerAway(f"nothing consumes {queue} now")
            _remove(path)  # not before, or a stop in between would lose it; one that failed is stored anew
        return len(meant[:limit])

    async def discard_dead_letters(self, queue: str, ids: Collection[str]) -> list[DeadLetter]:
        meant = [each for each in self._stored_dead_letters(queue) if each[1].is_among(ids)]
        for path, _ in meant:
            _remove(path)
        return [letter for _, letter in meant]

    async def backlog(self, queue: str) -> int:
        """Always none: what waits is in the events tables, and counted there."""
        return 0

    async def close(self) -> None:
        return None

    def _stored_dead_letters(self, queue: str) -> list[tuple[Path, DeadLetter]]:
        """Every dead letter of a queue and its file, the oldest first; the reason is in a file beside it."""
        return [
            (path, DeadLetter(queue, path.read_bytes(), _reason_of(path)))
            for path in sorted((self._folder / queue).glob("*.json"))
        ]

    def _store_dead_letter(self, letter: DeadLetter) -> None:
        folder = self._folder / letter.queue
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + max((int(path.stem) for path in folder.glob("*.json")), default=0)
        path = folder / f"{number:08d}.json"
        _reason_file(path).write_text(letter.reason, "utf-8")
        draft = path.with_suffix(".part")
        draft.write_bytes(letter.body)
        draft.rename(path)


def _reason_file(path: Path) -> Path:
    return path.with_suffix(".reason")


def _reason_of(path: Path) -> str:
    """The reason of a letter, which one from before reasons were kept has not."""
    kept = _reason_file(path)
    return kept.read_text("utf-8") if kept.exists() else "no reason was kept"


def _remove(path: Path) -> None:
    path.unlink()
    _reason_file(path).unlink(missing_ok=True)


def _wants(queue: Queue, event: Event) -> bool:
    return any(matches(pattern, event.type) for pattern in queue.bindings)
