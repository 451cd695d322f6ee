"""Every question about appliances that is put to the database."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.appliances.models import Appliance, ApplianceService
from services.repairs.appliances.policy import ApplianceKind, Status
from services.repairs.policy import DEPARTMENT
from shared.caller import Caller
from shared.casework import known, locked
from shared.errors import NotFound

REGISTER_LOCK = 7_310_431
WITHOUT_A_DATE = "none"


def visible_to(caller: Caller) -> ColumnElement[bool]:
    """Officers see what their department deals with."""
    return true() if DEPARTMENT in caller.departments else false()


async def lock_register(session: AsyncSession) -> None:
    """Let one register at a time, so that two who send the same file register nothing twice."""
    await session.execute(select(func.pg_advisory_xact_lock(REGISTER_LOCK)))


async def registered(
    session: AsyncSession, homes: Collection[tuple[ApplianceKind, str]]
) -> Sequence[Appliance]:
    """The appliances on the register of these kinds at these homes, the longest there first."""
    query = select(Appliance).where(
        Appliance.status == Status.REGISTERED, tuple_(Appliance.kind, Appliance.home).in_(homes)
    )
    return (await session.scalars(query.order_by(Appliance.received_at, Appliance.reference))).all()


async def appliance(session: AsyncSession, reference: str, caller: Caller) -> Appliance:
    """An appliance that the caller may see; raises NotFound."""
    query = select(Appliance).where(Appliance.reference == known(reference), visible_to(caller))
    found = await session.scalar(query)
    if found is None:
        raise NotFound("There is no such case for this caller.")
    return found


async def appliance_for_update(session: AsyncSession, reference: str, caller: Caller) -> Appliance:
    """An appliance that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await locked(session, Appliance, reference, visible_to(caller))


async def listed(
    session: AsyncSession,
    caller: Caller,
    after: list[str] | None,
    limit: int,
    *,
    kind: ApplianceKind | None,
    due_from: datetime | None,
    due_before: datetime | None,
) -> Sequence[Appliance]:
    """One row more than a page of the register, the next due first, those never due last."""
    query = select(Appliance).where(Appliance.status == Status.REGISTERED, visible_to(caller))
    if kind is not None:
        query = query.where(Appliance.kind == kind)
    if due_from is not None:
        query = query.where(Appliance.next_due_at >= due_from)
    if due_before is not None:
        query = query.where(Appliance.next_due_at < due_before)
    if after is not None:
        query = query.where(_after(*after))
    ordered = query.order_by(Appliance.next_due_at.asc(), Appliance.reference)
    return (await session.scalars(ordered.limit(limit + 1))).all()


def due_between(
    due_before: datetime | None, overdue: bool | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Before when the services asked for are due, and from when on."""
    limits = [limit for limit in (due_before, now if overdue else None) if limit is not None]
    return min(limits, default=None), now if overdue is False else None


def sorting_key(appliance: Appliance) -> tuple[str, str]:
    """Where a row stands in the list."""
    due_at = appliance.next_due_at
    return due_at.isoformat() if due_at else WITHOUT_A_DATE, appliance.reference


def _after(due: str, reference: str) -> ColumnElement[bool]:
    if due == WITHOUT_A_DATE:
        return Appliance.next_due_at.is_(None) & (Appliance.reference > reference)
    last_shown = tuple_(datetime.fromisoformat(due), reference)
    return or_(
        tuple_(Appliance.next_due_at, Appliance.reference) > last_shown, Appliance.next_due_at.is_(None)
    )


async def services_of(session: AsyncSession, reference: str) -> Sequence[ApplianceService]:
    """The services that an appliance has had, the latest first."""
    query = select(ApplianceService).where(ApplianceService.reference == reference)
    return (await session.scalars(query.order_by(ApplianceService.serviced_on.desc()))).all()


async def service_on(session: AsyncSession, reference: str, serviced_on: date) -> ApplianceService | None:
    """The service of that day, if it is there already."""
    return await session.get(ApplianceService, (reference, serviced_on))


async def some_for_update(session: AsyncSession, after: str, limit: int) -> Sequence[Appliance]:
    """Some of the register, locked, in the order of their references."""
    query = select(Appliance).where(Appliance.status == Status.REGISTERED, Appliance.reference > after)
    return (await session.scalars(query.order_by(Appliance.reference).limit(limit).with_for_update())).all()
