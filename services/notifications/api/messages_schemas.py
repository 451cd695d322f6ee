"""Answers about messages and inboxes."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.notifications.api.schemas import TO_DUTY_PHONE
from services.notifications.notices.channels import Form
from services.notifications.notices.compose import Composed
from services.notifications.notices.inbox import Inbox
from services.notifications.notices.languages import ENGLISH
from services.notifications.notices.previewing import Preview
from services.notifications.notices.queries.inboxes import Entry
from services.notifications.notices.rows import Message, Messages
from services.notifications.notices.sent_words import SentWords
from services.notifications.notices.texts import parts_of
from shared.cases.formats import Instant
from shared.http.paging import Page


class MessageVersion(BaseModel):
    """The words of a message in one language, by a digest of all that they are made of."""

    language: str = Field(description="ISO 639-1")
    version: str
    subject: str


class MessageOut(BaseModel):
    """One thing that somebody is told, in words that are checked when the service starts."""

    id: str
    on: str = Field(description="The type of an event, or a rung of a ladder")
    kind: str
    audiences: list[str]
    urgency: str
    written_by_owner: bool = Field(
        description="Its letter is written and kept by the service whose case it is"
    )
    versions: list[MessageVersion]

    @classmethod
    def of(cls, row: Message, messages: Messages) -> Self:
        """The row, with the version of its words in each language."""
        said = [(language, messages.said(row, language)) for language in messages.languages_of(row)]
        return cls(
            id=row.id,
            on=row.on,
            kind=row.kind or row.on,
            audiences=[*row.audiences],
            urgency=row.urgency.name.lower(),
            written_by_owner=row.kept_by_owner,
            versions=[
                MessageVersion(language=language, version=words.version, subject=words.subject)
                for language, words in said
            ],
        )


class MessagesOut(BaseModel):
    """Every message."""

    items: list[MessageOut]


class PreviewedLetter(BaseModel):
    """A letter as it would leave now."""

    form: str
    subject: str
    text: str
    text_parts: int | None = Field(description="The parts that a text message is paid as")

    @classmethod
    def of(cls, one: Composed) -> Self:
        """The letter, without whoever would get it."""
        is_text = one.form is Form.TEXT
        return cls(
            form=one.form,
            subject=one.letter.subject,
            text=one.letter.text,
            text_parts=parts_of(one.letter.text) if is_text else None,
        )


class PreviewOut(BaseModel):
    """A message as it would be said about a case now, and what would go along with it."""

    message: str
    version: str
    audience: str
    reference: str
    letters: list[PreviewedLetter]

    @classmethod
    def of(cls, preview: Preview, messages: Messages) -> Self:
        """The preview, with the version of its words."""
        row = preview.message
        return cls(
            message=row.id,
            version=messages.said(row, preview.language).version,
            audience=row.audiences[0],
            reference=preview.reference,
            letters=[PreviewedLetter.of(one) for one in preview.letters],
        )


class SentWordsOut(BaseModel):
    """The words of a notice about its case, as they were sent."""

    id: UUID
    reference: str
    kind: str
    audience: str
    to_duty_phone: bool = Field(description=TO_DUTY_PHONE)
    channel: str | None
    form: str | None = Field(description="Email, letter or text, once it has left; null: not known any more")
    sent_at: Instant
    subject: str
    text: str
    language: str = Field(description="ISO 639-1")

    @classmethod
    def of(cls, said: SentWords) -> Self:
        """The words, with whom they were for and how they left."""
        notice = said.notice
        return cls(
            id=notice.id,
            reference=notice.reference,
            kind=notice.kind,
            audience=notice.reader,
            to_duty_phone=notice.to_duty_phone,
            channel=notice.channel,
            form=notice.form,
            sent_at=_known(notice.sent_at),
            subject=said.subject,
            text=said.text,
            language=said.language,
        )


class InboxItem(BaseModel):
    """Something that the caller was sent about a case, as it was sent."""

    id: UUID
    reference: str
    kind: str
    audience: str
    to_duty_phone: bool = Field(description=TO_DUTY_PHONE)
    status: str
    sent_at: Instant
    channel: str | None
    form: str | None = Field(description="Email, letter or text, once it has left; null: not known any more")
    letter: UUID | None = Field(description="The letter that it left in, maybe with others")
    subject: str | None = Field(description="Null where the words are not kept here, or no longer")
    text: str | None
    language: str
    message: str | None
    message_version: str | None
    read_at: Instant | None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The notice, with the words of its letter about its case."""
        notice, words = entry.notice, entry.letter
        return cls(
            id=notice.id,
            reference=notice.reference,
            kind=notice.kind,
            audience=notice.reader,
            to_duty_phone=notice.to_duty_phone,
            status=notice.status,
            sent_at=_known(notice.sent_at),
            channel=notice.channel,
            form=notice.form,
            letter=notice.left_with,
            subject=words.subject if words else None,
            text=words.text if words else None,
            language=words.language if words else ENGLISH,
            message=notice.message,
            message_version=notice.message_version,
            read_at=entry.read_at,
        )


class InboxPage(Page[InboxItem]):
    """Some of an inbox, the latest first."""

    unavailable: list[str] = Field(description="The services whose cases are left out, as they do not answer")

    @classmethod
    def of_inbox(cls, inbox: Inbox) -> Self:
        """The page."""
        items = [InboxItem.of(entry) for entry in inbox.entries]
        return cls(items=items, next=inbox.next, unavailable=[*inbox.unavailable])


def _known(at: datetime | None) -> datetime:
    assert at is not None
    return at
