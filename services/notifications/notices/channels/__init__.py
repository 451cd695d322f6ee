"""The ways a letter leaves the house; each takes a letter and answers with a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from uuid import UUID


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

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


class Channel(Protocol):
    """Delivers a letter; doing so twice with one id must be harmless, or reconciled by that id."""

    name: str

    async def deliver(self, id: UUID, to: Sequence[Recipient], letter: Letter) -> str:
        """Send, and return a receipt; raises OSError when it was not sent."""
