"""Requests under the laws on information: what must be given first, and the time that the law may add."""

from typing import Any

from services.enquiries import events
from services.enquiries.events import InformationKind, Need
from services.enquiries.models import Enquiry, Reason
from services.enquiries.policy.enquiry import (
    ANSWERING_STANDARDS,
    MORE_MONTHS,
    MORE_WORKING_DAYS,
    NEEDS,
    Action,
    Kind,
    Status,
    status_with,
)
from services.enquiries.policy.messages import MessageKind
from services.enquiries.schemas.acts import NeedMet, NeedTold, TimeExtension
from services.enquiries.service.judging import begin
from services.enquiries.service.writing import keep_message, write_letter
from shared.cases.deadlines import deadlines_of
from shared.cases.reasons import give_reason
from shared.errors import Invalid
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

NOT_BY_THIS_LAW = "The law on this request does not know such a need."
NO_AMOUNT = "A fee has its amount, and nothing else has."
NEEDS_A_DATE = "Say until when the public interest is weighed."
DATE_IS_THE_LAWS = "The law says for how long this request may be extended."
NOT_LATER = "This is no later than the day by which it is due."


async def tell_need(work: UnitOfWork, reference: str, body: NeedTold) -> Enquiry:
    """Tell the requester what has to be given first; the time pauses or will count anew, as the law has it.

    Raises Invalid for a need that the law on the request does not know.
    """
    enquiry, at = await begin(work, reference, Action.NEED, body)
    if body.need not in NEEDS[Kind(enquiry.kind)]:
        raise Invalid(NOT_BY_THIS_LAW, "/need")
    if (body.need is Need.FEE) != (body.amount is not None):
        raise Invalid(NO_AMOUNT, "/amount")
    enquiry.move(Action.NEED)
    enquiry.need, enquiry.need_told_at = body.need, at
    work.record(enquiry, events.NeedTold(kind=InformationKind(enquiry.kind), need=body.need), at=at)
    fee = f"The fee is £{body.amount:.2f}." if body.amount is not None else None
    text = "\n\n".join(filter(None, (body.message, fee)))
    await write_letter(work, enquiry, MessageKind.NEED, text, at)
    return enquiry


async def meet_need(work: UnitOfWork, reference: str, body: NeedMet) -> Enquiry:
    """Record that the requester gave what was needed."""
    enquiry, at = await begin(work, reference, Action.NEED_MET, body)
    need = Need(enquiry.need or Need.CLARIFICATION)
    enquiry.move(Action.NEED_MET)
    has_handler = enquiry.handler_name is not None
    enquiry.status = status_with(Status(enquiry.status), has_handler=has_handler)
    enquiry.need = None
    work.record(enquiry, events.NeedMet(kind=InformationKind(enquiry.kind), need=need), at=at)
    if body.message is not None:
        await keep_message(work, enquiry, MessageKind.REPLY, body.message, at)
    return enquiry


async def extend(work: UnitOfWork, reference: str, body: TimeExtension) -> Enquiry:
    """Tell the requester, before the last day is past, that the law gives longer, and why.

    Raises Invalid for a date that is missing, not later, or the law's own to say.
    """
    enquiry, at = await begin(work, reference, Action.EXTENSION, body)
    enquiry.extended_at = at
    kind = InformationKind(enquiry.kind)
    longer = await _longer(work, enquiry, kind, body)
    work.record(enquiry, events.TimeExtended(kind=kind, **longer), at=at)
    enquiry.respond_by = civil_date((await _due(work, enquiry)).due_at)
    await write_letter(work, enquiry, MessageKind.EXTENSION, body.reason, at)
    give_reason(work, Reason, enquiry, Action.EXTENSION, body.reason, at)
    return enquiry


async def _longer(
    work: UnitOfWork, enquiry: Enquiry, kind: InformationKind, body: TimeExtension
) -> dict[str, Any]:
    if kind is InformationKind.FREEDOM_OF_INFORMATION:
        if body.respond_by is None:
            raise Invalid(NEEDS_A_DATE, "/respond_by")
        if body.respond_by <= civil_date((await _due(work, enquiry)).due_at):
            raise Invalid(NOT_LATER, "/respond_by")
        return {"respond_by": body.respond_by.isoformat()}
    if body.respond_by is not None:
        raise Invalid(DATE_IS_THE_LAWS, "/respond_by")
    if kind is InformationKind.ENVIRONMENTAL_INFORMATION:
        return {"working_days": MORE_WORKING_DAYS}
    return {"months": MORE_MONTHS}


async def _due(work: UnitOfWork, enquiry: Enquiry) -> Deadline:
    """The promise of an answer that the law on the request makes, as it stands."""
    promises = (await deadlines_of(work, [enquiry.reference]))[enquiry.reference]
    [owed] = [each for each in promises if each.standard in ANSWERING_STANDARDS and each.open]
    return owed
