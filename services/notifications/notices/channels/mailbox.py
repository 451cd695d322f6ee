"""A mailbox in a folder: each letter is an `.eml` file, for a post room or a mail server to pick up."""

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

from services.notifications.notices.channels import Form, Found, Letter, Recipient
from shared.text import kept

Printer = Callable[[Letter, Recipient], bytes | None]
"""Makes a letter to an address a PDF file; None where it does not go by post."""


class Mailbox:
    """The channel that needs nothing but a folder; the file's name is the letter's id, so it exists once.

    With a printer a letter for the post has what is to be posted beside its words.
    """

    name = "mailbox"
    forms = frozenset(Form)
    one_reader = False
    per_minute: int | None = None

    def __init__(self, folder: Path, sender: str, printer: Printer | None = None) -> None:
        self._folder = folder
        self._sender = sender
        self._printer = printer

    async def deliver(self, id: UUID, to: Sequence[Recipient], letter: Letter) -> str:
        path = self._folder / f"{id}.eml"
        await asyncio.to_thread(self._file, path, id, to, letter)
        return path.name

    def _file(self, path: Path, id: UUID, to: Sequence[Recipient], letter: Letter) -> None:
        email = email_of(id, self._sender, to, letter)
        printed = self._printer(letter, to[0]) if self._printer else None
        if printed is not None:
            email.add_attachment(printed, maintype="application", subtype="pdf", filename="letter.pdf")
        policy = SMTP if all((one.email or "").isascii() for one in to) else SMTPUTF8
        _write(path, email.as_bytes(policy=policy))

    async def find(self, id: UUID, since: datetime) -> Found | None:
        """Nothing: the same letter is written once more under its own name, which leaves one file."""
        return None


def email_of(id: UUID, sender: str, to: Sequence[Recipient], letter: Letter) -> EmailMessage:
    """A letter as an email; its Message-ID is always that of the letter, so that mailboxes know it again."""
    email = EmailMessage()
    email["From"] = sender
    email["To"] = [_addressee(one) for one in to]
    for one in to:
        for header, value in (("X-Phone", one.phone), ("X-Postal-Address", one.address)):
            if value and not one.email:
                email[header] = kept(value)
    email["Subject"] = letter.subject
    email["Date"] = format_datetime(datetime.now(UTC))
    email["Message-ID"] = f"<{id}@housing>"
    # A machine wrote it (RFC 3834), so that no machine answers; the second is for those who know only that.
    email["Auto-Submitted"] = "auto-generated"
    email["X-Auto-Response-Suppress"] = "All"
    email.set_content(letter.text)
    if letter.html is not None:
        email.add_alternative(letter.html, subtype="html")
    return email


def _addressee(to: Recipient) -> Address | Group:
    """A group without members (RFC 5322) names somebody whom the post room reaches in another way."""
    name = kept(to.name or "")  # a line break in a header would begin another header
    if to.email is None:
        return Group(name or "Resident")
    username, _, domain = to.email.rpartition("@")
    return Address(name, username, domain)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before anybody says it was sent."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    with open(draft, "wb", opener=_for_the_owner_only) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _for_the_owner_only(path: str, flags: int) -> int:
    """Letters hold names and addresses."""
    return os.open(path, flags, 0o600)
