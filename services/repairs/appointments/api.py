"""The routes of slots and appointments."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import Field
from sqlalchemy import ColumnElement

from services.repairs import queries as repairs
from services.repairs.api import COLLECTION, Anyone, Reference
from services.repairs.appointments import queries, service
from services.repairs.appointments.policy import Trade
from services.repairs.appointments.schemas import (
    AppointmentCancellation,
    Booking,
    Offer,
    Offers,
    SlotIn,
    SlotOut,
)
from services.repairs.schemas import JobOut, RepairOut
from services.repairs.showing import shown_to
from shared.caller import Caller
from shared.errors import Conflict, NotFound
from shared.http.answers import created
from shared.http.auth import requires
from shared.http.paging import Cursor, Limit, Page, link_next
from shared.http.problems import ON_A_CASE, problems
from shared.http.routes import Cursors, Now, Running, Session, TransactionalRoute
from shared.http.schemas import GivenDay, GivenInstant
from shared.standards.periods import END_OF_DAY, close_of

slots = APIRouter(prefix="/v1/slots", tags=["appointments"], route_class=TransactionalRoute)
router = APIRouter(prefix="/v1/repairs/{reference}", tags=["appointments"], route_class=TransactionalRoute)

Publisher = Annotated[Caller, Depends(requires("contractor", "officer"))]
Looker = Annotated[Caller, Depends(requires("contractor", "officer", "resident", "frontend"))]
Moment = Annotated[GivenInstant | GivenDay, Field(union_mode="left_to_right")]
CancellationBody = Annotated[AppointmentCancellation, Body(default_factory=AppointmentCancellation)]
Arranger = Annotated[Caller, Depends(requires("resident", "frontend", "officer"))]
Canceller = Annotated[Caller, Depends(requires("resident", "frontend", "officer", "contractor"))]


@slots.post("", status_code=201, summary="Publish availability")
async def publish(body: SlotIn, response: Response, caller: Publisher, session: Session, now: Now) -> SlotOut:
    """When a firm can come, for which work, and to how many homes; it is offered to residents at once."""
    slot = await service.publish(session, body, by=caller, now=now)
    response.headers["Location"] = f"/v1/slots/{slot.id}"
    return SlotOut.of(slot)


@slots.get("", summary="Availability, the earliest first")
async def list_slots(
    request: Request, response: Response, caller: Looker, session: Session, now: Now, cursors: Cursors,
    trade: Trade | None = None, contractor: Annotated[str | None, Query(max_length=100)] = None,
    first: Annotated[Moment | None, Query(alias="from")] = None,
    last: Annotated[Moment | None, Query(alias="to", description="A London date is included")] = None,
    limit: Limit = 50, cursor: Cursor = None,
) -> Page[SlotOut]:  # fmt: skip
    """Those not over yet unless `from` says otherwise, with their free places."""
    since, until = _instant(first, time.min) or now, _instant(last, END_OF_DAY)
    conditions = queries.slot_conditions(caller, trade, contractor, since, until)
    rows = await queries.slots(session, conditions, cursors.key_of(cursor, 2), limit)
    page, following = cursors.page_of(rows, limit, lambda slot: (slot.starts_at.isoformat(), slot.id))
    link_next(request, response, following)
    return Page(items=[SlotOut.of(slot) for slot in page], next=following)


@slots.get("/{slot_id}", summary="One slot", responses=problems(NotFound))
async def slot(slot_id: UUID, caller: Publisher, session: Session) -> SlotOut:
    """Also one that was withdrawn."""
    return SlotOut.of(await queries.slot(session, slot_id, queries.visible_to(caller)))


@slots.post(
    "/{slot_id}/withdrawal",
    status_code=201,
    summary="Withdraw a slot",
    responses=problems(NotFound, Conflict),
)
async def withdraw(slot_id: UUID, caller: Publisher, session: Session, now: Now) -> SlotOut:
    """Only while nobody has booked in it: a resident's appointment is not taken away unseen."""
    return SlotOut.of(await service.withdraw(session, slot_id, by=caller, now=now))


def _may(
    caller: Anyone,
    surname: Annotated[str | None, Query(max_length=100)] = None,
    postcode: Annotated[str | None, Query(max_length=10)] = None,
) -> ColumnElement[bool]:
    """A front end arranges for those it reported for, or whose surname or postcode it says."""
    return repairs.arrangeable_by(caller, surname, postcode)


Arrangeable = Annotated[ColumnElement[bool], Depends(_may)]


@router.get("/appointment-offers", summary="Slots to choose from", responses=problems(NotFound))
async def appointment_offers(
    reference: Reference, caller: Arranger, may: Arrangeable, session: Session, running: Running, now: Now
) -> Offers:
    """The earliest that fit the repair's priority and have a place free; an emergency needs none."""
    repair = await repairs.repair(session, reference, may)
    return Offers(items=[Offer.of(slot) for slot in await service.offers(session, running, repair, now=now)])


@router.post("/appointment", status_code=201, summary="Book a slot, or another one", responses=ON_A_CASE)
async def book(
    reference: Reference, body: Booking, response: Response, caller: Arranger, may: Arrangeable,
    session: Session, running: Running, now: Now,
) -> RepairOut | JobOut:  # fmt: skip
    """A refusal brings fresh offers; an appointment that the repair has is moved in the same moment."""
    repair = await service.book(session, running, reference, body, may, by=caller, now=now)
    [case] = await shown_to(caller, session, running, [repair], now)
    return created(response, case, COLLECTION)


@router.post("/appointment/cancellation", status_code=201, summary="Call the visit off", responses=ON_A_CASE)
async def cancel(
    reference: Reference, body: CancellationBody, response: Response, caller: Canceller,
    may: Arrangeable, session: Session, running: Running, now: Now,
) -> RepairOut | JobOut:  # fmt: skip
    """The repair itself goes on, and its clocks too; another slot can be booked. A firm must say why."""
    repair = await service.cancel(session, running, reference, body, may, by=caller, now=now)
    [case] = await shown_to(caller, session, running, [repair], now)
    return created(response, case, COLLECTION)


def _instant(given: datetime | date | None, at: time) -> datetime | None:
    if given is None or isinstance(given, datetime):
        return given
    return close_of(given, at)
