"""What is asked of the database about the right to repair."""

from collections.abc import Sequence

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.appointments.models import Slot
from services.repairs.models import Repair


async def known_firms(session: AsyncSession) -> Sequence[str]:
    """The firms that have published slots or have been given a job, by name."""
    given = select(Repair.contractor).where(Repair.contractor.is_not(None))
    firms = await session.scalars(union(given, select(Slot.contractor)))
    return sorted(firms)
