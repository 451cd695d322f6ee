"""Use cases of visits to the office and of appointments."""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from services.enquiries import events
from services.enquiries.events import Channel, Party, Place, Service
from services.enquiries.models import Appointment, Visit
from services.enquiries.policy import DEPARTMENT, appointment as appointments, visit as visits
from services.enquiries.queries import office as queries
from services.enquiries.schemas.office import (
    AppointmentCancellation,
    AppointmentMove,
    AppointmentOut,
    AppointmentOutcome,
    Departure,
    NewAppointment,
    NewVisit,
    Seeing,
    VisitOut,
)
from shared.caller import Role
from shared.cases.acts import check
from shared.cases.columns import CaseColumns
from shared.cases.deadlines import deadlines_of
from shared.cases.opening import open_case
from shared.cases.schemas import common_fields
from shared.cases.times import instant_of_act, occurred_at, past_instant
from shared.errors import Invalid
from shared.lifecycle import Lifecycle
from shared.references import new_reference
from shared.work import UnitOfWork, Work

ARRIVED = "the visitor came"
NOT_YET = "The time of the appointment has not come."
IS_PAST = "This time is past."
CaseWithStatus = TypeVar("CaseWithStatus", Visit, Appointment)


async def arrive(work: Work, body: NewVisit) -> Visit:
    """Record that somebody came to the office, and waits; raises Invalid for a time in the future."""
    visit = Visit(
        reference=new_reference("VIS"),
        status=visits.VisitStatus.WAITING,
        channel=Channel.IN_PERSON,
        received_at=past_instant(work, body.arrived_at, "/arrived_at"),
        imported=False,
        department=DEPARTMENT,
        contact={},  # a visitor tells the desk no address; who is to be written to makes an enquiry
        reported_by=work.caller.identity,
        subject=body.subject,
        access_needs=body.access_needs,
    )
    work.add(visit)
    work.record(visit, events.VisitorArrived(department=visit.department), at=visit.received_at)
    return visit


async def see(work: UnitOfWork, reference: str, body: Seeing) -> Visit:
    """Record who saw a visitor, and where they were passed on to."""
    visit = await _begin(work, Visit, reference, visits.LIFECYCLE, visits.Action.SEEING)
    at = await instant_of_act(work, visit, body.seen_at, pointer="/seen_at", what=ARRIVED)
    visit.status, visit.seen_at = visits.VisitStatus.SEEN, at
    visit.handler_name, visit.handler_subject = body.seen_by.name, body.seen_by.subject
    visit.passed_to, visit.resolved_at_first_contact = body.passed_to, body.resolved_at_first_contact
    fact = events.VisitorSeen(
        waited_seconds=int((at - visit.received_at).total_seconds()),
        resolved_at_first_contact=body.resolved_at_first_contact,
        passed_to=Service(body.passed_to) if body.passed_to else None,
    )
    work.record(visit, fact, at=at)
    return visit


async def leave(work: UnitOfWork, reference: str, body: Departure) -> Visit:
    """Record that a visitor left before anybody saw them."""
    visit = await _begin(work, Visit, reference, visits.LIFECYCLE, visits.Action.DEPARTURE)
    at = await instant_of_act(work, visit, body.left_at, pointer="/left_at", what=ARRIVED)
    visit.status, visit.left_at = visits.VisitStatus.LEFT, at
    work.record(visit, events.VisitorLeft(), at=at)
    return visit


async def book(work: Work, body: NewAppointment) -> Appointment:
    """Make an appointment; raises Invalid for a time that is past, unless it is history."""
    own: dict[str, Any] = {
        "subject": body.subject,
        "at": body.at,
        "place": body.place,
        "access_needs": body.access_needs,
        "private_room": body.private_room,
        "handler_name": body.with_.name,
        "handler_subject": body.with_.subject,
    }
    case = open_case(
        work,
        Appointment,
        "MTG",
        body,
        status=appointments.AppointmentStatus.BOOKED,
        department=DEPARTMENT,
        **own,
    )
    if not body.imported:
        _check_to_come(body.at, case.received_at)
    fact = events.AppointmentBooked(
        at=body.at.isoformat(),
        place=Place(body.place),
        department=case.department,
        handler=body.with_.subject or "",
    )
    work.record(case, fact, at=case.received_at)
    return case


def _check_to_come(at: datetime, now: datetime) -> None:
    if at < now:
        raise Invalid(IS_PAST, "/at")


async def move(work: UnitOfWork, reference: str, body: AppointmentMove) -> Appointment:
    """Move an appointment to another time."""
    action = appointments.Action.MOVE
    case = await _begin(work, Appointment, reference, appointments.LIFECYCLE, action)
    at = await occurred_at(work, case, body)
    _check_to_come(body.at, at)
    case.at = body.at
    work.record(case, events.AppointmentMoved(at=body.at.isoformat()), at=at)
    return case


async def end(work: UnitOfWork, reference: str, body: AppointmentOutcome) -> Appointment:
    """Record how an appointment went; raises Invalid before its time."""
    action = appointments.Action.OUTCOME
    case = await _begin(work, Appointment, reference, appointments.LIFECYCLE, action)
    at = await occurred_at(work, case, body)
    if at < case.at:
        raise Invalid(NOT_YET, "/occurred_at")
    case.status = appointments.AppointmentStatus.KEPT if body.kept else appointments.AppointmentStatus.MISSED
    case.kept, case.identification_shown = body.kept, body.identification_shown
    case.access_needs_met, case.notes = body.access_needs_met, body.notes
    fact = events.AppointmentEnded(
        kept=body.kept,
        identification_shown=body.identification_shown,
        access_needs_met=body.access_needs_met,
    )
    work.record(case, fact, at=at)
    return case


async def cancel(work: UnitOfWork, reference: str, body: AppointmentCancellation) -> Appointment:
    """Call an appointment off, noting whether the other side knew it a day before."""
    action = appointments.Action.CANCELLATION
    case = await _begin(work, Appointment, reference, appointments.LIFECYCLE, action)
    at = await occurred_at(work, case, body)
    case.status, case.notes = appointments.AppointmentStatus.CANCELLED, body.reason
    in_time = appointments.is_in_time(at, case.at)
    work.record(case, events.AppointmentCancelled(by=Party(body.by), in_time=in_time), at=at)
    return case


async def _begin(
    work: UnitOfWork,
    table: type[CaseWithStatus],
    reference: str,
    lifecycle: Lifecycle[Any],
    action: StrEnum,
) -> CaseWithStatus:
    """The case, locked, if its lifecycle allows the act; raises NotFound, StaleVersion, MoveNotAllowed."""
    case = await queries.found_for_update(work, table, reference)
    check(lifecycle, action, situation_of(case))
    return case


def situation_of(case: CaseColumns) -> Any:
    """The facts by which its lifecycle judges an act on a visit or an appointment."""
    if isinstance(case, Visit):
        return visits.Situation(status=visits.VisitStatus(case.status))
    return appointments.Situation(status=appointments.AppointmentStatus(case.status))


async def present_visit(work: Work, visit: Visit) -> VisitOut:
    """One visit that the caller sees."""
    return VisitOut(**await common(work, visit, visits.LIFECYCLE), **VisitOut.own_fields(visit))


async def present_appointment(work: Work, case: Appointment) -> AppointmentOut:
    """One appointment that the caller sees."""
    return AppointmentOut(
        **await common(work, case, appointments.LIFECYCLE), **AppointmentOut.own_fields(case)
    )


async def common(work: Work, case: CaseColumns, lifecycle: Lifecycle[Any]) -> dict[str, Any]:
    """The fields that every case shows, for one of the office's, to the caller."""
    if isinstance(work, UnitOfWork):
        await work.session.flush()  # for the instant of its change
    promises = (await deadlines_of(work, [case.reference]))[case.reference]
    acts = sorted(lifecycle.allowed(work.caller.roles, situation_of(case)))
    to_officer = work.caller.is_a(Role.OFFICER)
    return common_fields(case, promises, work.now, acts, to_officer=to_officer)


async def allowed_visit(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a visit allows the caller now; asked after an act on it was refused."""
    visit = await queries.found(work, Visit, reference)
    return sorted(visits.LIFECYCLE.allowed(work.caller.roles, situation_of(visit)))


async def allowed_appointment(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that an appointment allows the caller now; asked after an act on it was refused."""
    case = await queries.found(work, Appointment, reference)
    return sorted(appointments.LIFECYCLE.allowed(work.caller.roles, situation_of(case)))
