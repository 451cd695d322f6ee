"""Questions about cases that every service asks alike: one case, one locked, one page of many."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select, tuple_

from shared.cases.columns import CaseColumns
from shared.errors import NotFound, StaleVersion
from shared.http.paging import PageRequest
from shared.lifecycle import always
from shared.references import normalised
from shared.work import UnitOfWork

AnyCase = TypeVar("AnyCase", bound=CaseColumns)

NO_SUCH_CASE = "There is no such case for this caller."


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
    if work.expected_versions is not None and str(case.version) not in work.expected_versions:
        raise StaleVersion(f"The case is at version {case.version} now; read it again before acting on it.")
    return case


async def latest_first(
    work: UnitOfWork, table: type[AnyCase], query: Select[AnyCase], page: PageRequest
) -> tuple[Sequence[AnyCase], str | None]:
    """One keyset page of a query over cases, the latest received first, and the cursor of the next."""
    if (after := page.after(2)) is not None:
        key = tuple_(datetime.fromisoformat(after[0]), after[1])
        query = query.where(tuple_(table.received_at, table.reference) < key)
    ordered = query.order_by(table.received_at.desc(), table.reference.desc()).limit(page.limit + 1)
    rows = (await work.session.scalars(ordered)).all()
    return page.cut(rows, lambda case: (case.received_at.isoformat(), case.reference))
