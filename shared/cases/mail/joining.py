"""Joining a mail to the case that it quotes: it is kept with the case, whose handler is told."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from shared.cases import queries
from shared.cases.attachments import images
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.attachments.service import File as KeptFile, attach_of_mail
from shared.cases.columns import CaseColumns
from shared.cases.events import MailReceived, TextReceived
from shared.cases.mail.mails import File, Mail, Sender, sender_of, text_message
from shared.cases.mail.reading import read_mail
from shared.cases.schemas import RequestModel
from shared.cases.times import act_now
from shared.cases.words import LINES, Line
from shared.errors import Invalid
from shared.events import Event, Facts
from shared.http.bodies import Upload
from shared.work import UnitOfWork

MEDIA_TYPES = ("message/rfc822",)
MOST_BYTES = 32 * 1024 * 1024
MOST_OF_A_TEXT = 255 * 153
"""Characters of the longest text message that there can be: 255 parts (3GPP TS 23.040)."""

TextWords = Annotated[str, StringConstraints(min_length=1, max_length=MOST_OF_A_TEXT), LINES]
"""The words of a text message."""


class TextBrought(RequestModel):
    """A text message that quotes a case."""

    sender: Line
    message: TextWords


class MailJoined(BaseModel):
    """The case that a mail or text joined, and the sequence of the event that tells of it; no word of it."""

    reference: str
    sequence: int


KeepWords = Callable[[UnitOfWork, Event, Mail], Awaitable[None]]
"""A service's own way to keep the words of a mail, under the event that tells of it."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The place of mail about a service's cases: their table, and that of their attachments.

    The words of a mail are an attachment too, unless the service keeps them its own way.
    """

    cases: type[CaseColumns]
    attachments: type[AttachmentColumns]
    keep_words: KeepWords | None = None


async def join(work: UnitOfWork, mailbox: Mailbox, reference: str, upload: Upload) -> MailJoined:
    """Keep a mail with the case that it quotes; it starts, stops and answers nothing. Raises NotFound."""
    mail = await asyncio.to_thread(read_mail, upload.content)
    files = [await without_metadata(file) for file in mail.files]
    fact = MailReceived(automatic=sender_of(mail) is Sender.MACHINE)
    return await _keep(work, mailbox, reference, mail, files, fact)


async def join_text(work: UnitOfWork, mailbox: Mailbox, reference: str, body: TextBrought) -> MailJoined:
    """Keep a text message with the case that it quotes, as a mail is. Raises NotFound."""
    return await _keep(work, mailbox, reference, text_message(body.sender, body.message), [], TextReceived())


async def _keep(
    work: UnitOfWork, mailbox: Mailbox, reference: str, mail: Mail, files: list[File], fact: Facts
) -> MailJoined:
    case = await queries.get_for_update(work, mailbox.cases, reference)
    event = work.record(case, fact, at=await act_now(work, case))
    await work.session.flush()
    if mailbox.keep_words is not None:
        await mailbox.keep_words(work, event, mail)
    else:
        words = File("", "text/plain", _as_text(mail, files).encode())
        await _attach(work, mailbox, case, words)
    for file in files:
        await _attach(work, mailbox, case, file)
    return MailJoined(reference=case.reference, sequence=event.sequence)


async def without_metadata(file: File) -> File:
    """A file as it is kept: a picture says where it was taken and with whose camera, and is rid of that."""
    if file.media_type not in images.FORMATS:
        return file
    try:
        return File(file.name, file.media_type, await images.stripped(file.content, file.media_type))
    except Invalid:  # no picture, whatever it calls itself; nobody's browser runs it
        return file


async def _attach(work: UnitOfWork, mailbox: Mailbox, case: Any, file: File) -> None:
    digest = await asyncio.to_thread(hashlib.sha256, file.content)
    kept = KeptFile(file.media_type, file.content, digest.digest())
    await attach_of_mail(work, mailbox.attachments, case, kept)
    await work.session.flush()  # the same file twice in one mail is kept once


def _as_text(mail: Mail, files: list[File]) -> str:
    """The words of a mail with who wrote it, and the names of what came with it."""
    address = mail.sender if mail.is_text_message or not mail.sender else f"<{mail.sender}>"
    sender = " ".join(filter(None, (mail.name, address)))
    lines = [f"From: {sender}", f"Subject: {mail.subject}"]
    lines += [f"File: {file.name} ({file.media_type}, {len(file.content)} bytes)" for file in files]
    return "\n".join([*lines, "", mail.text])
