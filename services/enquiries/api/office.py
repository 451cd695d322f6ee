"""The routes of visits to the office and of appointments."""

from typing import Annotated

from fastapi import Body, Depends

from services.enquiries.models import Appointment, Visit
from services.enquiries.policy import appointment as appointments, visit as visits
from services.enquiries.queries import office as queries
from services.enquiries.schemas.office import (
    AppointmentCancellation,
    AppointmentFilters,
    AppointmentMove,
    AppointmentOut,
    AppointmentOutcome,
    Departure,
    NewAppointment,
    NewVisit,
    Seeing,
    VisitFilters,
    VisitOut,
)
from services.enquiries.service import office
from services.enquiries.service.office import (
    present_appointment,
    present_appointments,
    present_visit,
    present_visits,
)
from shared.caller import OFFICER, RESIDENT
from shared.cases.contact import ContactCorrection
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import Creation, UnitOfWork

visit_routes = case_router("/v1/visits", tags=["visits"], allowed=office.allowed_visit)
appointment_routes = case_router(
    "/v1/appointments", tags=["appointments"], allowed=office.allowed_appointment
)

Desk = Annotated[Creation, requires(OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Seer = Annotated[UnitOfWork, may(visits.LIFECYCLE, visits.Action.SEEING)]
Leaver = Annotated[UnitOfWork, may(visits.LIFECYCLE, visits.Action.DEPARTURE)]
Mover = Annotated[UnitOfWork, may(appointments.LIFECYCLE, appointments.Action.MOVE)]
Ender = Annotated[UnitOfWork, may(appointments.LIFECYCLE, appointments.Action.OUTCOME)]
Canceller = Annotated[UnitOfWork, may(appointments.LIFECYCLE, appointments.Action.CANCELLATION)]
Corrector = Annotated[UnitOfWork, may(appointments.LIFECYCLE, appointments.Action.CONTACT)]

# what has nothing to say but its time may come without a body
VisitBody = Annotated[NewVisit, Body(default_factory=NewVisit)]
DepartureBody = Annotated[Departure, Body(default_factory=Departure)]


@visit_routes.post("", status_code=201, summary="Record that somebody came to the office")
async def record_visit(body: VisitBody, work: Desk) -> VisitOut:
    """Record a visit without an appointment; section 5 promises to direct the visitor quickly."""
    return await present_visit(work, await office.arrive(work, body))


@visit_routes.get("", summary="Visits that the caller may see")
async def list_visits(
    work: Reader, page: Paging, filters: Annotated[VisitFilters, Depends()]
) -> Page[VisitOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await queries.listed(work, Visit, filters, page)
    return Page(items=await present_visits(work, rows), next=following)


@visit_routes.get("/{reference}", summary="One visit", responses=problems(NotFound))
async def read_visit(reference: Reference, work: Reader) -> VisitOut:
    """A visit with who saw the visitor, and where they were passed on to."""
    return await present_visit(work, await queries.found(work, Visit, reference))


@visit_routes.post("/{reference}/seeing", **action("Record who saw a visitor"))
async def see_visitor(reference: Reference, body: Seeing, work: Seer) -> VisitOut:
    """And to which service they were passed on."""
    return await present_visit(work, await office.see(work, reference, body))


@visit_routes.post("/{reference}/departure", **action("Record that a visitor left unseen"))
async def leave_office(reference: Reference, body: DepartureBody, work: Leaver) -> VisitOut:
    """Record that a visitor left before anybody saw them."""
    return await present_visit(work, await office.leave(work, reference, body))


@appointment_routes.post("", status_code=201, summary="Make an appointment")
async def book_office_appointment(body: NewAppointment, work: Desk) -> AppointmentOut:
    """Book at the office or at home, with the officer named and what the resident needs (section 5)."""
    return await present_appointment(work, await office.book(work, body))


@appointment_routes.get("", summary="Appointments that the caller may see")
async def list_office_appointments(
    work: Reader, page: Paging, filters: Annotated[AppointmentFilters, Depends()]
) -> Page[AppointmentOut]:
    """The latest made first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await queries.listed(work, Appointment, filters, page)
    return Page(items=await present_appointments(work, rows), next=following)


@appointment_routes.get("/{reference}", summary="One appointment", responses=problems(NotFound))
async def read_office_appointment(reference: Reference, work: Reader) -> AppointmentOut:
    """An appointment: when, where and with whom."""
    return await present_appointment(work, await queries.found(work, Appointment, reference))


@appointment_routes.post("/{reference}/move", **action("Move an appointment"))
async def move_office_appointment(reference: Reference, body: AppointmentMove, work: Mover) -> AppointmentOut:
    """Move an appointment to another time."""
    return await present_appointment(work, await office.move(work, reference, body))


@appointment_routes.post("/{reference}/outcome", **action("Record how an appointment went"))
async def end_office_appointment(
    reference: Reference, body: AppointmentOutcome, work: Ender
) -> AppointmentOut:
    """Once its time has come: kept by us or not, and whether identification was shown."""
    return await present_appointment(work, await office.end(work, reference, body))


@appointment_routes.post("/{reference}/cancellation", **action("Call an appointment off"))
async def cancel_office_appointment(
    reference: Reference, body: AppointmentCancellation, work: Canceller
) -> AppointmentOut:
    """It is noted whether that was told a day before."""
    return await present_appointment(work, await office.cancel(work, reference, body))


@appointment_routes.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_office_appointment_contact(
    reference: Reference, body: ContactCorrection, work: Corrector
) -> AppointmentOut:
    """Change only the fields given; `safe_to_contact` counts at once, also for letters that are owed."""
    return await present_appointment(work, await office.correct_contact(work, reference, body))
