"""Every question that repairs puts to its database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.models import JobUpdate, Repair
from services.repairs.policy import DEPARTMENT
from shared.casework import known, locked
from shared.errors import NotFound
from shared.http.auth import Caller


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """The repairs a caller may see: officers their department's, contractors their jobs, residents their own."""
    if "officer" in caller.roles:
        return true() if DEPARTMENT in caller.departments else false()
    if "contractor" in caller.roles:
        return Repair.contractor == caller.firm if caller.firm else false()
    if "service" in caller.roles:
        return true()
    return Repair.reported_by == caller.subject


def knows_the_home(surname: str | None, postcode: str | None) -> ColumnElement[bool]:
    """What somebody tracking a repair must know besides its reference."""
    asked = false()
    if surname:
        last_word = func.lower(func.split_part(Repair.contact["name"].astext, " ", -1))
        asked = asked | (last_word == surname.strip().lower())
    if postcode:
        stored = func.replace(Repair.property["postcode"].astext, " ", "")
        asked = asked | (stored == postcode.replace(" ", "").upper())
    return asked


async def repair(session: AsyncSession, reference: str, *conditions: ColumnElement[bool]) -> Repair:
    """A repair that fulfils the conditions; raises NotFound."""
    found = await session.scalar(select(Repair).where(Repair.reference == known(reference), *conditions))
    if found is None:
        raise NotFound("There is no such case for this caller.")
    return found


async def repair_for_update(session: AsyncSession, reference: str, caller: Caller) -> Repair:
    """A repair that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await locked(session, Repair, reference, visible_to(caller))


async def listed(
    session: AsyncSession,
    caller: Caller,
    after: list[str] | None,
    limit: int,
    *,
    status: str | None,
    priority: int | None,
) -> Sequence[Repair]:
    """One row more than a page of the repairs that the caller may see, the latest first."""
    query = select(Repair).where(visible_to(caller))
    if status is not None:
        query = query.where(Repair.status == status)
    if priority is not None:
        query = query.where(Repair.priority == priority)
    if after is not None:
        received_at, reference = datetime.fromisoformat(after[0]), after[1]
        query = query.where(tuple_(Repair.received_at, Repair.reference) < tuple_(received_at, reference))
    ordered = query.order_by(Repair.received_at.desc(), Repair.reference.desc())
    return (await session.scalars(ordered.limit(limit + 1))).all()


async def is_recorded(session: AsyncSession, reference: str, update_type: str, occurred_at: datetime) -> bool:
    """Whether this very update is there already."""
    same = select(JobUpdate.number).filter_by(reference=reference, type=update_type, occurred_at=occurred_at)
    return await session.scalar(same) is not None
