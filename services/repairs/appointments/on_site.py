"""Follow-on visits, agreed with the resident while an operative is in their home."""

from datetime import datetime
from uuid import UUID

from services.repairs.appointments import policy, queries, service
from services.repairs.appointments.models import Appointment, Slot
from services.repairs.appointments.policy import Because
from services.repairs.appointments.schemas import FollowUp
from services.repairs.case.models import Repair
from shared.errors import Invalid
from shared.work import UnitOfWork

SLOT, START = "/appointment/slot_id", "/appointment/starts_at"


def must_be_possible(agreed: FollowUp, at: datetime) -> None:
    """Raise Invalid for a window before the visit on which it was agreed, or too far after it."""
    if agreed.starts_at is None:
        return
    if agreed.starts_at < at:
        raise Invalid("The next visit cannot be before the one on which it is agreed.", START)
    if agreed.starts_at > at + policy.FURTHEST_AHEAD:
        raise Invalid("The next visit cannot be more than a year ahead.", START)


async def agree_on_site(work: UnitOfWork, repair: Repair, agreed: FollowUp, *, at: datetime) -> Appointment:
    """Put the follow-on visit that was agreed at `at` in place of the visit it follows, and return it.

    A place is taken in a slot, none for a window: the operative has answered for their own time. The slot
    that the repair has already changes nothing. A visit that was agreed before the appointment that stands
    was booked came late, and is history: it takes nobody's place. Raises SlotGone and SlotUnfit with the
    slots that may be had instead.
    """
    previous = await queries.standing_of(work, repair.reference)
    if previous is not None and agreed.slot_id is not None and previous.slot_id == agreed.slot_id:
        return previous
    stands = repair.is_open() and (previous is None or previous.booked_at <= at)
    if agreed.slot_id is None:
        visit = _in_no_slot(work, repair, agreed, at)
    else:
        slot = await _slot(work, repair, agreed.slot_id, to_be_taken=stands)
        visit = service.appointment_in(work, slot, repair, at)
        if stands:
            service.give_to_firm_of(work, slot, repair, at)
    if stands and previous is not None:
        await queries.end(work, previous, Because.FOLLOW_ON, at)
    if stands:
        work.session.add(visit)
    return visit


def _in_no_slot(work: UnitOfWork, repair: Repair, agreed: FollowUp, at: datetime) -> Appointment:
    return Appointment(
        reference=repair.reference,
        contractor=repair.contractor,
        starts_at=agreed.starts_at,
        ends_at=agreed.ends_at,
        booked_at=at,
        booked_by=work.caller.subject,
    )


async def _slot(work: UnitOfWork, repair: Repair, slot_id: UUID, *, to_be_taken: bool) -> Slot:
    """The slot, with a place taken in it if wanted; for history it need only be one that the caller sees."""
    any_slot = await service.wanted_by(work, repair)
    wanted = policy.wanted_on_site(any_slot, repair.contractor, is_emergency=repair.is_emergency)
    if to_be_taken:
        slot = await queries.take_place(work, slot_id, wanted)
    else:
        slot = await queries.visible_slot_if_any(work, slot_id)
    return slot or await service.refuse_slot(work, slot_id, wanted, SLOT)
