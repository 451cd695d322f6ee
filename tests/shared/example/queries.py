"""Questions about permits."""

from collections.abc import Sequence

from sqlalchemy import select

from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.http.paging import PageRequest
from shared.work import UnitOfWork
from tests.shared.example.models import Permit


async def permit(work: UnitOfWork, reference: str) -> Permit:
    """A permit that the caller sees; raises NotFound."""
    return await cases.get(work, Permit, reference, visible_to(Permit, work.caller))


async def permit_for_update(work: UnitOfWork, reference: str) -> Permit:
    """A permit that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Permit, reference, visible_to(Permit, work.caller))


async def listed(
    work: UnitOfWork, page: PageRequest, status: str | None
) -> tuple[Sequence[Permit], str | None]:
    """One page of the permits that the caller sees, and the cursor of the next."""
    query = select(Permit).where(visible_to(Permit, work.caller))
    query = query if status is None else query.where(Permit.status == status)
    return await cases.latest_first(work, Permit, query, page)
