"""Follow-on visits, agreed with the resident while an operative is in their home."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.appointments import policy, queries, service
from services.repairs.appointments.models import Appointment, Slot
from services.repairs.appointments.policy import Because
from services.repairs.models import Repair
from services.repairs.update_schemas import FollowUp
from shared.app_state import AppState
from shared.caller import Caller
from shared.errors import Invalid

SLOT, START = "/appointment/slot_id", "/appointment/starts_at"


def must_be_possible(agreed: FollowUp, at: datetime) -> None:
    """Raise Invalid for a window before the visit on which it was agreed, or too far after it."""
    if agreed.starts_at is None:
        return
    if agreed.starts_at < at:
        raise Invalid("The next visit cannot be before the one on which it is agreed.", START)
    if agreed.starts_at > at + policy.FURTHEST_AHEAD:
        raise Invalid("The next visit cannot be more than a year ahead.", START)


async def agree_on_site(
    session: AsyncSession,
    resources: AppState,
    repair: Repair,
    agreed: FollowUp,
    *,
    at: datetime,
    by: Caller,
    now: datetime,
) -> Appointment:
    """Put the follow-on visit that was agreed at `at` in place of the visit it follows, and return it.

    A place is taken in a slot, none for a window: the operative has answered for their own time. The slot
    that the repair has already changes nothing. A visit that was agreed before the appointment that stands
    was booked came late, and is history: it takes nobody's place. Raises SlotGone and SlotUnfit with what
    may be had instead.
    """
    previous = await queries.standing_of(session, repair.reference)
    if previous is not None and agreed.slot_id is not None and previous.slot_id == agreed.slot_id:
        return previous
    stands = repair.is_open() and (previous is None or previous.booked_at <= at)
    if agreed.slot_id is None:
        visit = _in_no_slot(repair, agreed, by, at)
    else:
        slot = await _slot(session, resources, repair, agreed.slot_id, by, now, to_be_taken=stands)
        visit = service.appointment_in(slot, repair, by, at)
        if stands:
            service.give_to_firm_of(session, slot, repair, at=at, now=now)
    if stands and previous is not None:
        await queries.end(session, previous, Because.FOLLOW_ON, at)
    if stands:
        session.add(visit)
    return visit


def _in_no_slot(repair: Repair, agreed: FollowUp, by: Caller, at: datetime) -> Appointment:
    return Appointment(
        reference=repair.reference,
        contractor=repair.contractor,
        starts_at=agreed.starts_at,
        ends_at=agreed.ends_at,
        booked_at=at,
        booked_by=by.subject,
    )


async def _slot(
    session: AsyncSession,
    resources: AppState,
    repair: Repair,
    slot_id: UUID,
    by: Caller,
    now: datetime,
    *,
    to_be_taken: bool,
) -> Slot:
    """The slot, and if wanted a place in it; for history it only has to be one that the caller may name."""
    any_slot = await service.wanted_by(session, resources, repair, now)
    wanted = policy.wanted_on_site(any_slot, repair.contractor, repair.priority)
    slot = (
        await queries.take_place(session, slot_id, wanted)
        if to_be_taken
        else await queries.slot_if_any(session, slot_id, queries.visible_to(by))
    )
    return slot or await service.refuse_slot(session, resources, repair, slot_id, wanted, by, now, SLOT)
