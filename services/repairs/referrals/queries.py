"""Questions about referrals."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, select

from services.repairs.referrals.models import Referral
from shared.work import UnitOfWork


async def of_cases(work: UnitOfWork, references: Collection[str]) -> Mapping[str, Referral]:
    """The referrals of these cases that are taken up, by the case that asked."""
    rows = await work.session.scalars(select(Referral).where(Referral.made_from.in_(references)))
    return {row.made_from: row for row in rows}


async def of_repair(work: UnitOfWork, reference: str) -> Referral | None:
    """The referral that a repair answers for, if it does for any."""
    found: Referral | None = await work.session.scalar(select(Referral).filter_by(repair=reference))
    return found


def made_from(prefix: str) -> ColumnElement[bool]:
    """The referrals of cases whose references begin so."""
    return Referral.made_from.startswith(f"{prefix}-")
