"""What is asked of the database about recharges."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.recharges.models import Recharge


async def current(session: AsyncSession, references: Sequence[str]) -> dict[str, Recharge]:
    """The latest quote of each of these repairs that has one."""
    latest = (
        select(Recharge)
        .ext(distinct_on(Recharge.reference))
        .where(Recharge.reference.in_(references))
        .order_by(Recharge.reference, Recharge.number.desc())
    )
    return {recharge.reference: recharge for recharge in await session.scalars(latest)}


async def current_of(session: AsyncSession, reference: str) -> Recharge | None:
    """The latest quote of one repair."""
    return (await current(session, [reference])).get(reference)
