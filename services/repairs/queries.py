"""Every question that repairs puts to its database."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.events import RepairAssigned
from services.repairs.models import JobUpdate, Repair
from services.repairs.policy import DEPARTMENT, Update
from shared.caller import Caller
from shared.casework import known, locked
from shared.db.tables import events
from shared.errors import NotFound


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """What a caller may see: officers their department's, contractors their jobs, residents their own."""
    if "officer" in caller.roles:
        return true() if DEPARTMENT in caller.departments else false()
    if "contractor" in caller.roles:
        return Repair.contractor == caller.firm if caller.firm else false()
    if "resident" in caller.roles:
        return Repair.reported_by == caller.subject
    return false()


def knows_the_home(surname: str | None, postcode: str | None) -> ColumnElement[bool]:
    """What somebody tracking a repair must know besides its reference; either of the two will do."""
    known: list[ColumnElement[bool]] = []
    if surname and surname.strip():
        name = func.concat(" ", func.lower(Repair.contact["name"].astext))
        known.append(name.endswith(f" {surname.strip().lower()}", autoescape=True))
    if postcode:
        stored = func.replace(Repair.property["postcode"].astext, " ", "")
        known.append(stored == postcode.replace(" ", "").upper())
    return or_(false(), *known)


def arrangeable_by(caller: Caller, surname: str | None, postcode: str | None) -> ColumnElement[bool]:
    """The repairs whose visits a caller may agree: those they see, and for a front end its residents'."""
    if "frontend" in caller.roles:
        return or_(Repair.reported_by == caller.subject, knows_the_home(surname, postcode))
    return visible_to(caller)


async def repair(session: AsyncSession, reference: str, *conditions: ColumnElement[bool]) -> Repair:
    """A repair that fulfils the conditions; raises NotFound."""
    found = await session.scalar(select(Repair).where(Repair.reference == known(reference), *conditions))
    if found is None:
        raise NotFound("There is no such case for this caller.")
    return found


async def repair_for_update(session: AsyncSession, reference: str, caller: Caller) -> Repair:
    """A repair that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await locked(session, Repair, reference, visible_to(caller))


def can_be_told_of_by(caller: Caller) -> ColumnElement[bool]:
    """The repairs of which a caller may say what happened: a firm, if it has or ever had the job."""
    if "contractor" not in caller.roles or not caller.firm:
        return visible_to(caller)
    had_it = exists().where(
        events.c.reference == Repair.reference,
        events.c.type == RepairAssigned.type,
        events.c.facts["contractor"].astext == caller.firm,
    )
    return or_(visible_to(caller), had_it)


async def repair_to_tell_of(session: AsyncSession, reference: str, caller: Caller) -> Repair:
    """A repair of which the caller may say what happened, locked; raises NotFound and StaleVersion."""
    return await locked(session, Repair, reference, can_be_told_of_by(caller))


async def lock_all(session: AsyncSession, references: Collection[str], caller: Caller) -> None:
    """Lock those of these repairs of which the caller may say what happened, in order of reference.

    Everybody who needs several at once takes them so, or two could each hold what the other waits for.
    """
    among = select(Repair.reference).where(Repair.reference.in_(references), can_be_told_of_by(caller))
    await session.execute(among.order_by(Repair.reference).with_for_update())


async def listed(
    session: AsyncSession,
    caller: Caller,
    after: list[str] | None,
    limit: int,
    *,
    status: str | None,
    priority: int | None,
    queue: str | None,
) -> Sequence[Repair]:
    """One row more than a page of the repairs that the caller may see, the latest first."""
    query = select(Repair).where(visible_to(caller))
    if status is not None:
        query = query.where(Repair.status == status)
    if priority is not None:
        query = query.where(Repair.priority == priority)
    if queue is not None:
        query = query.where(Repair.queue == queue, Repair.contractor.is_(None), Repair.ended_at.is_(None))
    if after is not None:
        received_at, reference = datetime.fromisoformat(after[0]), after[1]
        query = query.where(tuple_(Repair.received_at, Repair.reference) < tuple_(received_at, reference))
    ordered = query.order_by(Repair.received_at.desc(), Repair.reference.desc())
    return (await session.scalars(ordered.limit(limit + 1))).all()


def sorting_key(repair: Repair) -> tuple[str, str]:
    """Where a row stands in the list."""
    return repair.received_at.isoformat(), repair.reference


async def is_recorded(session: AsyncSession, reference: str, fingerprint: bytes) -> bool:
    """Whether this very update is there already."""
    same = select(JobUpdate.number).filter_by(reference=reference, fingerprint=fingerprint)
    return await session.scalar(same) is not None


async def completions_within(session: AsyncSession, reference: str, second: datetime) -> Sequence[JobUpdate]:
    """The completions that were told of a job for one second."""
    within = JobUpdate.occurred_at >= second, JobUpdate.occurred_at < second + timedelta(seconds=1)
    told = select(JobUpdate).filter_by(reference=reference, type=Update.COMPLETED).where(*within)
    return (await session.scalars(told)).all()


def readable_by(caller: Caller) -> ColumnElement[bool]:
    """What a caller may read of what was told of a job they see: officers all, a firm its own words."""
    if "officer" in caller.roles:
        return true()
    return JobUpdate.firm == caller.firm if caller.firm else false()


async def updates(
    session: AsyncSession, reference: str, caller: Caller, after: list[str] | None, limit: int
) -> Sequence[JobUpdate]:
    """One row more than a page of what was told of a job, in the order in which it reached us."""
    told = select(JobUpdate).where(JobUpdate.reference == reference, readable_by(caller))
    if after is not None:
        told = told.where(JobUpdate.number > int(after[0]))
    return (await session.scalars(told.order_by(JobUpdate.number).limit(limit + 1))).all()
