"""Questions about hazards."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.repairs.hazards.models import Hazard
from shared.work import UnitOfWork


async def hazard_of(work: UnitOfWork, reference: str) -> Hazard | None:
    """The hazard of a repair, if one was named; the lock on the repair guards it."""
    query = select(Hazard).where(Hazard.reference == reference)
    return await work.session.scalar(query.execution_options(populate_existing=True))


async def has_open_hazard(work: UnitOfWork, reference: str) -> bool:
    """Tell whether a repair has a hazard that is neither made safe yet nor found to be none."""
    hazard = await hazard_of(work, reference)
    return hazard is not None and hazard.is_open()


async def with_acts(work: UnitOfWork, references: Sequence[str]) -> Mapping[str, Hazard]:
    """The hazards of these repairs, each with all that was done about it, as this unit of work left them."""
    named = select(Hazard).where(Hazard.reference.in_(references)).options(selectinload(Hazard.acts))
    found = await work.session.scalars(named.execution_options(populate_existing=True))
    return {hazard.reference: hazard for hazard in found}
