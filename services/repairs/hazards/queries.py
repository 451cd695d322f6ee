"""Questions about hazards."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from services.repairs.hazards.models import Hazard, HazardAct
from shared.work import UnitOfWork


async def hazard_of(work: UnitOfWork, reference: str) -> Hazard | None:
    """The hazard of a repair, if one was named; the lock on the repair guards it."""
    query = select(Hazard).where(Hazard.reference == reference)
    return await work.session.scalar(query.execution_options(populate_existing=True))


async def has_open_hazard(work: UnitOfWork, reference: str) -> bool:
    """Tell whether a repair has a hazard that is neither made safe yet nor found to be none."""
    hazard = await hazard_of(work, reference)
    return hazard is not None and hazard.is_open()


async def with_acts(
    work: UnitOfWork, references: Sequence[str]
) -> Mapping[str, tuple[Hazard, Sequence[HazardAct]]]:
    """The hazards of these repairs with all that was done about each, in the order it was told."""
    hazards = (await work.session.scalars(select(Hazard).where(Hazard.reference.in_(references)))).all()
    acts: defaultdict[str, list[HazardAct]] = defaultdict(list)
    if hazards:
        named = HazardAct.reference.in_([hazard.reference for hazard in hazards])
        for act in await work.session.scalars(select(HazardAct).where(named).order_by(HazardAct.number)):
            acts[act.reference].append(act)
    return {hazard.reference: (hazard, acts[hazard.reference]) for hazard in hazards}
