"""Use cases of visits to the office and of appointments."""

from collections.abc import Sequence
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
from shared.cases import contact
from shared.cases.acts import check
from shared.cases.columns import CaseColumns
from shared.cases.contact import ContactCorrection
from shared.cases.deadlines import deadlines_of
from shared.cases.opening import open_case
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words
from shared.cases.times import in_order, instant_of_act, past_instant
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
    work.record(
        visit,
        events.VisitorArrived(channel=Channel.IN_PERSON, department=visit.department),
        at=visit.received_at,
    )
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
        channel=Channel(case.channel),
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
    at = await in_order(work, case, body, [appointments.MOVED])
    _check_to_come(body.at, at)
    case.at = body.at
    work.record(case, events.AppointmentMoved(at=body.at.isoformat()), at=at)
    return case


async def end(work: UnitOfWork, reference: str, body: AppointmentOutcome) -> Appointment:
    """Record how an appointment went; raises Invalid before its time."""
    action = appointments.Action.OUTCOME
    case = await _begin(work, Appointment, reference, appointments.LIFECYCLE, action)
    at = await in_order(work, case, body, [appointments.MOVED])
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
    at = await in_order(work, case, body, [appointments.MOVED])
    case.status, case.notes = appointments.AppointmentStatus.CANCELLED, body.reason
    in_time = appointments.is_in_time(at, case.at)
    work.record(case, events.AppointmentCancelled(by=Party(body.by), in_time=in_time), at=at)
    return case


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> Appointment:
    """Correct whom an appointment is with, also once it is over: people are written to after that."""
    case = await queries.found_for_update(work, Appointment, reference)
    await contact.correct(work, case, body, events.ContactCorrected())
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


async def present_visits(work: Work, rows: Sequence[Visit]) -> list[VisitOut]:
    """Visits that the caller sees."""
    shown = await _common(work, rows, visits.LIFECYCLE)
    return [VisitOut(**each, **VisitOut.own_fields(row)) for row, each in zip(rows, shown, strict=True)]


async def present_visit(work: Work, visit: Visit) -> VisitOut:
    """One visit that the caller sees."""
    [shown] = await present_visits(work, [visit])
    return shown


async def present_appointments(work: Work, rows: Sequence[Appointment]) -> list[AppointmentOut]:
    """Appointments that the caller sees."""
    shown = await _common(work, rows, appointments.LIFECYCLE)
    return [
        AppointmentOut(**each, **AppointmentOut.own_fields(row))
        for row, each in zip(rows, shown, strict=True)
    ]


async def present_appointment(work: Work, case: Appointment) -> AppointmentOut:
    """One appointment that the caller sees."""
    [shown] = await present_appointments(work, [case])
    return shown


async def _common(work: Work, rows: Sequence[CaseColumns], lifecycle: Lifecycle[Any]) -> list[dict[str, Any]]:
    """The fields that every case shows, for these of the office's, to the caller."""
    if isinstance(work, UnitOfWork):
        await work.session.flush()  # for the instants of their changes
    promises = await deadlines_of(work, [case.reference for case in rows])
    to_officer = work.caller.is_a(Role.OFFICER)
    found: list[dict[str, Any]] = []
    for case in rows:
        acts = sorted(lifecycle.allowed(work.caller.roles, situation_of(case)))
        what = "Visit to the office" if isinstance(case, Visit) else "Appointment"
        summary, promised = in_words(what, case), promises[case.reference]
        found.append(common_fields(case, promised, work.now, acts, summary=summary, to_officer=to_officer))
    return found


async def allowed_visit(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a visit allows the caller now; asked after an act on it was refused."""
    visit = await queries.found(work, Visit, reference)
    return sorted(visits.LIFECYCLE.allowed(work.caller.roles, situation_of(visit)))


async def allowed_appointment(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that an appointment allows the caller now; asked after an act on it was refused."""
    case = await queries.found(work, Appointment, reference)
    return sorted(appointments.LIFECYCLE.allowed(work.caller.roles, situation_of(case)))
