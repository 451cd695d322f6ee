"""Questions about cases that every service asks alike: one, one locked, a page of many, the service's own."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from shared.cases import address_book
from shared.cases.access import own_of, visible_to
from shared.cases.columns import CaseColumns, PropertyColumns
from shared.cases.filters import CaseFilters, PropertyFilters, Sort
from shared.cases.property import reference_key
from shared.cases.schemas import OwnedCase
from shared.cases.times import CLOCKS_DIFFER_BY
from shared.cases.tracking import is_brought_by
from shared.db.tables import TransactionId, events
from shared.errors import NotFound, StaleVersion
from shared.events import Event, digest
from shared.http.paging import PageRequest
from shared.lifecycle import always
from shared.messaging import outbox
from shared.references import all_normalised, normalised
from shared.text import canonical_postcode, compared
from shared.work import UnitOfWork

AnyCase = TypeVar("AnyCase", bound=CaseColumns)

Owned = Mapping[type[CaseColumns], Collection[str]]
"""The tables of cases that a service owns, each with the statuses in which such a case has ended."""

NO_SUCH_CASE = "There is no such case for this caller."
ME = "me"
OLDEST_RUNNING = func.pg_snapshot_xmin(func.pg_current_snapshot())
FIRST_TRANSACTION: ColumnElement[int] = literal_column("xid8 '0'")


def known(reference: str) -> str:
    """A reference in the form it is stored in; raises NotFound when it cannot be one."""
    form = normalised(reference)
    if form is None:
        raise NotFound(NO_SUCH_CASE)
    return form


async def get(
    work: UnitOfWork,
    table: type[AnyCase],
    reference: str,
    *conditions: ColumnElement[bool],
    when: Callable[[AnyCase], bool] = always,
) -> AnyCase:
    """The case, if the conditions hold, and `when` of it; raises NotFound."""
    query = select(table).where(table.reference == known(reference), *conditions)
    case = await work.session.scalar(query)
    if case is None or not when(case):
        raise NotFound(NO_SUCH_CASE)
    return case


async def get_for_update(
    work: UnitOfWork,
    table: type[AnyCase],
    reference: str,
    *conditions: ColumnElement[bool],
    when: Callable[[AnyCase], bool] = always,
) -> AnyCase:
    """The case, its row locked until the end of the unit of work, if the conditions hold, and `when` of it.

    Raises NotFound, and StaleVersion when the request's If-Match names only other versions. In the replay of
    an act it goes no further than here (shared/http/idempotency.py).
    """
    query = select(table).where(table.reference == known(reference), *conditions).with_for_update()
    case = await work.session.scalar(query.execution_options(populate_existing=True))
    if case is None or not when(case):
        raise NotFound(NO_SUCH_CASE)
    work.found(case)
    work.keeps_answer |= case.imported  # a file that is sent again years later must find its acts again
    if work.expected_versions is not None and str(case.version) not in work.expected_versions:
        raise StaleVersion(f"The case is at version {case.version} now; read it again before acting on it.")
    return case


async def brought_for_update(work: UnitOfWork, table: type[AnyCase], reference: str) -> AnyCase:
    """A case that the calling front end brought, locked; raises NotFound and StaleVersion."""
    return await get_for_update(work, table, reference, when=lambda found: is_brought_by(found, work.caller))


@dataclass(frozen=True)
class Order(Generic[AnyCase]):
    """A keyset order: by `columns`, then by reference.

    `key` gives a case's values of them for a cursor, and `read`, one function a column, reads them again.
    """

    columns: tuple[SQLColumnExpression[Any], ...]
    key: Callable[[AnyCase], tuple[str, ...]]
    read: tuple[Callable[[str], Any], ...] = (datetime.fromisoformat,)
    descending: bool = False


async def listed(
    work: UnitOfWork,
    table: type[AnyCase],
    filters: CaseFilters,
    page: PageRequest,
    *conditions: ColumnElement[bool],
    order: Order[AnyCase] | None = None,
) -> tuple[Sequence[AnyCase], str | None]:
    """A page of the cases that the caller sees, and the cursor of the next; the latest received first.

    `conditions` and `order` are the service's own; what was updated has always the order of its changes.
    Raises Invalid for a filter by what the caller is not shown.
    """
    filters.check_shown(work.caller)
    visible = own_of(table, work.caller) if filters.mine else visible_to(table, work.caller)
    query = select(table).where(visible, *_filtered(work, table, filters), *conditions)
    if filters.updated_since is not None:
        return await _changed_since(work, table, query, page, filters.updated_since)
    by_receipt = Order[AnyCase](
        (table.received_at,),
        lambda case: (case.received_at.isoformat(),),
        descending=filters.sort != Sort.EARLIEST,
    )
    return await _page(work, table, query, page, order or by_receipt)


def _filtered(
    work: UnitOfWork, table: type[CaseColumns], filters: CaseFilters
) -> Iterator[ColumnElement[bool]]:
    """The conditions that filters ask for; each has its index in shared/cases/columns.py."""
    if filters.status is not None:
        yield table.status == filters.status
    if filters.department is not None:
        yield table.department == compared(filters.department)
    if filters.handler is not None:
        yield table.handler_subject == (work.caller.subject if filters.handler == ME else filters.handler)
    if filters.unassigned is not None:
        yield table.handler_name.is_(None) if filters.unassigned else table.handler_name.is_not(None)
    if filters.reference is not None:
        yield table.reference.in_(all_normalised(filters.reference))
    if filters.received_from is not None:
        yield table.received_at >= filters.received_from
    if filters.received_to is not None:
        yield table.received_at <= filters.received_to
    if filters.imported is not None:
        yield table.imported.is_(filters.imported)


def at_property(table: type[PropertyColumns], filters: PropertyFilters) -> Iterator[ColumnElement[bool]]:
    """The conditions that filters of cases about homes ask for, compared as both are kept."""
    if filters.uprn is not None:
        yield address_book.has_uprn(table, filters.uprn.lstrip("0"))
    if filters.property_reference is not None:
        yield address_book.has_reference(table, reference_key(filters.property_reference))
    if filters.postcode is not None:
        kept = canonical_postcode(filters.postcode) or filters.postcode
        yield table.property["postcode"].astext == kept


async def _changed_since(
    work: UnitOfWork, table: type[AnyCase], query: Select[AnyCase], page: PageRequest, since: datetime
) -> tuple[Sequence[AnyCase], str | None]:
    """A page of what changed, in the order of the transactions that changed it.

    Only what is older than any transaction still running: of that nothing can be added any more, so nobody
    who goes on from there misses what commits late. An instant stands for the oldest transaction that ran
    when the last row before it was written. Clocks may differ, so a little more is shown again.
    """
    query = query.where(table.changed_in < OLDEST_RUNNING)
    if page.cursor is None:
        last = select(table.snapshot_xmin).where(table.changed_at <= since - CLOCKS_DIFFER_BY)
        bound = last.order_by(table.changed_at.desc()).limit(1).scalar_subquery()
        query = query.where(table.changed_in >= func.coalesce(bound, FIRST_TRANSACTION))
    order = Order[AnyCase]((table.changed_in,), lambda case: (str(case.changed_in),), (_transaction,))
    return await _page(work, table, query, page, order)


def _transaction(text: str) -> ColumnElement[int]:
    return literal(int(text), TransactionId())


async def _page(
    work: UnitOfWork, table: type[AnyCase], query: Select[AnyCase], page: PageRequest, order: Order[AnyCase]
) -> tuple[Sequence[AnyCase], str | None]:
    """One keyset page of a query over cases, and the cursor of the next."""
    key = *order.columns, table.reference
    if (after := page.after(len(key))) is not None:
        values = [read(text) for read, text in zip(order.read, after, strict=False)]
        last = tuple_(*values, after[-1])
        query = query.where(tuple_(*key) < last if order.descending else tuple_(*key) > last)
    ordered = query.order_by(*(part.desc() if order.descending else part for part in key))
    rows = (await work.session.scalars(ordered.limit(page.limit + 1))).all()
    return page.cut(rows, lambda case: (*order.key(case), case.reference))


async def open_cases(
    work: UnitOfWork, owned: Owned, recorded_before: datetime, after: str, limit: int
) -> list[OwnedCase]:
    """Cases that have not ended and whose latest event is older than that, in order of reference."""
    parts = [
        _latest(table)
        .where(table.reference > after, table.status.not_in(ended))
        .where(events.c.recorded_at < recorded_before)
        .order_by(table.reference)
        .limit(limit)
        for table, ended in owned.items()
    ]
    every = union_all(*parts).subquery()  # of one table too, whose query has an order already
    return await _described(work, select(every).order_by(every.c.reference).limit(limit))


async def owned_cases(work: UnitOfWork, owned: Owned, references: Sequence[str]) -> list[OwnedCase]:
    """Those of these cases that there are, ended or not, in order of reference."""
    parts = [_latest(table).where(table.reference == func.any(references)) for table in owned]
    every = union_all(*parts).subquery()
    return await _described(work, select(every).order_by(every.c.reference))


async def rows_of(work: UnitOfWork, owned: Owned, references: Sequence[str]) -> list[CaseColumns]:
    """Those of these cases that there are."""
    found: list[CaseColumns] = []
    for table in owned:
        found += await work.session.scalars(select(table).where(table.reference == func.any(references)))
    return found


async def locked_of(work: UnitOfWork, owned: Owned, references: Sequence[str]) -> dict[str, CaseColumns]:
    """Those of these cases that there are, by reference, their rows locked in its order."""
    found: dict[str, CaseColumns] = {}
    for table in owned:
        query = select(table).where(table.reference == func.any(references)).order_by(table.reference)
        locked = await work.session.scalars(query.with_for_update().execution_options(populate_existing=True))
        found |= {case.reference: case for case in locked}
    return found


async def owned_case(work: UnitOfWork, owned: Owned, reference: str) -> CaseColumns:
    """A case of any of these tables; raises NotFound."""
    for case in await rows_of(work, owned, [known(reference)]):
        return case
    raise NotFound(NO_SUCH_CASE)


async def history_of(work: UnitOfWork, owned: Owned, reference: str) -> Sequence[Event]:
    """Every event of a case, in order; raises NotFound."""
    case = await owned_case(work, owned, reference)
    return (await work.history([case.reference]))[case.reference]


def _latest(table: type[CaseColumns]) -> Select[str, int, datetime | None]:
    latest = (events.c.reference == table.reference) & (events.c.sequence == table.version)
    return select(table.reference, table.version, events.c.recorded_at).outerjoin(events, latest)


async def _described(work: UnitOfWork, query: Select[Any]) -> list[OwnedCase]:
    rows = (await work.session.execute(query)).all()
    told = await outbox.ids(work.session, [row.reference for row in rows])
    return [
        OwnedCase(
            reference=row.reference,
            version=row.version,
            recorded_at=row.recorded_at,
            # an act of this moment may have added to them since
            digest=digest(told[row.reference][: row.version]),
        )
        for row in rows
    ]
