"""Questions about recharges."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from services.repairs.recharges.models import Recharge
from shared.work import UnitOfWork


async def current(work: UnitOfWork, references: Sequence[str]) -> dict[str, Recharge]:
    """The latest quote of each of these repairs that has one."""
    latest = (
        select(Recharge)
        .ext(distinct_on(Recharge.reference))
        .where(Recharge.reference.in_(references))
        .order_by(Recharge.reference, Recharge.number.desc())
    )
    return {recharge.reference: recharge for recharge in await work.session.scalars(latest)}


async def current_of(work: UnitOfWork, reference: str) -> Recharge | None:
    """The latest quote of one repair."""
    return (await current(work, [reference])).get(reference)
