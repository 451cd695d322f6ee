"""Staff of whom nobody could be told of a case: a fact of its own history, which makes it a task."""

from collections.abc import Sequence

from shared.cases import queries
from shared.cases.events import StaffNotTold, StaffTold
from shared.cases.queries import Owned
from shared.cases.times import act_now
from shared.events import STAFF_NOTICE_FAILED, STAFF_NOTICE_SETTLED, Event, Facts
from shared.work import UnitOfWork

MEANT = frozenset({STAFF_NOTICE_FAILED, STAFF_NOTICE_SETTLED})
"""The events that tell a service that nobody could be told of one of its cases, or that somebody knows."""


async def take_in(work: UnitOfWork, owned: Owned, events: Sequence[Event]) -> None:
    """Record with each of our cases that nobody could be told of it, or that somebody knows of it now."""
    told = sorted(events, key=lambda event: (event.recorded_at, event.reference, event.sequence))
    cases = await queries.locked_of(work, owned, sorted({event.facts["case"] for event in told}))
    for event in told:
        if case := cases.get(event.facts["case"]):
            # no act of the meantime can have been about it: it is settled by what comes after this
            work.record(case, _fact(event), at=await act_now(work, case))


def _fact(event: Event) -> Facts:
    facts = event.facts
    if event.type == STAFF_NOTICE_SETTLED:
        return StaffTold()
    return StaffNotTold(kind=facts["kind"], tried=facts["tried"], at_once=facts["at_once"])
