"""The routes of slots and appointments."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import Body, Query
from pydantic import Field

from services.repairs.appointments import queries, service
from services.repairs.appointments.policy import LIFECYCLE, Action, Trade
from services.repairs.appointments.schemas import (
    AppointmentCancellation,
    Booking,
    Offer,
    Offers,
    SlotIn,
    SlotOut,
)
from services.repairs.case import queries as repairs
from services.repairs.views import RepairView, allowed, present
from shared.caller import CONTRACTOR, FRONTEND, OFFICER, RESIDENT
from shared.cases.formats import Day, Instant
from shared.cases.routers import Reference, action, case_router
from shared.cases.schemas import check_range
from shared.errors import Conflict, NotFound
from shared.http.auth import may, requires
from shared.http.case_route import routes_of
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.standards.periods import END_OF_DAY, close_of
from shared.work import UnitOfWork

slots = routes_of(prefix="/v1/slots", tags=["appointments"])
router = case_router("/v1/repairs/{reference}", tags=["appointments"], allowed=allowed)

Publisher = Annotated[UnitOfWork, requires(CONTRACTOR | OFFICER)]
Looker = Annotated[UnitOfWork, requires(CONTRACTOR | OFFICER | RESIDENT | FRONTEND)]
Chooser = Annotated[UnitOfWork, requires(LIFECYCLE.who(Action.APPOINTMENT))]
Booker = Annotated[UnitOfWork, may(LIFECYCLE, Action.APPOINTMENT)]
Canceller = Annotated[UnitOfWork, may(LIFECYCLE, Action.CANCELLATION)]

DayOrInstant = Annotated[Instant | Day, Field(union_mode="left_to_right")]
FirmFilter = Annotated[str | None, Query(max_length=100)]
From = Annotated[DayOrInstant | None, Query(alias="from")]
To = Annotated[DayOrInstant | None, Query(alias="to", description="A London date is included")]
CancellationBody = Annotated[AppointmentCancellation, Body(default_factory=AppointmentCancellation)]


@slots.post("", status_code=201, summary="Publish availability")
async def publish_slot(body: SlotIn, work: Publisher) -> SlotOut:
    """A firm's time, for which work, and for how many homes; it is offered to residents at once."""
    return SlotOut.of(await service.publish(work, body))


@slots.get("", summary="Availability, the earliest first")
async def list_slots(
    work: Looker,
    page: Paging,
    trade: Trade | None = None,
    contractor: FirmFilter = None,
    first: From = None,
    last: To = None,
) -> Page[SlotOut]:
    """Slots not over yet unless `from` says otherwise, with their free places."""
    ends_after, starts_before = _instant(first, time.min), _instant(last, END_OF_DAY)
    check_range(ends_after, starts_before)
    rows, following = await queries.visible_slots(
        work,
        page,
        trade=trade,
        contractor=contractor,
        ends_after=ends_after or work.now,
        starts_before=starts_before,
    )
    return Page(items=[SlotOut.of(slot) for slot in rows], next=following)


@slots.get("/{slot_id}", summary="One slot", responses=problems(NotFound))
async def read_slot(slot_id: UUID, work: Publisher) -> SlotOut:
    """A slot, also one that was withdrawn."""
    return SlotOut.of(await queries.visible_slot(work, slot_id))


@slots.post(
    "/{slot_id}/withdrawal",
    status_code=201,
    summary="Withdraw a slot",
    responses=problems(NotFound, Conflict),
)
async def withdraw_slot(slot_id: UUID, work: Publisher) -> SlotOut:
    """Withdraw a slot that nobody has booked in: a resident's appointment is not taken away unseen."""
    return SlotOut.of(await service.withdraw(work, slot_id))


@router.get("/appointment-offers", summary="Slots to choose from", responses=problems(NotFound))
async def list_appointment_offers(reference: Reference, work: Chooser) -> Offers:
    """The earliest that fit the repair's priority and have a place free; an emergency needs none.

    A front end asks for repairs that it reported, and for no others.
    """
    repair = await repairs.arrangeable_repair(work, reference)
    return Offers(items=[Offer.of(slot) for slot in await service.offers(work, repair)])


@router.post("/appointment", **action("Book a slot, or another one"))
async def book_appointment(reference: Reference, body: Booking, work: Booker) -> RepairView:
    """A refusal brings fresh offers; an appointment that the repair has is moved in the same moment.

    A front end books for repairs that it reported, and for no others.
    """
    return await present(work, await service.book(work, reference, body))


@router.post("/appointment/cancellation", **action("Call the visit off"))
async def cancel_appointment(reference: Reference, body: CancellationBody, work: Canceller) -> RepairView:
    """The repair itself goes on, and its clocks too; another slot can be booked. A firm must say why."""
    return await present(work, await service.cancel(work, reference, body))


def _instant(given: datetime | date | None, at: time) -> datetime | None:
    if given is None or isinstance(given, datetime):
        return given
    return close_of(given, at)
