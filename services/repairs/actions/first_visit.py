"""The promise to complete a repair at the first visit: its owner judges it, and publishes how it went."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from services.repairs.case.models import Repair
from services.repairs.case.policy import Status
from services.repairs.events import FollowOnNeeded, RepairAttended, RepairCompleted, RepairMadeSafe
from shared.events import Event, Facts
from shared.work import UnitOfWork

PRESENCE = frozenset({RepairAttended.type, RepairMadeSafe.type, RepairCompleted.type})
TOLD_AGAIN = timedelta(hours=1)
LONGEST_AT_WORK = timedelta(hours=12)

Happening = tuple[str, datetime]


async def with_first_visit(work: UnitOfWork, repair: Repair, fact: Facts, at: datetime) -> Facts:
    """The fact, and with a completion what is known of its visits."""
    if not isinstance(fact, RepairCompleted) or repair.imported:  # an old system says nothing of visits
        return fact
    happened = [*_happenings(await _history(work, repair)), (fact.type, at)]
    return replace(fact, first_visit=finished_at_first_visit(happened))


async def correct_first_visit(work: UnitOfWork, repair: Repair, late: Facts) -> None:
    """Publish a completion again, where a fact that came late shows that its visits were others."""
    if late.type not in PRESENCE | {FollowOnNeeded.type} or isinstance(late, RepairCompleted):
        return
    if repair.imported or repair.status != Status.COMPLETED:
        return
    history = await _history(work, repair)
    told = next(event for event in reversed(history) if event.type == RepairCompleted.type)
    first_visit = finished_at_first_visit(_happenings(history))
    if first_visit != told.facts.get("first_visit"):
        work.record(
            repair, RepairCompleted(**{**told.facts, "first_visit": first_visit}), at=told.occurred_at
        )


def finished_at_first_visit(happened: Iterable[Happening]) -> bool:
    """Tell from the happenings of a completed repair, in any order, if one visit was enough.

    A door that stayed shut is no visit.
    """
    history = sorted(happened, key=lambda one: one[1])
    finished = min(at for type, at in history if type == RepairCompleted.type)
    so_far = [(type, at) for type, at in history if at <= finished]
    return FollowOnNeeded.type not in {type for type, _ in so_far} and _visits(so_far) <= 1


def _visits(so_far: Iterable[Happening]) -> int:
    """Count the visits that these signs of somebody's presence tell of.

    A night between two of them makes two visits; so does an arrival long after the one before, where two
    within the hour are one arrival told twice.
    """
    visits, before = 0, None
    for type, at in so_far:
        if type not in PRESENCE:
            continue
        pause = TOLD_AGAIN if type == RepairAttended.type else LONGEST_AT_WORK
        if before is None or at - before > pause:
            visits += 1
        before = at
    return visits


async def _history(work: UnitOfWork, repair: Repair) -> list[Event]:
    return (await work.history([repair.reference]))[repair.reference]


def _happenings(history: Iterable[Event]) -> list[Happening]:
    return [(event.type, event.occurred_at) for event in history]
