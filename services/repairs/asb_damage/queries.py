"""Questions about damage done by anti-social behaviour."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, literal, or_, select, tuple_

from services.repairs.asb_damage import policy
from services.repairs.asb_damage.models import AsbDamage
from services.repairs.case.models import Repair
from services.repairs.case.policy import ENDED
from shared.db.leases import is_over
from shared.work import UnitOfWork

MOST_AT_ONCE = 100

Key = tuple[str, int]
"""The identity of a damage: the ASB case, and the number within it."""


async def known(work: UnitOfWork, damages: Collection[Key]) -> set[Key]:
    """The damages of these that have a repair."""
    key = tuple_(AsbDamage.asb_reference, AsbDamage.damage)
    query = select(AsbDamage.asb_reference, AsbDamage.damage).where(key.in_(damages))
    return {(row.asb_reference, row.damage) for row in await work.session.execute(query)}


async def of_repairs(work: UnitOfWork, references: Sequence[str]) -> Mapping[str, AsbDamage]:
    """The damages that these repairs answer for, by the repairs' references."""
    rows = await work.session.scalars(select(AsbDamage).where(AsbDamage.repair.in_(references)))
    return {row.repair: row for row in rows}


async def located_and_open(work: UnitOfWork, asb_references: Collection[str]) -> Sequence[AsbDamage]:
    """The damages of these ASB cases whose home is known and whose repair has not ended, locked."""
    theirs = select(AsbDamage).join(Repair, Repair.reference == AsbDamage.repair)
    theirs = theirs.where(AsbDamage.asb_reference.in_(asb_references), AsbDamage.located_at.is_not(None))
    still_open = theirs.where(Repair.status.not_in(ENDED)).order_by(AsbDamage.repair)
    return (await work.session.scalars(still_open.with_for_update(of=AsbDamage))).all()


async def of_cases(work: UnitOfWork, references: Collection[str]) -> Mapping[str, list[AsbDamage]]:
    """The damages of these ASB cases, locked, by their references."""
    found: dict[str, list[AsbDamage]] = defaultdict(list)
    query = select(AsbDamage).where(AsbDamage.asb_reference.in_(references)).order_by(AsbDamage.repair)
    for damage in await work.session.scalars(query.with_for_update()):
        found[damage.asb_reference].append(damage)
    return found


def is_to_be_asked_about() -> ColumnElement[bool]:
    """The damages whose home is not known, or of whose case it was never told who may learn of it."""
    return or_(AsbDamage.located_at.is_(None), AsbDamage.access_as_of == literal(0, literal_execute=True))


async def to_be_asked_about(work: UnitOfWork) -> Sequence[AsbDamage]:
    """Damages of which asb has more to tell and whose pause is over, locked; asked longest ago first.

    So the many that asb cannot tell us of keep nobody waiting, least of all one never asked about.
    """
    may_be_asked = is_over(AsbDamage.ask_again_at, policy.PAUSES[-1], work.now)
    due = select(AsbDamage).where(is_to_be_asked_about(), may_be_asked)
    in_turn = due.order_by(AsbDamage.asked_at.asc().nulls_first(), AsbDamage.repair).limit(MOST_AT_ONCE)
    return (await work.session.scalars(in_turn.with_for_update(skip_locked=True))).all()
