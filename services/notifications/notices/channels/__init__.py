"""The ways a letter leaves the house; each takes a letter and answers with a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol, runtime_checkable
from uuid import UUID

from services.notifications.policy import AttemptState, Failure


class Form(StrEnum):
    """The form in which a letter to a resident leaves."""

    EMAIL = "email"
    LETTER = "letter"
    TEXT = "text"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person or office that a letter goes to: an email address, else how else to reach them."""

    name: str | None
    email: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """The text that leaves, in plain words; with `html` it leaves in both forms."""

    subject: str
    text: str
    html: str | None = None
    large_print: bool = False
    language: str = "en"

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


class DeliveryFailure(Exception):
    """A letter that a channel did not take; `reason` is a code that names nobody, for logs and lists."""

    kind: Failure

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PermanentFailure(DeliveryFailure):
    """A letter that will never be taken for that address."""

    kind = Failure.PERMANENT


class TemporaryFailure(DeliveryFailure):
    """A letter that was not taken now: for `retry_after` seconds at least, it will not be either.

    Where it is `in_doubt`, nobody knows if it was taken: it is looked for before it is sent again.
    """

    kind = Failure.TEMPORARY

    def __init__(self, reason: str, *, retry_after: float = 0.0, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.in_doubt = in_doubt


@dataclass(frozen=True, slots=True)
class Found:
    """A letter that a provider has: its receipt, and what has become of it, in its own word too."""

    receipt: str
    state: AttemptState
    failure: Failure | None = None
    word: str = ""


class Channel(Protocol):
    """Delivers letters. Where sending twice by one id is not harmless, it finds what it sent by that id.

    `forms` are those it delivers in; one of a call goes to those who ring. One that takes `one_reader` at a
    time is given each reader's letter apart. `per_minute` is the most that it takes, if there is such a
    limit. No transaction is open while it works.
    """

    name: str
    forms: frozenset[Form]
    one_reader: bool
    per_minute: int | None

    async def deliver(self, id: UUID, to: Sequence[Recipient], letter: Letter) -> str:
        """Send, and return a receipt; raises PermanentFailure, TemporaryFailure, and OSError."""

    async def find(self, id: UUID, since: datetime) -> Found | None:
        """The letter of this id, if it was sent after that instant; None also where it cannot be known."""


@runtime_checkable
class AnsweringChannel(Channel, Protocol):
    """A channel that can be asked what became of a letter it took."""

    async def ask(self, receipt: str) -> Found | None:
        """The letter of this receipt; None once it is known no more. Raises TemporaryFailure."""
