"""Use cases of slots and appointments: publish and withdraw, offer, book, move, call off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from services.repairs import events
from services.repairs.appointments import policy, queries
from services.repairs.appointments.errors import SlotGone, SlotUnfit
from services.repairs.appointments.models import Appointment, Slot
from services.repairs.appointments.policy import LIFECYCLE, Action, Because, Wanted
from services.repairs.appointments.schemas import AppointmentCancellation, Booking, Offer, SlotIn
from services.repairs.case import queries as repairs
from services.repairs.case.models import Reason, Repair
from services.repairs.case.policy import DEPARTMENT, Status
from services.repairs.contractors.policy import OWN_OPERATIVES
from services.repairs.contractors.service import registered_name
from shared.caller import Role
from shared.cases.acts import check
from shared.cases.deadlines import deadlines_of
from shared.cases.reasons import give_reason
from shared.cases.times import in_order, occurred_at
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.text import same
from shared.work import Creation, UnitOfWork, Work


async def publish(work: UnitOfWork, body: SlotIn) -> Slot:
    """Open a slot for booking.

    Raises Invalid for one that has begun and for a firm that is not registered, Forbidden for another firm's
    or another department's.
    """
    if body.starts_at <= work.now:
        raise Invalid("A slot is published before it begins.", "/starts_at")
    slot = Slot(
        contractor=await registered_name(work, _firm_of(work, body)),
        trade=body.trade,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        capacity=body.capacity,
        published_at=work.now,
        published_by=work.caller.subject,
    )
    work.session.add(slot)
    await work.session.flush()
    return slot


def _firm_of(work: UnitOfWork, body: SlotIn) -> str:
    caller = work.caller
    if caller.is_a(Role.OFFICER):
        if DEPARTMENT not in caller.departments:
            raise Forbidden("Only officers of the repairs department publish a firm's slots.")
        return body.contractor or OWN_OPERATIVES
    if caller.firm is None or not same(body.contractor or caller.firm, caller.firm):
        raise Forbidden("A contractor publishes the slots of their own firm.")
    return caller.firm


async def withdraw(work: UnitOfWork, slot_id: UUID) -> Slot:
    """Close a slot that nobody has booked; raises NotFound, and Conflict when somebody has."""
    slot = await queries.visible_slot(work, slot_id)
    if slot.withdrawn_at is not None:
        raise NotFound(queries.NO_SUCH_SLOT)
    withdrawn = await queries.withdraw(work, slot_id)
    if withdrawn is None:
        raise Conflict("Somebody has booked in this slot; their appointments have to be moved first.")
    return withdrawn


async def offers(work: UnitOfWork, repair: Repair) -> Sequence[Any]:
    """The earliest slots that the repair may have; none for an emergency or a repair that has ended."""
    if not _needs_appointment(work, repair):
        return ()
    return await queries.offered(work, await wanted_by(work, repair))


async def offer_at_first_contact(work: Creation, repair: Repair) -> Sequence[Any]:
    """The offers in the answer to a report; that there are none is told to the department at once.

    An imported repair is history: its visit was agreed long ago, or is for its officer to agree.
    """
    if repair.imported or not _needs_appointment(work, repair):
        return ()
    found = await queries.offered_apart(work, await wanted_by(work, repair))
    if not found:
        trade = policy.trade_for(repair.fault, repair.queue)
        work.record(repair, events.NoSlotOffered(trade=trade, priority=repair.priority))
    return found


def _needs_appointment(work: Work, repair: Repair) -> bool:
    return LIFECYCLE.allows(Action.APPOINTMENT, repair.situation(work.now))


async def wanted_by(work: Work, repair: Repair) -> Wanted:
    """The slots that the repair may have."""
    promises = (await deadlines_of(work, [repair.reference]))[repair.reference]
    return Wanted(
        trade=policy.trade_for(repair.fault, repair.queue),
        firm=policy.binding_firm(repair.contractor, repair.given_by_booking, Status(repair.status)),
        after=work.now,
        until=policy.latest_end(promises, work.now),
    )


async def book(work: UnitOfWork, reference: str, body: Booking) -> Repair:
    """Book a slot for a repair, in place of the appointment it may have; the same slot again changes nothing.

    The firm whose slot it is gets the job, unless it is a firm's already. Raises MoveNotAllowed for an
    emergency or an ended repair, SlotGone and SlotUnfit with the slots that may be had instead.
    """
    repair = repairs.still_open(await repairs.arrangeable_repair_for_update(work, reference))
    previous = await queries.standing_of(work, repair.reference)
    check(LIFECYCLE, Action.APPOINTMENT, repair.situation(work.now))
    at = await occurred_at(work, repair, body)
    if previous is not None and previous.slot_id == body.slot_id:
        return repair
    wanted = await wanted_by(work, repair)
    slot = await queries.take_place(work, body.slot_id, wanted)
    if slot is None:
        await refuse_slot(work, body.slot_id, wanted)
    if previous is not None:
        await queries.end(work, previous, Because.REBOOKED, work.now)
    work.session.add(appointment_in(work, slot, repair, work.now))
    give_to_firm_of(work, slot, repair, at)
    work.record(repair, _booked(work, slot, previous), at=at)
    return repair


async def refuse_slot(work: UnitOfWork, slot_id: UUID, wanted: Wanted, pointer: str = "/slot_id") -> NoReturn:
    """Raise SlotUnfit or SlotGone, with the slots that may be had instead."""
    offered = await queries.offered(work, wanted)
    instead: list[dict[str, Any]] = [Offer.of(slot).model_dump(mode="json") for slot in offered]
    slot = await queries.slot_if_any(work, slot_id)
    if slot is None:
        raise SlotUnfit("There is no such slot.", instead, pointer)
    if misfit := policy.misfit(wanted, slot.trade, slot.contractor, slot.ends_at):
        raise SlotUnfit(misfit, instead, pointer)
    raise SlotGone("This slot is full, has begun, or was withdrawn.", instead)


def appointment_in(work: UnitOfWork, slot: Slot, repair: Repair, booked_at: datetime) -> Appointment:
    """The visit of a repair in a slot."""
    return Appointment(
        reference=repair.reference,
        slot_id=slot.id,
        contractor=slot.contractor,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        booked_at=booked_at,
        booked_by=work.caller.subject,
    )


def give_to_firm_of(work: UnitOfWork, slot: Slot, repair: Repair, at: datetime) -> None:
    """Give the job to the firm in whose slot its visit is, unless it has it already."""
    if not same(repair.contractor, slot.contractor):
        repair.assign(slot.contractor, by_booking=True)
        given = events.RepairAssigned(contractor=slot.contractor, department=repair.department)
        work.record(repair, given, at=at)


def _booked(work: UnitOfWork, slot: Slot, previous: Appointment | None) -> events.AppointmentBooked:
    moved = previous is not None and policy.is_ahead(previous.starts_at, work.now)
    return events.AppointmentBooked(
        starts_at=slot.starts_at.isoformat(),
        ends_at=slot.ends_at.isoformat(),
        contractor=slot.contractor,
        instead_of=previous.starts_at.isoformat() if previous is not None and moved else None,
    )


async def cancel(work: UnitOfWork, reference: str, body: AppointmentCancellation) -> Repair:
    """Call off the visit that is agreed; its place is free for others, and the repair can be booked anew.

    Raises Invalid for a firm that gives no reason, MoveNotAllowed when no visit lies ahead.
    """
    repair = await repairs.arrangeable_repair_for_update(work, reference)
    if work.caller.is_a(Role.CONTRACTOR) and body.reason is None:
        raise Invalid("A firm says why it calls a visit off.", "/reason")
    at = await in_order(work, repair, body, [policy.AGREED])
    visit = await queries.standing_of(work, repair.reference)
    visit_at = visit.starts_at if visit is not None else None
    check(LIFECYCLE, Action.CANCELLATION, repair.situation(work.now, visit_at=visit_at))
    assert visit is not None, "only a visit that lies ahead may be called off"
    await _end_ahead(work, repair, visit, Because.ASKED, at)
    if body.reason is not None:
        give_reason(work, Reason, repair, Action.CANCELLATION, body.reason, at)
    return repair


async def call_off(work: UnitOfWork, repair: Repair, because: Because, *, at: datetime) -> bool:
    """Call off the visit of a repair whose row is locked, if one lies ahead; returns whether one did."""
    visit = await queries.standing_of(work, repair.reference)
    if visit is None or not policy.is_ahead(visit.starts_at, work.now):
        return False
    await _end_ahead(work, repair, visit, because, at)
    return True


async def call_off_unless_with(work: UnitOfWork, repair: Repair, *, at: datetime) -> None:
    """Call off the visit of a firm that has lost the job to another: it no longer sees where to go."""
    visit = await queries.standing_of(work, repair.reference)
    if visit is not None and not same(visit.contractor, repair.contractor):
        await call_off(work, repair, Because.ANOTHER_FIRM, at=at)


async def _end_ahead(
    work: UnitOfWork, repair: Repair, visit: Appointment, because: Because, at: datetime
) -> None:
    """End a visit that lies ahead, and record that it was called off."""
    await queries.end(work, visit, because, work.now)
    called_off = events.AppointmentCancelled(
        starts_at=visit.starts_at.isoformat(),
        ends_at=visit.ends_at.isoformat(),
        contractor=visit.contractor,
        because=because,
    )
    work.record(repair, called_off, at=at)
