"""The broker's interface, with two implementations: RabbitMQ, and one inside the process."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.events import Event

BatchHandler = Callable[[Sequence[bytes]], Awaitable[list[str | None]]]
"""Takes bodies in order and says of each why it is to be dead-lettered, None for one that was handled.

Raising means: none was handled, deliver them again.
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """A consumer's queue and the event types it is bound to, in AMQP topic patterns."""

    name: str
    bindings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message given up on, why and when; it holds ids and facts, never a person.

    `replayed_at` is when it was last delivered once more: a letter that has it is back again.
    """

    queue: str
    body: bytes
    reason: str
    died_at: datetime | None = None
    replayed_at: datetime | None = None

    @property
    def id(self) -> str:
        """A name for the message, be it an event or not; the same message twice has one name."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    def is_among(self, ids: Collection[str] | None) -> bool:
        """Tell whether it is one of these; None stands for all."""
        return ids is None or self.id in ids


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The oldest dead letters of a queue, and how many there are in all.

    `by_reason` counts them all by their reason; None where only those shown were looked at. `waiting` is how
    many messages wait in the queue itself, as one does that is to be tried again.
    """

    total: int
    oldest: Sequence[DeadLetter]
    by_reason: Mapping[str, int] | None
    waiting: int


KeepLetters = Callable[[Sequence[DeadLetter]], Awaitable[None]]


class BrokerAway(ConnectionError):
    """The broker cannot be reached now; what was to be published stays owed."""


class BrokerRefuses(BrokerAway):
    """The broker is there and does not let us in: somebody must mend the address we were given."""


class Broker(Protocol):
    """Publishes durably and delivers at least once."""

    async def connect(self) -> None:
        """Be ready to publish; raises BrokerAway."""

    async def publish(self, events: Sequence[Event]) -> list[bool]:
        """Publish and wait until each is safe; False for one that is not. Raises BrokerAway."""

    async def consume(self, queue: Queue, handle: BatchHandler) -> None:
        """Deliver to `handle` until cancelled, across outages of the broker."""

    async def dead_letters(self, queue: str, limit: int = 100) -> DeadLetters:
        """The dead letters of a queue, left where they are. Raises BrokerAway."""

    async def replay_dead_letters(
        self, queue: str, at: datetime, limit: int = 100, ids: Collection[str] | None = None
    ) -> int:
        """Deliver dead letters once more, the oldest or those with these ids; returns how many.

        One that fails again keeps `at`, by which it is known. Raises BrokerAway.
        """

    async def discard_dead_letters(
        self, queue: str, ids: Collection[str], keep: KeepLetters
    ) -> list[DeadLetter]:
        """Delete the dead letters with these ids once `keep` has them for good, and return them.

        Where `keep` raises, or the process stops before they are deleted, they stay. Raises BrokerAway.
        """

    async def backlog(self, queue: str) -> int:
        """The number of messages that wait in a queue. Raises BrokerAway."""

    def is_connected(self) -> bool:
        """Tell whether there is a connection, which may be one to a broker that answers no more."""

    async def answers(self) -> bool:
        """Ask the broker something, and tell whether it answers within half a second."""

    async def close(self) -> None:
        """Let go of connections."""


def matches(pattern: str, routing_key: str) -> bool:
    """Match an AMQP topic pattern (`*` one word, `#` any number) against a routing key."""
    return _matches(pattern.split("."), routing_key.split("."))


def _matches(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    head, rest = pattern[0], pattern[1:]
    if head == "#":
        return any(_matches(rest, words[skip:]) for skip in range(len(words) + 1))
    return bool(words) and head in {"*", words[0]} and _matches(rest, words[1:])
