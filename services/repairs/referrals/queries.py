"""Questions about referrals."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from services.repairs.referrals.models import Referral
from shared.work import UnitOfWork


async def of_complaints(work: UnitOfWork, complaints: Collection[str]) -> Mapping[str, Referral]:
    """The referrals of these complaints that are taken up, by the complaint."""
    rows = await work.session.scalars(select(Referral).where(Referral.complaint.in_(complaints)))
    return {row.complaint: row for row in rows}
