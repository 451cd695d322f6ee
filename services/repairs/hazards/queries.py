"""Every question about hazards that is put to the database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.hazards.models import Hazard, HazardAct


async def hazard_of(session: AsyncSession, reference: str) -> Hazard | None:
    """The hazard of a repair, if one was named; the lock on the repair guards it."""
    query = select(Hazard).where(Hazard.reference == reference)
    return await session.scalar(query.execution_options(populate_existing=True))


async def has_open_hazard(session: AsyncSession, reference: str) -> bool:
    """Whether a repair has a hazard that is neither made safe yet nor found to be none."""
    hazard = await hazard_of(session, reference)
    return hazard is not None and hazard.is_open()


async def with_acts(
    session: AsyncSession, references: Sequence[str]
) -> Mapping[str, tuple[Hazard, Sequence[HazardAct]]]:
    """The hazards of these repairs with all that was done about each, in the order it was told."""
    hazards = (await session.scalars(select(Hazard).where(Hazard.reference.in_(references)))).all()
    acts: defaultdict[str, list[HazardAct]] = defaultdict(list)
    if hazards:
        named = HazardAct.reference.in_([hazard.reference for hazard in hazards])
        for act in await session.scalars(select(HazardAct).where(named).order_by(HazardAct.number)):
            acts[act.reference].append(act)
    return {hazard.reference: (hazard, acts[hazard.reference]) for hazard in hazards}
