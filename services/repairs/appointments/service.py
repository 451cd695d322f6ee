"""What is done with slots and appointments: publish and withdraw, offer, book, move, call off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events
from services.repairs.allowing import acts_allowed, refuse
from services.repairs.appointments import policy, queries
from services.repairs.appointments.errors import SlotGone, SlotUnfit
from services.repairs.appointments.models import Appointment, Slot
from services.repairs.appointments.policy import Because, Wanted
from services.repairs.appointments.schemas import AppointmentCancellation, Booking, Offer, SlotIn
from services.repairs.decisions.models import Reason
from services.repairs.models import Repair
from services.repairs.policy import DEPARTMENT, Status
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import instant_of_act, locked, promised
from shared.db.transaction import ask_together
from shared.errors import Conflict, Forbidden, Invalid
from shared.messaging.outbox import record


async def publish(session: AsyncSession, words: SlotIn, *, by: Caller, now: datetime) -> Slot:
    """Open a slot for booking.

    Raises Invalid for one that has begun or is nobody's, Forbidden for another firm's.
    """
    if words.starts_at <= now:
        raise Invalid("A slot is published before it begins.", "/starts_at")
    slot = Slot(
        contractor=_firm_of(words, by),
        trade=words.trade,
        starts_at=words.starts_at,
        ends_at=words.ends_at,
        capacity=words.capacity,
        published_at=now,
        published_by=by.subject,
    )
    session.add(slot)
    await session.flush()
    return slot


def _firm_of(words: SlotIn, by: Caller) -> str:
    if "officer" in by.roles:
        if DEPARTMENT not in by.departments:
            raise Forbidden("Only officers of the repairs department publish a firm's slots.")
        return words.contractor or policy.OWN_OPERATIVES
    if by.firm is None or words.contractor not in {None, by.firm}:
        raise Forbidden("A contractor publishes the slots of their own firm.")
    return by.firm


async def withdraw(session: AsyncSession, slot_id: UUID, *, by: Caller, now: datetime) -> Slot:
    """Close a slot that nobody has booked; raises NotFound, and Conflict when somebody has."""
    await queries.slot(session, slot_id, queries.visible_to(by), Slot.withdrawn_at.is_(None))
    withdrawn = await queries.withdraw(session, slot_id, now)
    if withdrawn is None:
        raise Conflict("Somebody has booked in this slot; their appointments have to be moved first.")
    return withdrawn


async def offers(
    session: AsyncSession, resources: AppState, repair: Repair, *, now: datetime
) -> Sequence[Any]:
    """The earliest slots that the repair may have; none for an emergency or a repair that has ended."""
    if not policy.needs_appointment(Status(repair.status), repair.priority):
        return ()
    wanted = await wanted_by(session, resources, repair, now)
    return await ask_together(resources.database, session, queries.offered_to_each, wanted)


async def offer_at_first_contact(
    session: AsyncSession, resources: AppState, repair: Repair, *, now: datetime
) -> Sequence[Any]:
    """The offers in the answer to a report; that there are none is told to the department at once.

    An imported repair is history: its visit was agreed long ago, or is for its officer to agree.
    """
    if repair.imported:
        return ()
    found = await offers(session, resources, repair, now=now)
    if not found and policy.needs_appointment(Status(repair.status), repair.priority):
        none = events.NoSlotOffered(
            trade=policy.trade_for(repair.fault, repair.queue), priority=repair.priority
        )
        record(session, repair, none, occurred_at=now, now=now)
    return found


async def wanted_by(session: AsyncSession, resources: AppState, repair: Repair, now: datetime) -> Wanted:
    """The slots that the repair may have."""
    promises = (await promised(session, resources, [repair.reference]))[repair.reference]
    return Wanted(
        trade=policy.trade_for(repair.fault, repair.queue),
        firm=policy.binding_firm(repair.contractor, repair.given_by_booking, Status(repair.status)),
        after=now,
        until=policy.latest_end(promises, now),
    )


async def book(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: Booking,
    may: ColumnElement[bool],
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Book a slot for a repair, in place of the appointment it may have; the same slot again changes nothing.

    The firm whose slot it is gets the job, unless it is a firm's already. Raises MoveNotAllowed for an
    emergency or an ended repair, SlotGone and SlotUnfit with what may be had instead.
    """
    repair = await locked(session, Repair, reference, may)
    if not policy.needs_appointment(Status(repair.status), repair.priority):
        emergency = "An emergency needs no appointment: somebody comes at once."
        why = emergency if repair.is_open() else f"The repair is {repair.status}."
        await refuse(session, resources, repair, why, by, now)
    at = await instant_of_act(session, repair, words.occurred_at, now)
    previous = await queries.standing_of(session, repair.reference)
    if previous is not None and previous.slot_id == words.slot_id:
        return repair
    wanted = await wanted_by(session, resources, repair, now)
    slot = await queries.take_place(session, words.slot_id, wanted)
    if slot is None:
        await refuse_slot(session, resources, repair, words.slot_id, wanted, by, now)
    if previous is not None:
        await queries.end(session, previous, Because.REBOOKED, now)
    session.add(appointment_in(slot, repair, by, now))
    give_to_firm_of(session, slot, repair, at=at, now=now)
    record(session, repair, _booked(slot, previous, now), occurred_at=at, now=now)
    return repair


async def refuse_slot(
    session: AsyncSession,
    resources: AppState,
    repair: Repair,
    slot_id: UUID,
    wanted: Wanted,
    by: Caller,
    now: datetime,
    pointer: str = "/slot_id",
) -> NoReturn:
    """Raise SlotUnfit or SlotGone, with the slots that may be had instead."""
    [found] = await queries.offered_to_each(session, [wanted])
    instead: list[dict[str, Any]] = [Offer.of(slot).model_dump(mode="json") for slot in found]
    slot = await queries.slot_if_any(session, slot_id)
    if slot is None:
        raise SlotUnfit("There is no such slot.", instead, pointer)
    if misfit := policy.misfit(wanted, slot.trade, slot.contractor, slot.ends_at):
        raise SlotUnfit(misfit, instead, pointer)
    allowed = await acts_allowed(session, resources, repair, by, now)
    raise SlotGone("This slot is full, has begun, or was withdrawn.", instead, allowed)


def appointment_in(slot: Slot, repair: Repair, by: Caller, booked_at: datetime) -> Appointment:
    """The visit of a repair in a slot."""
    return Appointment(
        reference=repair.reference,
        slot_id=slot.id,
        contractor=slot.contractor,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked_at=booked_at,
        booked_by=by.subject,
    )


def give_to_firm_of(
    session: AsyncSession, slot: Slot, repair: Repair, *, at: datetime, now: datetime
) -> None:
    """Give the job to the firm in whose slot its visit is, unless it has it already."""
    if repair.contractor != slot.contractor:
        repair.assign(slot.contractor, by_booking=True)
        given = events.RepairAssigned(contractor=slot.contractor, department=repair.department)
        record(session, repair, given, occurred_at=at, now=now)


def _booked(slot: Slot, previous: Appointment | None, now: datetime) -> events.AppointmentBooked:
    moved = previous is not None and previous.starts_at > now
    return events.AppointmentBooked(
        starts_at=slot.starts_at.isoformat(),
        ends_at=slot.ends_at.isoformat(),
        contractor=slot.contractor,
        instead_of=previous.starts_at.isoformat() if previous is not None and moved else None,
    )


async def cancel(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: AppointmentCancellation,
    may: ColumnElement[bool],
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Call off the visit that is agreed; its place is free for others, and the repair can be booked anew.

    A firm that cannot come says why. Raises MoveNotAllowed when no visit lies ahead.
    """
    repair = await locked(session, Repair, reference, may)
    if "contractor" in by.roles and words.reason is None:
        raise Invalid("A firm says why it calls a visit off.", "/reason")
    at = await instant_of_act(session, repair, words.occurred_at, now)
    if not await call_off(session, repair, Because.ASKED, at=at, now=now):
        await refuse(session, resources, repair, "The repair has no appointment ahead.", by, now)
    if words.reason is not None:
        session.add(Reason.of(repair, policy.CANCELLATION, words.reason, by=by.subject, at=at))
    return repair


async def call_off(
    session: AsyncSession, repair: Repair, because: Because, *, at: datetime, now: datetime
) -> bool:
    """Call off the visit of a repair whose row is locked, if one lies ahead; returns whether one did."""
    appointment = await queries.standing_of(session, repair.reference)
    if appointment is None or not policy.is_ahead(appointment.starts_at, now):
        return False
    await queries.end(session, appointment, because, now)
    called_off = events.AppointmentCancelled(
        starts_at=appointment.starts_at.isoformat(),
        ends_at=appointment.ends_at.isoformat(),
        contractor=appointment.contractor,
        because=because,
    )
    record(session, repair, called_off, occurred_at=at, now=now)
    return True


async def call_off_unless_with(session: AsyncSession, repair: Repair, *, at: datetime, now: datetime) -> None:
    """Call off the visit of a firm that has lost the job to another: it no longer sees where to go."""
    appointment = await queries.standing_of(session, repair.reference)
    if appointment is not None and appointment.contractor != repair.contractor:
        await call_off(session, repair, Because.ANOTHER_FIRM, at=at, now=now)
