"""Keeping what is written to and fro about an enquiry, word for word, and sending what is ours."""

from datetime import date, datetime

from services.enquiries.models import Enquiry, Message
from services.enquiries.policy.messages import LETTERS, REPLY, MessageKind, as_html, letter_of
from services.enquiries.queries import enquiry as queries
from shared.cases.schemas import WrittenLetter
from shared.work import UnitOfWork

TELLS_A_DATE = frozenset({MessageKind.HOLDING_REPLY, MessageKind.EXTENSION})


async def keep_message(
    work: UnitOfWork,
    enquiry: Enquiry,
    kind: MessageKind,
    text: str,
    at: datetime,
    *,
    subject: str | None = None,
    by: str | None = None,
) -> Message:
    """Keep a text with an enquiry whose row is locked; the event recorded last tells of it."""
    message = Message(
        reference=enquiry.reference,
        number=await queries.next_message(work, enquiry.reference),
        sequence=enquiry.version,
        kind=kind,
        subject=subject or LETTERS.get(kind, REPLY),
        text=text,
        written_at=at,
        written_by=by or work.caller.subject,
    )
    work.add(message)
    return message


async def write_letter(
    work: UnitOfWork, enquiry: Enquiry, kind: MessageKind, text: str, at: datetime
) -> None:
    """Keep a letter to the enquirer, which is sent exactly so; the event recorded last tells of it."""
    until = enquiry.expected_answer_on if kind is MessageKind.REFERRAL else None
    if kind in TELLS_A_DATE:
        until = enquiry.respond_by
    team = f"The {enquiry.department} team, {work.state.settings.council}"
    whole = letter_of(
        text,
        reference=enquiry.reference,
        name=enquiry.contact.get("name"),
        until=spoken(until) if until else None,
        signed=f"{enquiry.handler_name}\n{team}" if enquiry.handler_name else team,
    )
    await keep_message(work, enquiry, kind, whole, at)


def spoken(day: date) -> str:
    """A day as one says it: "Monday 5 January 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


async def written_letter(work: UnitOfWork, reference: str, sequence: int) -> WrittenLetter:
    """The letter that tells of an event, as it is sent; raises NotFound."""
    kept = await queries.letter(work, reference, sequence)
    return WrittenLetter(subject=kept.subject, text=kept.text, html=as_html(kept.subject, kept.text))
