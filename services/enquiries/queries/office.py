"""Questions about calls, visits, appointments and feedback, which are asked of each alike."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import func, select

from services.enquiries.models import Call, Improvement
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.columns import CaseColumns
from shared.cases.filters import CaseFilters
from shared.http.paging import PageRequest
from shared.work import UnitOfWork

AnyCase = TypeVar("AnyCase", bound=CaseColumns)


async def found(work: UnitOfWork, table: type[AnyCase], reference: str) -> AnyCase:
    """A case that the caller sees; raises NotFound."""
    return await cases.get(work, table, reference, visible_to(table, work.caller))


async def found_for_update(work: UnitOfWork, table: type[AnyCase], reference: str) -> AnyCase:
    """A case that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, table, reference, visible_to(table, work.caller))


async def listed(
    work: UnitOfWork, table: type[AnyCase], filters: CaseFilters, page: PageRequest
) -> tuple[Sequence[AnyCase], str | None]:
    """A page of the cases that the caller sees, and the cursor of the next; raises Invalid."""
    return await cases.listed(work, table, filters, page)


async def lock_call(work: UnitOfWork, call_id: str) -> None:
    """Let the parts of one call come in one after the other, until the end of the unit of work."""
    key = func.hashtextextended(f"call {call_id}", 0)
    await work.session.execute(select(func.pg_advisory_xact_lock(key)))


async def call_of_id(work: UnitOfWork, call_id: str) -> Call | None:
    """The call of that id of the telephone system's, if it is there."""
    return await work.session.scalar(select(Call).filter_by(call_id=call_id))


async def calls_known(work: UnitOfWork, call_ids: Collection[str]) -> dict[str, str]:
    """The references of the calls of these that are there, by the telephone system's ids."""
    query = select(Call.call_id, Call.reference).where(Call.call_id.in_(call_ids))
    return {str(call_id): reference for call_id, reference in await work.session.execute(query)}


async def improvements(work: UnitOfWork) -> Sequence[Improvement]:
    """The improvements made because of feedback, the latest first."""
    query = select(Improvement).order_by(Improvement.done_on.desc(), Improvement.id)
    return (await work.session.scalars(query)).all()
