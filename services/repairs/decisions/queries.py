"""What is asked of the database about decisions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.decisions.models import Reason


async def reasons(session: AsyncSession, reference: str) -> Sequence[Reason]:
    """Why each act on a repair that needed a reason was done, in order."""
    query = select(Reason).where(Reason.reference == reference).order_by(Reason.sequence)
    return (await session.scalars(query)).all()
