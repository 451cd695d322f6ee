"""The broker inside one process: the events table is its queue, so a crash loses nothing.

`publish` hands a batch to each matching consumer and returns only after that has committed; the
relay marks rows published after that, so an event whose process dies in between is delivered again.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared.events import Event
from shared.messaging.broker import (
    BatchHandler,
    BrokerAway,
    DeadLetter,
    DeadLetters,
    KeepLetters,
    Queue,
    matches,
)


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

    async def _deliver(self, name: str, bodies: Sequence[bytes], replayed_at: datetime | None = None) -> bool:
        async with self._turn[name]:
            if name not in self._consumers:
                return False
            handled = await self._consumers[name](bodies)
        for body, reason in zip(bodies, handled, strict=True):
            if reason is not None:
                letter = DeadLetter(name, body, reason, replayed_at=replayed_at)
                await asyncio.to_thread(self._store_dead_letter, letter)
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

    async def dead_letters(self, queue: str, limit: int = 100) -> DeadLetters:
        letters = [letter for _, letter in self._stored_dead_letters(queue)]
        by_reason = Counter(letter.reason for letter in letters)
        return DeadLetters(len(letters), letters[:limit], by_reason, await self.backlog(queue))

    async def replay_dead_letters(
        self, queue: str, at: datetime, limit: int = 100, ids: Collection[str] | None = None
    ) -> int:
        meant = [each for each in self._stored_dead_letters(queue) if each[1].is_among(ids)]
        for path, letter in meant[:limit]:
            if not await self._deliver(queue, [letter.body], at):
                raise BrokerAway(f"nothing consumes {queue} now")
            _remove(path)  # not before, or a stop in between would lose it; one that failed is stored anew
        return len(meant[:limit])

    async def discard_dead_letters(
        self, queue: str, ids: Collection[str], keep: KeepLetters
    ) -> list[DeadLetter]:
        meant = [each for each in self._stored_dead_letters(queue) if each[1].is_among(ids)]
        letters = [letter for _, letter in meant]
        await keep(letters)
        for path, _ in meant:
            _remove(path)
        return letters

    async def backlog(self, queue: str) -> int:
        """Always none: what waits is in the events tables, and counted there."""
        return 0

    async def close(self) -> None:
        return None

    def _stored_dead_letters(self, queue: str) -> list[tuple[Path, DeadLetter]]:
        """Every dead letter of a queue and its file, the oldest first."""
        return [
            (path, _stored_dead_letter(queue, path)) for path in sorted((self._folder / queue).glob("*.json"))
        ]

    def _store_dead_letter(self, letter: DeadLetter) -> None:
        folder = self._folder / letter.queue
        folder.mkdir(parents=True, exist_ok=True)
        number = 1 + max((int(path.stem) for path in folder.glob("*.json")), default=0)
        path = folder / f"{number:08d}.json"
        about = [letter.reason, *([letter.replayed_at.isoformat()] if letter.replayed_at else [])]
        _reason_file(path).write_text("\n".join(about), "utf-8")
        draft = path.with_suffix(".part")
        draft.write_bytes(letter.body)
        draft.rename(path)


def _reason_file(path: Path) -> Path:
    return path.with_suffix(".reason")


def _stored_dead_letter(queue: str, path: Path) -> DeadLetter:
    """The letter in a file, which was written as it died; one from before reasons were kept has none.

    The file beside it has the reason, and in a second line when it was last replayed.
    """
    kept = _reason_file(path)
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    reason, *replayed = lines or ["no reason was kept"]
    return DeadLetter(
        queue,
        path.read_bytes(),
        reason,
        died_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        replayed_at=datetime.fromisoformat(replayed[0]) if replayed else None,
    )


def _remove(path: Path) -> None:
    path.unlink()
    _reason_file(path).unlink(missing_ok=True)


def _wants(queue: Queue, event: Event) -> bool:
    return any(matches(pattern, event.type) for pattern in queue.bindings)
