"""Every question about damage done by anti-social behaviour that is put to the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.asb_damage import policy
from services.repairs.asb_damage.models import AsbDamage
from services.repairs.models import Repair
from shared.db.leases import is_over

MOST_AT_ONCE = 100


async def known(session: AsyncSession, damages: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of these damages, each by its case and number, that have a repair."""
    key = tuple_(AsbDamage.asb_reference, AsbDamage.damage)
    rows = await session.execute(select(AsbDamage.asb_reference, AsbDamage.damage).where(key.in_(damages)))
    return {(row.asb_reference, row.damage) for row in rows}


async def of_repairs(session: AsyncSession, references: Sequence[str]) -> Mapping[str, AsbDamage]:
    """The damages that these repairs answer for, by the repairs' references."""
    rows = await session.scalars(select(AsbDamage).where(AsbDamage.repair.in_(references)))
    return {row.repair: row for row in rows}


async def to_be_asked_about(session: AsyncSession, now: datetime) -> Sequence[AsbDamage]:
    """Damages whose home is not known and whose pause is over, locked; those asked about longest ago first.

    So the many that asb cannot tell us of keep nobody waiting, least of all one never asked about.
    """
    may_be_asked = is_over(AsbDamage.ask_again_at, policy.PAUSES[-1], now)
    due = select(AsbDamage).where(AsbDamage.located_at.is_(None), may_be_asked)
    in_turn = due.order_by(AsbDamage.asked_at.asc().nulls_first(), AsbDamage.repair).limit(MOST_AT_ONCE)
    return (await session.scalars(in_turn.with_for_update(skip_locked=True))).all()


async def repair_for_update(session: AsyncSession, reference: str) -> Repair:
    """The repair of a damage, locked."""
    query = select(Repair).where(Repair.reference == reference).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one()
