"""The ways a notice leaves the house; each takes a message and answers with a receipt."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to: an email address where there is one, else how else to reach them."""

    name: str | None
    email: str | None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """The text of a notice, in plain words."""

    subject: str
    text: str


class Channel(Protocol):
    """Delivers a message; doing so twice with one id must be harmless, or reconciled by that id."""

    name: str

    async def deliver(self, id: UUID, to: Recipient, message: Message) -> str:
        """Send, and return a receipt; raises OSError when that is not possible now."""
