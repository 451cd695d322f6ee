"""Answering an enquiry: acknowledgement, holding reply, referral, answer, and what is written back."""

from datetime import datetime

from services.enquiries import events
from services.enquiries.events import Channel, Ground, Need, Service
from services.enquiries.models import Enquiry, Reason
from services.enquiries.policy.enquiry import ENDED, Action, Status, fee_has_expired
from services.enquiries.policy.messages import SPOKEN_OF, MessageKind
from services.enquiries.queries import enquiry as queries
from services.enquiries.schemas.acts import (
    Acknowledgement,
    Closure,
    ComplaintWanted,
    HoldingReply,
    Referral,
    Reply,
    Response,
)
from services.enquiries.service.judging import begin, check_not_past
from services.enquiries.service.writing import keep_message, write_letter
from shared.cases import contact
from shared.cases.contact import ContactCorrection
from shared.cases.reasons import give_reason
from shared.errors import MoveNotAllowed
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

WHERE_IT_WENT = "We passed your enquiry on to {service}, who can help you."
FEE_MAY_STILL_COME = "The requester has three months to pay the fee."


async def acknowledge(work: UnitOfWork, reference: str, body: Acknowledgement) -> Enquiry:
    """Write to the enquirer who deals with it; it counts once the letter is delivered (section 3)."""
    enquiry, at = await begin(work, reference, Action.ACKNOWLEDGEMENT, body)
    work.record(enquiry, events.EnquiryAcknowledged(), at=at)
    return enquiry


async def hold(work: UnitOfWork, reference: str, body: HoldingReply) -> Enquiry:
    """Tell the enquirer that the full answer takes longer, why, and until when (section 3)."""
    enquiry, at = await begin(work, reference, Action.HOLDING_REPLY, body)
    check_not_past(body.respond_by, at, "/respond_by")
    enquiry.respond_by = body.respond_by
    work.record(enquiry, events.HoldingReplySent(respond_by=body.respond_by.isoformat()), at=at)
    text = "\n\n".join(filter(None, (body.message, body.reason)))
    await write_letter(work, enquiry, MessageKind.HOLDING_REPLY, text, at)
    give_reason(work, Reason, enquiry, Action.HOLDING_REPLY, body.reason, at)
    return enquiry


async def refer(work: UnitOfWork, reference: str, body: Referral) -> Enquiry:
    """Name the service that will help, and until when; the enquiry is answered from here all the same."""
    enquiry, at = await begin(work, reference, Action.REFERRAL, body)
    check_not_past(body.expected_answer_on, at, "/expected_answer_on")
    enquiry.referred_to, enquiry.expected_answer_on = body.to, body.expected_answer_on
    day = body.expected_answer_on.isoformat()
    work.record(enquiry, events.EnquiryReferred(service=body.to, expected_answer_on=day), at=at)
    where = WHERE_IT_WENT.format(service=SPOKEN_OF[body.to])
    text = "\n\n".join(filter(None, (where, body.reason)))
    await write_letter(work, enquiry, MessageKind.REFERRAL, text, at)
    return enquiry


async def respond(work: UnitOfWork, reference: str, body: Response) -> Enquiry:
    """Answer an enquiry in full."""
    enquiry, at = await begin(work, reference, Action.RESPONSE, body)
    enquiry.move(Action.RESPONSE)
    enquiry.need = None
    work.record(enquiry, events.EnquiryAnswered(), at=at)
    await write_letter(work, enquiry, MessageKind.RESPONSE, body.message, at)
    return enquiry


async def reply(work: UnitOfWork, reference: str, body: Reply) -> Enquiry:
    """Keep what the enquirer wrote back; after the answer it is taken up again, and another one is owed."""
    enquiry, at = await begin(work, reference, Action.REPLY, body)
    record_reply(work, enquiry, Channel(body.channel), at)
    await keep_message(work, enquiry, MessageKind.REPLY, body.message, at)
    return enquiry


def record_reply(work: UnitOfWork, enquiry: Enquiry, channel: Channel, at: datetime) -> None:
    """Record that the enquirer of an enquiry whose row is locked wrote again."""
    fact: events.EnquiryReopened | events.ReplyReceived = events.ReplyReceived(channel=channel)
    if Status(enquiry.status) in ENDED:
        fact = events.EnquiryReopened(channel=channel)
    enquiry.move(Action.REPLY)
    work.record(enquiry, fact, at=at)


async def make_complaint(work: UnitOfWork, reference: str, body: ComplaintWanted) -> Enquiry:
    """Have an enquiry dealt with as a complaint too, once; complaints takes it up by the event."""
    enquiry, at = await begin(work, reference, Action.COMPLAINT, body)
    enquiry.complaint_requested_at = at
    work.record(enquiry, events.ComplaintRequested(about=body.about or Service.ENQUIRIES), at=at)
    return enquiry


async def close(work: UnitOfWork, reference: str, body: Closure) -> Enquiry:
    """End an enquiry without an answer; raises MoveNotAllowed for a fee that may still be paid."""
    enquiry, at = await begin(work, reference, Action.CLOSURE, body)
    if body.ground is Ground.FEE_NOT_PAID:
        told_at = enquiry.need_told_at if enquiry.need == Need.FEE else None
        if told_at is None or not fee_has_expired(civil_date(told_at), civil_date(at)):
            raise MoveNotAllowed(FEE_MAY_STILL_COME)
    enquiry.move(Action.CLOSURE)
    enquiry.need = None
    work.record(enquiry, events.EnquiryClosed(ground=body.ground), at=at)
    give_reason(work, Reason, enquiry, Action.CLOSURE, body.reason, at)
    return enquiry


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> Enquiry:
    """Correct whom to tell about an enquiry, also once it has ended: people are written to after that."""
    enquiry = await queries.enquiry_for_update(work, reference)
    await contact.correct(work, enquiry, body, events.ContactCorrected())
    return enquiry
