"""Every question about slots and appointments that is put to the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    bindparam,
    column,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.repairs.appointments.models import Appointment, Slot
from services.repairs.appointments.policy import OFFERED_AT_ONCE, Because, Wanted
from services.repairs.policy import DEPARTMENT
from shared.caller import Caller
from shared.db.tables import INSTANT
from shared.errors import NotFound

_has_room = Slot.withdrawn_at.is_(None) & (Slot.booked < Slot.capacity)


def _fits(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The same as policy.misfit, for many slots at once."""
    conditions = [Slot.trade == wanted.trade, Slot.starts_at > wanted.after]
    conditions += [Slot.contractor == wanted.firm] if wanted.firm is not None else []
    conditions += [Slot.ends_at <= wanted.until] if wanted.until is not None else []
    return conditions


_wanted = func.unnest(
    bindparam("trades", type_=ARRAY(Text)),
    bindparam("firms", type_=ARRAY(Text)),
    bindparam("afters", type_=ARRAY(INSTANT)),
    bindparam("untils", type_=ARRAY(INSTANT)),
).table_valued(
    column("trade", Text), column("firm", Text), column("after", INSTANT), column("until", INSTANT),
    with_ordinality="number",
).render_derived(name="wanted")  # fmt: skip

_offered = (
    select(Slot.id, Slot.starts_at, Slot.ends_at, Slot.trade)
    .where(
        _has_room,
        Slot.trade == _wanted.c.trade,
        Slot.starts_at > _wanted.c.after,
        or_(_wanted.c.firm.is_(None), Slot.contractor == _wanted.c.firm),
        or_(_wanted.c.until.is_(None), Slot.ends_at <= _wanted.c.until),
    )
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


async def offered_to_each(
    asked: AsyncSession | AsyncConnection, wanted: Sequence[Wanted]
) -> Sequence[Sequence[Any]]:
    """For each the earliest slots that fit and have a place free; the same as `_fits` says of one."""
    columns = {
        "trades": [one.trade for one in wanted],
        "firms": [one.firm for one in wanted],
        "afters": [one.after for one in wanted],
        "untils": [one.until for one in wanted],
    }
    found: list[list[Any]] = [[] for _ in wanted]
    for row in await asked.execute(_OFFERED_TO_EACH, columns):
        found[row.number - 1].append(row)
    return found


async def take_place(session: AsyncSession, slot_id: UUID, wanted: Wanted) -> Slot | None:
    """Take a place in a slot, or None if it has none or does not fit.

    One conditional UPDATE: of many at once the row's lock lets one through after the other, and each
    looks again at what the one before it left.
    """
    place = update(Slot).where(Slot.id == slot_id, _has_room, *_fits(wanted)).values(booked=Slot.booked + 1)
    found = await session.scalars(place.returning(Slot).execution_options(populate_existing=True))
    return found.one_or_none()


async def give_back_place(session: AsyncSession, slot_id: UUID) -> None:
    """Let somebody else have a place that was taken."""
    await session.execute(update(Slot).where(Slot.id == slot_id).values(booked=Slot.booked - 1))


async def withdraw(session: AsyncSession, slot_id: UUID, now: datetime) -> Slot | None:
    """Withdraw a slot in which nobody has booked; None if somebody has."""
    done = update(Slot).where(Slot.id == slot_id, Slot.booked == 0).values(withdrawn_at=now)
    found = await session.scalars(done.returning(Slot).execution_options(populate_existing=True))
    return found.one_or_none()


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """What a caller may see: firms their own, officers of repairs all, residents what has room."""
    if "officer" in caller.roles:
        return true() if DEPARTMENT in caller.departments else false()
    if "contractor" in caller.roles:
        return Slot.contractor == caller.firm if caller.firm else false()
    # residents, and front ends for them, see what can still be booked
    return _has_room & (Slot.starts_at > func.now())


async def slot_if_any(session: AsyncSession, slot_id: UUID, *conditions: ColumnElement[bool]) -> Slot | None:
    """A slot that fulfils the conditions, if there is such a one."""
    return await session.scalar(select(Slot).where(Slot.id == slot_id, *conditions))


async def slot(session: AsyncSession, slot_id: UUID, *conditions: ColumnElement[bool]) -> Slot:
    """A slot that fulfils the conditions; raises NotFound."""
    found = await slot_if_any(session, slot_id, *conditions)
    if found is None:
        raise NotFound("There is no such slot for this caller.")
    return found


async def slots(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], after: list[str] | None, limit: int
) -> Sequence[Slot]:
    """One row more than a page of the slots that are not withdrawn, the earliest first."""
    query = select(Slot).where(Slot.withdrawn_at.is_(None), *conditions)
    if after is not None:
        starts_at, slot_id = datetime.fromisoformat(after[0]), UUID(after[1])
        query = query.where(tuple_(Slot.starts_at, Slot.id) > tuple_(starts_at, slot_id))
    return (await session.scalars(query.order_by(Slot.starts_at, Slot.id).limit(limit + 1))).all()


def slot_conditions(
    caller: Caller,
    trade: str | None,
    contractor: str | None,
    ends_after: datetime,
    starts_before: datetime | None,
) -> list[ColumnElement[bool]]:
    """The conditions of a filter; None does not filter."""
    conditions = [visible_to(caller), Slot.ends_at > ends_after]
    conditions += [Slot.trade == trade] if trade is not None else []
    conditions += [Slot.contractor == contractor] if contractor is not None else []
    conditions += [Slot.starts_at < starts_before] if starts_before is not None else []
    return conditions


async def standing(session: AsyncSession, references: Sequence[str]) -> dict[str, Appointment]:
    """The appointment of each of these repairs that has one."""
    query = select(Appointment).where(Appointment.reference.in_(references), Appointment.ended_at.is_(None))
    return {appointment.reference: appointment for appointment in await session.scalars(query)}


async def standing_of(session: AsyncSession, reference: str) -> Appointment | None:
    """The appointment of one repair, as this transaction left it."""
    await session.flush()
    return (await standing(session, [reference])).get(reference)


async def end(session: AsyncSession, appointment: Appointment, because: Because, at: datetime) -> None:
    """End an appointment at that instant, and give its place back if the visit was still ahead.

    Written at once: the index that lets a repair have only one would else see the next one first.
    """
    appointment.ended_at, appointment.ended_because = at, because
    await session.flush()
    if appointment.slot_id is not None and appointment.starts_at > at:
        await give_back_place(session, appointment.slot_id)
