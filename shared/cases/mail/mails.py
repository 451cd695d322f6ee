"""Rules of mail: a person's, a machine's, or a letter of ours that came back; and about which cases."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from shared.references import normalised, prefix_of


class Sender(StrEnum):
    """The writer of a mail, as its headers and its text show them."""

    PERSON = "person"
    TICKET_SYSTEM = "ticket_system"
    MACHINE = "machine"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as far as it matters: headers in small letters, and the text as its writer meant it.

    `letters` are the ids of our own letters that a report of failed delivery carries. A text message is one
    too: its sender is a telephone number.
    """

    sender: str | None
    name: str | None
    subject: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    is_report: bool = False
    has_failed: bool = False
    letters: tuple[str, ...] = ()
    is_text_message: bool = False


TEXT_MESSAGE = "Text message"
"""The subject of a text message, which has none."""


def text_message(number: str, words: str) -> Mail:
    """A text message from that number."""
    return Mail(sender=number, name=None, subject=TEXT_MESSAGE, text=words, is_text_message=True)


BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
OF_LISTS = ("list-id", "list-unsubscribe")
BY_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-response-suppress")
QUOTED = re.compile(r"^(>.*|On .{0,200} wrote:|-+ ?Original Message ?-+|_{10,})$", re.IGNORECASE)
REFERENCE = re.compile(r"(?<![A-Z0-9])[A-Z]{3}[-\s]?[0-9A-Z]{4}[-\s]?[0-9A-Z]{4}(?![A-Z0-9])", re.IGNORECASE)


def sender_of(mail: Mail) -> Sender:
    """Tell who wrote a mail (RFC 3834, RFC 3464)."""
    headers = mail.headers
    automatic = re.split(r"[;(\s]", headers.get("auto-submitted", "no"), maxsplit=1)[0]
    if mail.is_report and mail.has_failed:
        return Sender.BOUNCE
    if (
        mail.is_report
        or automatic == "auto-replied"
        or headers.get("precedence") in BULK
        or headers.get("return-path") == "<>"
        or any(name in headers for name in OF_LISTS)
    ):
        return Sender.MACHINE
    if automatic != "no" or any(name in headers for name in BY_MACHINES):
        return Sender.TICKET_SYSTEM if new_text(mail.text) else Sender.MACHINE
    return Sender.PERSON


def new_text(text: str) -> str:
    """The lines that a mail does not quote."""
    return "\n".join(line for line in text.splitlines() if line.strip() and not QUOTED.match(line.strip()))


def references_in(mail: Mail, prefixes: Collection[str]) -> Iterator[str]:
    """The references that a mail quotes: in its subject, in its own words, then in what it quotes."""
    for text in (mail.subject, new_text(mail.text), mail.text):
        for found in REFERENCE.finditer(text):
            reference = normalised(found[0])
            if reference is not None and prefix_of(reference) in prefixes:
                yield reference
