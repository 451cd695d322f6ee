"""Questions about slots and appointments."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    column,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.repairs.appointments.models import Appointment, Slot
from services.repairs.appointments.policy import LONGEST_VISIT, OFFERED_AT_ONCE, Because, Trade, Wanted
from services.repairs.case.models import Repair
from services.repairs.case.policy import DEPARTMENT
from shared.caller import Role
from shared.db.tables import INSTANT
from shared.errors import NotFound
from shared.http.paging import PageRequest
from shared.standards.calendar import LONDON
from shared.text import compared
from shared.work import Creation, UnitOfWork

NO_SUCH_SLOT = "There is no such slot for this caller."

_HAS_ROOM = Slot.withdrawn_at.is_(None) & (Slot.booked < Slot.capacity)


def _can_be_had(
    trade: ColumnElement[str],
    firm: ColumnElement[str | None],
    after: ColumnElement[datetime],
    until: ColumnElement[datetime | None],
) -> ColumnElement[bool]:
    """The slots with a place free that fit, as policy.misfit judges one; a null `firm` or `until` is any."""
    return and_(
        _HAS_ROOM,
        Slot.trade == trade,
        Slot.starts_at > after,
        or_(firm.is_(None), Slot.contractor_key == firm),
        or_(until.is_(None), Slot.ends_at <= until),
    )


_wanted = (
    func.unnest(
        bindparam("trades", type_=ARRAY(Text)),
        bindparam("firms", type_=ARRAY(Text)),
        bindparam("afters", type_=ARRAY(INSTANT)),
        bindparam("untils", type_=ARRAY(INSTANT)),
    )
    .table_valued(
        column("trade", Text),
        column("firm", Text),
        column("after", INSTANT),
        column("until", INSTANT),
        with_ordinality="number",
    )
    .render_derived(name="wanted")
)

_offered = (
    select(Slot.id, Slot.starts_at, Slot.ends_at, Slot.trade)
    .where(_can_be_had(_wanted.c.trade, _wanted.c.firm, _wanted.c.after, _wanted.c.until))
    .order_by(Slot.starts_at, Slot.ends_at, Slot.id)
    .limit(OFFERED_AT_ONCE)
    .lateral("offered")
)

# Written once, for it is asked at every report: to build it anew costs more than to ask it.
_OFFERED_TO_EACH = (
    select(_wanted.c.number, _offered)
    .select_from(_wanted.join(_offered, true()))
    .order_by(_wanted.c.number, _offered.c.starts_at, _offered.c.ends_at, _offered.c.id)
)


async def offered(work: UnitOfWork, wanted: Wanted) -> Sequence[Any]:
    """The earliest slots that fit and have a place free."""
    return (await offered_to_each(work.session, [wanted]))[0]


async def offered_apart(work: Creation, wanted: Wanted) -> Sequence[Any]:
    """The same for a creation, which asks nothing itself: by one statement for all that ask meanwhile."""
    return await work.state.database.ask(offered_to_each, wanted)


async def offered_to_each(
    asked: AsyncSession | AsyncConnection, wanted: Sequence[Wanted]
) -> Sequence[Sequence[Any]]:
    """The slots offered to each of several repairs, by one statement."""
    columns = {
        "trades": [one.trade for one in wanted],
        "firms": [one.firm and compared(one.firm) for one in wanted],
        "afters": [one.after for one in wanted],
        "untils": [one.until for one in wanted],
    }
    found: list[list[Any]] = [[] for _ in wanted]
    for row in await asked.execute(_OFFERED_TO_EACH, columns):
        found[row.number - 1].append(row)
    return found


async def take_place(work: UnitOfWork, slot_id: UUID, wanted: Wanted) -> Slot | None:
    """Take a place in a slot, or return None if it has none or does not fit.

    One conditional UPDATE: of many at once the row's lock lets one through after the other, and each
    looks again at what the one before it left.
    """
    can_be_had = _can_be_had(
        literal(wanted.trade, Text),
        literal(wanted.firm and compared(wanted.firm), Text),
        literal(wanted.after, INSTANT),
        literal(wanted.until, INSTANT),
    )
    place = update(Slot).where(Slot.id == slot_id, can_be_had).values(booked=Slot.booked + 1)
    found = await work.session.scalars(place.returning(Slot).execution_options(populate_existing=True))
    return found.one_or_none()


async def give_back_place(work: UnitOfWork, slot_id: UUID) -> None:
    """Let somebody else have a place that was taken."""
    await work.session.execute(update(Slot).where(Slot.id == slot_id).values(booked=Slot.booked - 1))


async def withdraw(work: UnitOfWork, slot_id: UUID) -> Slot | None:
    """Withdraw a slot in which nobody has booked; None if somebody has."""
    done = update(Slot).where(Slot.id == slot_id, Slot.booked == 0).values(withdrawn_at=work.now)
    found = await work.session.scalars(done.returning(Slot).execution_options(populate_existing=True))
    return found.one_or_none()


def _visible(work: UnitOfWork) -> ColumnElement[bool]:
    """The slots that the caller sees: officers of repairs all, firms their own.

    Residents, and front ends for them, see those that can still be booked.
    """
    caller = work.caller
    if caller.is_a(Role.OFFICER):
        return true() if DEPARTMENT in caller.departments else false()
    if caller.is_a(Role.CONTRACTOR):
        return Slot.contractor_key == caller.firm_key if caller.firm_key else false()
    return _HAS_ROOM & (Slot.starts_at > work.now)


async def slot_if_any(work: UnitOfWork, slot_id: UUID) -> Slot | None:
    """A slot, whoever asks, if there is one."""
    return await work.session.scalar(select(Slot).where(Slot.id == slot_id))


async def visible_slot_if_any(work: UnitOfWork, slot_id: UUID) -> Slot | None:
    """A slot that the caller sees, if there is one."""
    return await work.session.scalar(select(Slot).where(Slot.id == slot_id, _visible(work)))


async def visible_slot(work: UnitOfWork, slot_id: UUID) -> Slot:
    """A slot that the caller sees, also one that was withdrawn; raises NotFound."""
    found = await visible_slot_if_any(work, slot_id)
    if found is None:
        raise NotFound(NO_SUCH_SLOT)
    return found


async def visible_slots(
    work: UnitOfWork,
    page: PageRequest,
    *,
    trade: Trade | None,
    contractor: str | None,
    ends_after: datetime,
    starts_before: datetime | None,
) -> tuple[Sequence[Slot], str | None]:
    """A page of the slots that the caller sees and that stand, the earliest first, and the next cursor."""
    query = select(Slot).where(Slot.withdrawn_at.is_(None), Slot.ends_at > ends_after, _visible(work))
    if trade is not None:
        query = query.where(Slot.trade == trade)
    if contractor is not None:
        query = query.where(Slot.contractor_key == compared(contractor))
    if starts_before is not None:
        query = query.where(Slot.starts_at < starts_before)
    if (after := page.after(2)) is not None:
        key = tuple_(datetime.fromisoformat(after[0]), UUID(after[1]))
        query = query.where(tuple_(Slot.starts_at, Slot.id) > key)
    ordered = query.order_by(Slot.starts_at, Slot.id).limit(page.limit + 1)
    rows = (await work.session.scalars(ordered)).all()
    return page.cut(rows, lambda slot: (slot.starts_at.isoformat(), slot.id))


def has_visit_on(day: date) -> ColumnElement[bool]:
    """The repairs with an appointment that stands and of which some part is on that day in London."""
    begin = datetime.combine(day, time(), LONDON)
    end = datetime.combine(day + timedelta(days=1), time(), LONDON)
    return Repair.reference.in_(
        select(Appointment.reference).where(
            Appointment.ended_at.is_(None),
            # so that the index need not be read from its beginning
            Appointment.starts_at > begin - LONGEST_VISIT,
            Appointment.starts_at < end,
            Appointment.ends_at > begin,
        )
    )


async def standing(work: UnitOfWork, references: Sequence[str]) -> dict[str, Appointment]:
    """The appointment of each of these repairs that has one."""
    query = select(Appointment).where(Appointment.reference.in_(references), Appointment.ended_at.is_(None))
    return {appointment.reference: appointment for appointment in await work.session.scalars(query)}


async def standing_of(work: UnitOfWork, reference: str) -> Appointment | None:
    """The appointment of one repair, as this unit of work left it."""
    await work.session.flush()
    return (await standing(work, [reference])).get(reference)


async def end(work: UnitOfWork, appointment: Appointment, because: Because, at: datetime) -> None:
    """End an appointment at that instant, and give its place back if the visit was still ahead.

    Written at once: the index that lets a repair have only one would else see the next one first.
    """
    appointment.ended_at, appointment.ended_because = at, because
    await work.session.flush()
    if appointment.slot_id is not None and appointment.starts_at > at:
        await give_back_place(work, appointment.slot_id)
