"""Questions about appliances."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Text, any_, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.repairs.appliances.models import DUE, NEVER, Appliance, ApplianceService
from services.repairs.appliances.policy import ApplianceStatus
from services.repairs.appliances.schemas import ApplianceFilters, ApplianceSort
from services.repairs.events.values import ApplianceKind
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.registers import one_at_a_time
from shared.db.tables import INSTANT
from shared.http.paging import PageRequest
from shared.work import UnitOfWork

REGISTER_LOCK = 7_310_431
LAST = "infinity"
never, next_due = literal_column(NEVER, INSTANT), literal_column(DUE, INSTANT)
BY_DUE_DATE = cases.Order[Appliance](
    (next_due,),
    key=lambda row: (row.next_due_at.isoformat() if row.next_due_at else LAST,),
    read=(lambda key: never if key == LAST else datetime.fromisoformat(key),),
)


async def lock_register(work: UnitOfWork) -> None:
    """Let one change many rows at a time: two who send the same file register nothing twice.

    Rows are locked in the order of a file, or of references when they are planned: that would be a deadlock.
    """
    await one_at_a_time(work, REGISTER_LOCK)


async def registered(work: UnitOfWork, homes: Collection[str]) -> Sequence[Appliance]:
    """The appliances on the register at these homes, the longest there first.

    Two arrays, which PostgreSQL hashes: a list of pairs it compares one by one with every row, wherever it
    has no statistics yet, as in the middle of a long file.
    """
    query = select(Appliance).where(
        Appliance.status == ApplianceStatus.REGISTERED,
        Appliance.kind == any_(literal(list(ApplianceKind), ARRAY(Text))),
        Appliance.home == any_(literal(list(homes), ARRAY(Text))),
    )
    return (await work.session.scalars(query.order_by(Appliance.received_at, Appliance.reference))).all()


async def appliance(work: UnitOfWork, reference: str) -> Appliance:
    """An appliance that the caller sees; raises NotFound."""
    return await cases.get(work, Appliance, reference, visible_to(Appliance, work.caller))


async def appliance_for_update(work: UnitOfWork, reference: str) -> Appliance:
    """An appliance that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Appliance, reference, visible_to(Appliance, work.caller))


async def lock(work: UnitOfWork, appliance: Appliance) -> None:
    """Lock an appliance that was read before, and read it anew."""
    await work.session.refresh(appliance, with_for_update=True)


async def listed(
    work: UnitOfWork, filters: ApplianceFilters, page: PageRequest
) -> tuple[Sequence[Appliance], str | None]:
    """A page of the appliances that the caller sees, and the cursor of the next; raises Invalid."""
    by_due_date = filters.is_of_due_dates or filters.sort is ApplianceSort.NEXT_DUE
    order = BY_DUE_DATE if by_due_date else None
    return await cases.listed(work, Appliance, filters, page, *_asked_for(work, filters), order=order)


def _asked_for(work: UnitOfWork, filters: ApplianceFilters) -> Iterator[ColumnElement[bool]]:
    yield from cases.at_property(Appliance, filters)
    # whoever follows the changes must learn of a removal
    if filters.status is None and filters.reference is None and filters.updated_since is None:
        yield Appliance.status == ApplianceStatus.REGISTERED
    if filters.kind is not None:
        yield Appliance.kind == filters.kind
    if filters.due_before is not None:
        yield next_due < filters.due_before
    if filters.overdue is not None:
        yield next_due < work.now if filters.overdue else (next_due >= work.now) & (next_due < never)


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
    query = select(Appliance).where(
        Appliance.status == ApplianceStatus.REGISTERED, Appliance.reference > after
    )
    ordered = query.order_by(Appliance.reference).limit(limit)
    return (await work.session.scalars(ordered.with_for_update())).all()
