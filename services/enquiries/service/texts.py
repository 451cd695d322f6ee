"""Taking in a text message: like a mail, it opens an enquiry, joins a case, or is filed."""

from dataclasses import replace
from hashlib import sha256

from services.enquiries.models import InboundMail
from services.enquiries.policy.mail import Outcome
from services.enquiries.policy.texts import NO_MORE_TEXTS, asks_to_stop, writer_of
from services.enquiries.queries import mail as queries
from services.enquiries.schemas.texts import NotifyText
from services.enquiries.service.handing_over import Parcel, hand_over
from services.enquiries.service.mail import join_or_open
from shared.cases.contact import e164
from shared.cases.mail.mails import text_message
from shared.work import UnitOfWork


async def take_in(work: UnitOfWork, body: NotifyText) -> InboundMail:
    """Take a text message in, once by Notify's id, however often it is called back with.

    One that quotes another service's case joins it there before the answer, and nothing of it is kept here.
    Raises Unavailable while that service cannot be reached: Notify then comes again.
    """
    number = number_of(body.source_number)
    text = text_message(number or body.source_number, body.message)
    written_by, digest = writer_of(number), sha256(body.id.bytes).digest()
    if case := await hand_over(work.state, text, Parcel.of_text(text, digest)):
        return InboundMail(reference=case, outcome=Outcome.JOINED, written_by=written_by)
    sender = text.sender or ""
    await queries.lock_sender(work, sender)
    if (earlier := await queries.known(work, digest)) is not None:
        return earlier
    taken = InboundMail(
        digest=digest, written_by=written_by, sender=sender, acknowledged=False, received_at=work.now
    )
    if asks_to_stop(text.text):
        await join_or_open(work, taken, replace(text, subject=NO_MORE_TEXTS), [], acknowledge=False)
    else:
        await join_or_open(work, taken, text, [])
    work.add(taken)
    return taken


def number_of(source: str) -> str | None:
    """The number of a text's writer in E.164, which Notify gives without its plus sign; None for no number.

    A short code, or a name in the place of a number, is a machine's, and nobody can answer it.
    """
    digits = "".join(source.split())
    is_international = digits.isdecimal() and not digits.startswith("0")
    return e164(f"+{digits}" if is_international else digits)
