"""Following what other services tell: letters of ours that were delivered, and what complaints ask us for."""

from collections.abc import Sequence
from typing import Any

from services.enquiries import events
from services.enquiries.events import Channel
from services.enquiries.models import Enquiry, TakenUp
from services.enquiries.policy import DEPARTMENT
from services.enquiries.policy.enquiry import Kind, Status
from services.enquiries.queries import enquiry as queries
from services.enquiries.service.receiving import record_receipt, usual_answer_day
from shared.cases.times import act_now
from shared.events import NOTICE_DELIVERED, Event
from shared.references import new_reference, prefix_of
from shared.work import UnitOfWork

SERVICE_REQUESTED = "complaints.service-requested"
ACKNOWLEDGEMENT = "acknowledgement"
OF_A_COMPLAINT = "What a complaint asks for"
NOT_TOLD_YET = "The complaint says what is asked for."
BY_COMPLAINTS = "the complaints service"


async def follow(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Record acknowledgements that were delivered, and take up what complaints ask us for."""
    await _note_delivered(work, [event for event in received if event.type == NOTICE_DELIVERED])
    asked = [event for event in received if event.type == SERVICE_REQUESTED]
    await _take_up(work, [event for event in asked if event.facts["service"] == DEPARTMENT])


async def _note_delivered(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Note a delivery; only an acknowledgement that names who deals with the enquiry counts (section 3)."""
    named = {event.facts["case"]: event for event in received if _is_named_acknowledgement(event)}
    for enquiry in await queries.locked(work, sorted(named)) if named else ():
        fact = events.AcknowledgementDelivered(about=named[enquiry.reference].facts["about"])
        work.record(enquiry, fact, at=await act_now(work, enquiry))


def _is_named_acknowledgement(event: Event) -> bool:
    told: dict[str, Any] = dict(event.facts)
    ours = prefix_of(told["case"]) == "ENQ"
    return ours and told["kind"] == ACKNOWLEDGEMENT and bool(told["handler_named"])


async def _take_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Open an enquiry for each complaint that asks for one and has none, and tell complaints which it is."""
    told = {event.reference: event for event in received}
    known = await queries.taken_up(work, list(told)) if told else {}
    for complaint in sorted(told):
        enquiry = known.get(complaint) or await _open(work, complaint, told[complaint])
        fact = events.ReferralTakenUp(complaint_reference=complaint, referral="service_request")
        work.record(enquiry, fact, at=await act_now(work, enquiry))


async def _open(work: UnitOfWork, complaint: str, event: Event) -> Enquiry:
    enquiry = _asked_for(work, complaint, event)
    record_receipt(work, enquiry, acknowledge=False)
    await work.session.flush()  # the enquiry, to which the next row refers
    work.add(TakenUp(complaint=complaint, reference=enquiry.reference, ask_again_at=work.now))
    return enquiry


def _asked_for(work: UnitOfWork, complaint: str, event: Event) -> Enquiry:
    enquiry = Enquiry(
        reference=new_reference("ENQ"),
        status=Status.RECEIVED,
        channel=Channel.OFFICER,
        received_at=min(event.occurred_at, work.now),
        imported=False,
        department=DEPARTMENT,
        contact={},  # complaints is asked for it
        reported_by=BY_COMPLAINTS,
        kind=Kind.ENQUIRY,
        subject=OF_A_COMPLAINT,
        message=NOT_TOLD_YET,
        resolved_at_first_contact=False,
        made_from=complaint,
    )
    enquiry.expected_answer_on = usual_answer_day(work, enquiry)
    work.add(enquiry)
    return enquiry
