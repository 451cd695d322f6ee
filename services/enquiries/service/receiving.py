"""Receiving an enquiry, and giving it to an officer."""

from datetime import date
from typing import Any

from services.enquiries import events
from services.enquiries.events import Channel, Service
from services.enquiries.models import Enquiry
from services.enquiries.policy import DEPARTMENT
from services.enquiries.policy.enquiry import (
    SPOKEN,
    USUAL_WORKING_DAYS,
    Action,
    Kind,
    Status,
    information_kind,
)
from services.enquiries.schemas.acts import Assignment, NamedHandler
from services.enquiries.schemas.receipt import NewEnquiry
from services.enquiries.service.judging import begin, check_not_past
from shared.cases.opening import open_case
from shared.errors import Invalid
from shared.standards.periods import civil_date
from shared.text import compared
from shared.work import Creation, UnitOfWork, Work

IN_WRITING_BY_POST = frozenset({Channel.EMAIL, Channel.LETTER})


async def receive(work: Creation, body: NewEnquiry) -> Enquiry:
    """Take an enquiry in, by whatever channel.

    Raises Invalid for a time in the future or a date that is past, Forbidden for `imported` without the
    scope.
    """
    enquiry = open_enquiry(work, body)
    if body.expected_answer_on is not None and not body.imported:
        check_not_past(body.expected_answer_on, enquiry.received_at, "/expected_answer_on")
    record_receipt(work, enquiry, acknowledge=not enquiry.resolved_at_first_contact)
    return enquiry


def open_enquiry(
    work: Work, body: NewEnquiry, *, department: str = DEPARTMENT, made_from: str | None = None
) -> Enquiry:
    """A new enquiry with all that was told, added to the unit of work; its receipt is still to record."""
    own: dict[str, Any] = {
        "kind": body.kind,
        "subject": body.subject,
        "message": body.message,
        "resolved_at_first_contact": body.resolved_at_first_contact,
        "expected_answer_on": body.expected_answer_on,
        "referred_to": body.referred_to,
        "about_reference": body.about_reference,
        "made_from": made_from,
    }
    status = Status.RESOLVED if body.resolved_at_first_contact else Status.RECEIVED
    enquiry = open_case(work, Enquiry, "ENQ", body, status=status, department=department, **own)
    if enquiry.expected_answer_on is None and _needs_a_date(enquiry):
        enquiry.expected_answer_on = usual_answer_day(work, enquiry)
    return enquiry


def usual_answer_day(work: Work, enquiry: Enquiry) -> date:
    """The day by which an enquiry is answered to which nobody gave a date of its own."""
    return work.state.calendar.add_working_days(civil_date(enquiry.received_at), USUAL_WORKING_DAYS)


def _needs_a_date(enquiry: Enquiry) -> bool:
    """Tell an enquiry to which neither its channel nor anybody gave a date, as online (section 2)."""
    is_open = enquiry.kind == Kind.ENQUIRY and not enquiry.resolved_at_first_contact
    return is_open and not enquiry.imported and enquiry.channel not in IN_WRITING_BY_POST | SPOKEN


def record_receipt(work: Work, enquiry: Enquiry, *, acknowledge: bool) -> None:
    """Record the fact that opens an enquiry; `acknowledge` has its receipt acknowledged at once."""
    common: dict[str, Any] = {
        "channel": Channel(enquiry.channel),
        "acknowledge": acknowledge,
        "department": enquiry.department,
        "imported": enquiry.imported,
        "resident": enquiry.resident,
    }
    law = information_kind(Kind(enquiry.kind))
    fact: events.EnquiryReceived | events.InformationRequested
    if law is not None:
        fact = events.InformationRequested(kind=law, **common)
    else:
        fact = events.EnquiryReceived(
            resolved_at_first_contact=enquiry.resolved_at_first_contact,
            expected_answer_on=as_fact(enquiry.expected_answer_on),
            referred_to=Service(enquiry.referred_to) if enquiry.referred_to else None,
            made_from=enquiry.made_from,
            **common,
        )
    work.record(enquiry, fact, at=enquiry.received_at)


def as_fact(day: date | None) -> str | None:
    """A day as a fact of an event."""
    return day.isoformat() if day else None


async def assign(work: UnitOfWork, reference: str, body: Assignment) -> Enquiry:
    """Give an enquiry to an officer; raises Invalid for a department that there is not."""
    enquiry, at = await begin(work, reference, Action.ASSIGNMENT, body)
    enquiry.department = _department(work, enquiry, body.handler)
    enquiry.handler_name, enquiry.handler_subject = body.handler.name, body.handler.subject
    enquiry.move(Action.ASSIGNMENT)
    fact = events.EnquiryAssigned(department=enquiry.department, handler=body.handler.subject or "")
    work.record(enquiry, fact, at=at)
    return enquiry


def _department(work: UnitOfWork, enquiry: Enquiry, handler: NamedHandler) -> str:
    if handler.department is None:
        return enquiry.department
    for department in work.state.settings.directory.departments:
        if compared(department) == compared(handler.department):
            return department
    raise Invalid("There is no such department.", "/handler/department")
