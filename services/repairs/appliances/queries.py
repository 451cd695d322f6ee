"""Questions about appliances."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from services.repairs.appliances.models import Appliance, ApplianceService
from services.repairs.appliances.policy import Status
from services.repairs.events.values import ApplianceKind
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.http.paging import PageRequest
from shared.work import UnitOfWork

REGISTER_LOCK = 7_310_431
WITHOUT_A_DATE = "none"


async def lock_register(work: UnitOfWork) -> None:
    """Let one register at a time, so that two who send the same file register nothing twice."""
    await work.session.execute(select(func.pg_advisory_xact_lock(REGISTER_LOCK)))


async def registered(work: UnitOfWork, homes: Collection[tuple[ApplianceKind, str]]) -> Sequence[Appliance]:
    """The appliances on the register of these kinds at these homes, the longest there first."""
    query = select(Appliance).where(
        Appliance.status == Status.REGISTERED, tuple_(Appliance.kind, Appliance.home).in_(homes)
    )
    return (await work.session.scalars(query.order_by(Appliance.received_at, Appliance.reference))).all()


async def appliance(work: UnitOfWork, reference: str) -> Appliance:
    """An appliance that the caller sees; raises NotFound."""
    return await cases.get(work, Appliance, reference, visible_to(Appliance, work.caller))


async def appliance_for_update(work: UnitOfWork, reference: str) -> Appliance:
    """An appliance that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Appliance, reference, visible_to(Appliance, work.caller))


async def listed(
    work: UnitOfWork,
    page: PageRequest,
    *,
    kind: ApplianceKind | None,
    due_before: datetime | None,
    overdue: bool | None,
) -> tuple[Sequence[Appliance], str | None]:
    """A page of the register, the next due first, those never due last, and the cursor of the next."""
    query = select(Appliance).where(Appliance.status == Status.REGISTERED, visible_to(Appliance, work.caller))
    if kind is not None:
        query = query.where(Appliance.kind == kind)
    if due_before is not None:
        query = query.where(Appliance.next_due_at < due_before)
    if overdue is not None:
        is_late = Appliance.next_due_at < work.now
        query = query.where(is_late if overdue else Appliance.next_due_at >= work.now)
    if (after := page.after(2)) is not None:
        query = query.where(_after(*after))
    ordered = query.order_by(Appliance.next_due_at.asc(), Appliance.reference)
    rows = (await work.session.scalars(ordered.limit(page.limit + 1))).all()
    return page.cut(rows, _sorting_key)


def _sorting_key(row: Appliance) -> tuple[str, str]:
    return row.next_due_at.isoformat() if row.next_due_at else WITHOUT_A_DATE, row.reference


def _after(due: str, reference: str) -> ColumnElement[bool]:
    if due == WITHOUT_A_DATE:
        return Appliance.next_due_at.is_(None) & (Appliance.reference > reference)
    last_shown = tuple_(datetime.fromisoformat(due), reference)
    return or_(
        tuple_(Appliance.next_due_at, Appliance.reference) > last_shown, Appliance.next_due_at.is_(None)
    )


async def services(work: UnitOfWork, reference: str) -> Sequence[ApplianceService]:
    """The services that an appliance the caller sees has had, the latest first; raises NotFound."""
    found = await appliance(work, reference)
    query = select(ApplianceService).where(ApplianceService.reference == found.reference)
    return (await work.session.scalars(query.order_by(ApplianceService.serviced_on.desc()))).all()


async def service_on(work: UnitOfWork, reference: str, serviced_on: date) -> ApplianceService | None:
    """The service of that day, if it is there already."""
    return await work.session.get(ApplianceService, (reference, serviced_on))


async def batch_for_update(work: UnitOfWork, after: str, limit: int) -> Sequence[Appliance]:
    """Some of the register, locked, in the order of their references."""
    query = select(Appliance).where(Appliance.status == Status.REGISTERED, Appliance.reference > after)
    ordered = query.order_by(Appliance.reference).limit(limit)
    return (await work.session.scalars(ordered.with_for_update())).all()
