"""Questions about enquiries and what was written about them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import undefer

from services.enquiries.models import Enquiry, Feedback, Message, MessageAttachment, Reason, TakenUp
from services.enquiries.schemas.receipt import EnquiryFilters
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.reasons import reasons_of
from shared.errors import NotFound
from shared.http.paging import PageRequest
from shared.references import normalised, prefix_of
from shared.work import UnitOfWork


async def enquiry(work: UnitOfWork, reference: str) -> Enquiry:
    """An enquiry that the caller sees; raises NotFound."""
    return await cases.get(work, Enquiry, reference, visible_to(Enquiry, work.caller))


async def enquiry_for_update(work: UnitOfWork, reference: str) -> Enquiry:
    """An enquiry that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Enquiry, reference, visible_to(Enquiry, work.caller))


async def made_complaint(work: UnitOfWork, reference: str) -> Enquiry | Feedback:
    """An enquiry or feedback that was made a complaint, for the service that takes it up; raises NotFound."""
    if prefix_of(cases.known(reference)) == "FBK":
        return await cases.get(work, Feedback, reference, Feedback.complaint_requested_at.is_not(None))
    return await cases.get(work, Enquiry, reference, Enquiry.complaint_requested_at.is_not(None))


async def locked(work: UnitOfWork, references: Sequence[str]) -> Sequence[Enquiry]:
    """Those of these enquiries that there are, whoever may see them, locked in order of reference."""
    query = select(Enquiry).where(Enquiry.reference.in_(references)).order_by(Enquiry.reference)
    return (await work.session.scalars(query.with_for_update())).all()


async def listed(
    work: UnitOfWork, filters: EnquiryFilters, page: PageRequest
) -> tuple[Sequence[Enquiry], str | None]:
    """A page of the enquiries that the caller sees, and the cursor of the next; raises Invalid."""
    return await cases.listed(work, Enquiry, filters, page, *_asked_for(filters))


def _asked_for(filters: EnquiryFilters) -> Iterator[ColumnElement[bool]]:
    if filters.kind is not None:
        yield Enquiry.kind == filters.kind
    if filters.about_reference is not None:
        about = normalised(filters.about_reference) or filters.about_reference
        yield Enquiry.about_reference == about


async def taken_up(work: UnitOfWork, complaints: Sequence[str]) -> dict[str, Enquiry]:
    """The enquiries that these complaints' requests were taken up as, by the complaint, locked."""
    query = select(TakenUp.complaint, Enquiry).join(Enquiry, Enquiry.reference == TakenUp.reference)
    query = query.where(TakenUp.complaint.in_(complaints)).order_by(Enquiry.reference)
    return {row[0]: row[1] for row in await work.session.execute(query.with_for_update(of=Enquiry))}


async def taken_up_row(work: UnitOfWork, complaint: str) -> TakenUp:
    """The row of a complaint whose request was taken up."""
    return await work.session.get_one(TakenUp, complaint)


async def messages(
    work: UnitOfWork, reference: str, page: PageRequest
) -> tuple[Sequence[Message], str | None]:
    """A page of what was written about an enquiry, in order, and the cursor of the next; raises Invalid."""
    query = select(Message).filter_by(reference=reference).order_by(Message.number).limit(page.limit + 1)
    if after := page.after(1):
        query = query.where(Message.number > int(after[0]))
    return page.cut((await work.session.scalars(query)).all(), lambda message: (message.number,))


async def next_message(work: UnitOfWork, reference: str) -> int:
    """The number of the next message about an enquiry whose row is locked."""
    await work.session.flush()
    query = select(func.max(Message.number)).where(Message.reference == reference)
    return (await work.session.scalar(query) or 0) + 1


async def attachments_of(
    work: UnitOfWork, reference: str, numbers: Sequence[int]
) -> dict[int, list[MessageAttachment]]:
    """The files that came with these messages about an enquiry, by the number of the message."""
    found: dict[int, list[MessageAttachment]] = defaultdict(list)
    query = select(MessageAttachment).where(MessageAttachment.reference == reference)
    query = query.where(MessageAttachment.message.in_(numbers)).order_by(MessageAttachment.number)
    for each in await work.session.scalars(query):
        found[each.message].append(each)
    return found


async def attachment(work: UnitOfWork, reference: str, message: int, number: int) -> MessageAttachment:
    """A file that came with a message, with its content; raises NotFound."""
    key = {"reference": reference, "message": message, "number": number}
    query = select(MessageAttachment).filter_by(**key).options(undefer(MessageAttachment.content))
    found = await work.session.scalar(query)
    if found is None:
        raise NotFound("No such file came with this message.")
    return found


async def letter(work: UnitOfWork, reference: str, sequence: int) -> Message:
    """The text of ours that tells of an event; raises NotFound."""
    query = select(Message).filter_by(reference=cases.known(reference), sequence=sequence)
    found = await work.session.scalar(query)
    if found is None:
        raise NotFound("No such letter was written.")
    return found


async def reasons(work: UnitOfWork, reference: str) -> Sequence[Reason]:
    """The reasons given for acts on an enquiry that the caller sees, in order; raises NotFound."""
    return await reasons_of(work, Reason, (await enquiry(work, reference)).reference)
