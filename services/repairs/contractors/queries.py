"""Questions about contractors."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.dialects.postgresql import insert

from services.repairs.case.policy import DEPARTMENT
from services.repairs.contractors.models import Contractor
from shared.caller import Caller, Role
from shared.errors import NotFound
from shared.http.paging import PageRequest
from shared.text import compared
from shared.work import UnitOfWork


async def put_in(work: UnitOfWork, names: Collection[str]) -> None:
    """Register the firms of these names that are not registered yet; others may do so at the same time."""
    by, at = work.caller.subject, work.now
    rows = [{"key": compared(name), "name": name, "registered_at": at, "registered_by": by} for name in names]
    await work.session.execute(insert(Contractor).values(rows).on_conflict_do_nothing())


async def named(work: UnitOfWork, name: str) -> Contractor | None:
    """The firm of that name, if it is registered."""
    return await work.session.scalar(select(Contractor).filter_by(key=compared(name)))


async def names(work: UnitOfWork, limit: int) -> Sequence[str]:
    """The names of some firms, in their order."""
    return (await work.session.scalars(select(Contractor.name).order_by(Contractor.key).limit(limit))).all()


def _visible_to(caller: Caller) -> ColumnElement[bool]:
    """The firms that a caller sees: officers of repairs and residents all, a firm itself."""
    if caller.is_a(Role.OFFICER):
        return true() if DEPARTMENT in caller.departments else false()
    if caller.is_a(Role.RESIDENT) and not caller.is_a(Role.CONTRACTOR):
        return true()
    return Contractor.key == caller.firm_key if caller.firm_key else false()


async def contractor(work: UnitOfWork, contractor_id: UUID) -> Contractor:
    """A firm that the caller sees; raises NotFound."""
    seen = select(Contractor).where(Contractor.id == contractor_id, _visible_to(work.caller))
    if found := await work.session.scalar(seen):
        return found
    raise NotFound("There is no such firm for this caller.")


async def contractors(work: UnitOfWork, page: PageRequest) -> tuple[Sequence[Contractor], str | None]:
    """A page of the firms that the caller sees, in the order of their names, and the next cursor."""
    seen = select(Contractor).where(_visible_to(work.caller))
    if (after := page.after(1)) is not None:
        seen = seen.where(Contractor.key > after[0])
    rows = (await work.session.scalars(seen.order_by(Contractor.key).limit(page.limit + 1))).all()
    return page.cut(rows, lambda firm: (firm.key,))
