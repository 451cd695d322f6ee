"""Taking in a mail: it opens an enquiry, joins a case, is filed, or is a letter of ours that came back."""

import asyncio
import hashlib
from dataclasses import dataclass
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from services.enquiries import events
from services.enquiries.events import Channel
from services.enquiries.models import Enquiry, InboundMail, MessageAttachment
from services.enquiries.policy import DEPARTMENT
from services.enquiries.policy.enquiry import Kind
from services.enquiries.policy.mail import ACKNOWLEDGED_WITHIN, Outcome, may_be_acknowledged
from services.enquiries.policy.messages import MessageKind
from services.enquiries.queries import enquiry as enquiries, mail as queries
from services.enquiries.schemas.receipt import NewEnquiry
from services.enquiries.service.answering import record_reply
from services.enquiries.service.handing_over import Parcel, hand_over
from services.enquiries.service.receiving import open_enquiry, record_receipt
from services.enquiries.service.writing import keep_message
from shared.cases.contact import Contact, Email
from shared.cases.mail.joining import without_metadata
from shared.cases.mail.mails import File, Mail, Sender, references_in, sender_of
from shared.cases.mail.reading import read_mail
from shared.cases.schemas import Channel as AnyChannel
from shared.cases.times import act_now
from shared.errors import Invalid
from shared.http.bodies import Upload
from shared.references import prefix_of
from shared.text import compared
from shared.work import UnitOfWork

OUR_PREFIX = "ENQ"
NOBODY = "The mail does not say who wrote it."
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


@dataclass(slots=True)
class ReturnedLetter:
    """A letter that came back, as something with a history of its own."""

    reference: str
    version: int = 0


async def take_in(work: UnitOfWork, upload: Upload) -> InboundMail:
    """Take a mail in, once, however often it is sent.

    One that quotes another service's case joins it there before the answer, and nothing of it is kept here.
    Raises Invalid for one without an address to answer to, Unavailable while that service cannot be reached.
    """
    mail = await asyncio.to_thread(read_mail, upload.content)
    digest = hashlib.sha256(upload.content).digest()
    written_by = sender_of(mail)
    if mail.sender is None and written_by in {Sender.PERSON, Sender.TICKET_SYSTEM}:
        raise Invalid(NOBODY)
    if written_by is not Sender.BOUNCE and (
        case := await hand_over(work.state, mail, Parcel.of_mail(upload, digest))
    ):
        return InboundMail(reference=case, outcome=Outcome.JOINED, written_by=written_by)
    files = [await without_metadata(file) for file in mail.files]
    sender = compared(mail.sender or "")
    await queries.lock_sender(work, sender)
    if (earlier := await queries.known(work, digest)) is not None:
        return earlier
    taken = InboundMail(
        digest=digest, written_by=written_by, sender=sender, acknowledged=False, received_at=work.now
    )
    if written_by is Sender.BOUNCE:
        _record_bounce(work, taken, mail)
    else:
        await join_or_open(work, taken, mail, files)
    work.add(taken)
    return taken


async def join_or_open(
    work: UnitOfWork, taken: InboundMail, mail: Mail, files: list[File], *, acknowledge: bool = True
) -> None:
    """Keep a mail with the enquiry it quotes, or a new one; a machine's that quotes none is filed."""
    if (joined := await _quoted(work, mail)) is not None:
        await _join(work, taken, joined, mail, files)
    elif taken.written_by == Sender.MACHINE:
        taken.outcome, taken.subject, taken.text = Outcome.FILED, mail.subject, mail.text
    else:
        await _open(work, taken, mail, files, acknowledge=acknowledge)


def _record_bounce(work: UnitOfWork, taken: InboundMail, mail: Mail) -> None:
    taken.outcome, taken.subject = Outcome.BOUNCE, mail.subject
    for letter in mail.letters:
        work.record(ReturnedLetter(str(uuid4())), events.NoticeBounced(letter=letter))


async def _quoted(work: UnitOfWork, mail: Mail) -> Enquiry | None:
    """The enquiry whose reference a mail quotes, locked."""
    for reference in references_in(mail, {OUR_PREFIX}):
        for found in await enquiries.locked(work, [reference]):
            return found
    return None


async def _join(
    work: UnitOfWork, taken: InboundMail, enquiry: Enquiry, mail: Mail, files: list[File]
) -> None:
    taken.reference = enquiry.reference
    at = await act_now(work, enquiry)
    kind = _message_kind(mail)
    if taken.written_by == Sender.MACHINE:
        kind, taken.outcome = MessageKind.AUTOMATIC_REPLY, Outcome.FILED
        since = work.now - ACKNOWLEDGED_WITHIN
        if not await queries.was_filed_since(work, enquiry.reference, taken.sender, since):
            work.record(enquiry, events.AutomaticReplyFiled(), at=at)
    else:
        taken.outcome = Outcome.REPLY
        record_reply(work, enquiry, Channel(_channel(mail)), at)
    message = await keep_message(
        work, enquiry, kind, mail.text, at, subject=mail.subject, by=mail.sender or taken.sender
    )
    message.sequence = None
    _keep_files(work, enquiry, message.number, files)


async def _open(
    work: UnitOfWork, taken: InboundMail, mail: Mail, files: list[File], *, acknowledge: bool
) -> None:
    since = work.now - ACKNOWLEDGED_WITHIN
    before = await queries.acknowledged_since(work, taken.sender, since)
    taken.acknowledged = acknowledge and may_be_acknowledged(Sender(taken.written_by), before)
    about, department = _about(work, mail)
    body = NewEnquiry.model_construct(
        channel=_channel(mail),
        kind=Kind.ENQUIRY,
        subject=mail.subject,
        message=mail.text,
        contact=_contact(mail),
        about_reference=about,
    )
    enquiry = open_enquiry(work, body, department=department)
    record_receipt(work, enquiry, acknowledge=taken.acknowledged)
    taken.reference, taken.outcome = enquiry.reference, Outcome.ENQUIRY
    message = await keep_message(
        work, enquiry, _message_kind(mail), mail.text, work.now, subject=mail.subject, by=mail.sender
    )
    message.sequence = None
    _keep_files(work, enquiry, message.number, files)


def _about(work: UnitOfWork, mail: Mail) -> tuple[str | None, str]:
    """The case of another service that a mail quotes, and the department whose answer it is."""
    services = {prefix: row for row in work.state.settings.directory.owner_rows for prefix in row.prefixes}
    for reference in references_in(mail, services):
        row = services[prefix_of(reference)]
        return reference, row.departments[0] if row.departments else DEPARTMENT
    return None, DEPARTMENT


def _message_kind(mail: Mail) -> MessageKind:
    return MessageKind.TEXT if mail.is_text_message else MessageKind.EMAIL


def _channel(mail: Mail) -> AnyChannel:
    return AnyChannel.MOBILE if mail.is_text_message else AnyChannel.EMAIL


def _contact(mail: Mail) -> Contact:
    if mail.is_text_message:
        return Contact.model_construct(phone=mail.sender, preferred_channel=AnyChannel.MOBILE)
    return Contact.model_construct(name=mail.name, email=_address(mail))


def _address(mail: Mail) -> str | None:
    try:
        return _EMAIL.validate_python(mail.sender)
    except ValidationError:
        return None


def _keep_files(work: UnitOfWork, enquiry: Enquiry, message: int, files: list[File]) -> None:
    for number, file in enumerate(files, 1):
        work.add(
            MessageAttachment(
                reference=enquiry.reference,
                message=message,
                number=number,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                content=file.content,
            )
        )
