"""Letters about a case that came back: a fact of its own history, by which its promises are open again."""

from collections.abc import Sequence

from shared.cases import queries
from shared.cases.events import LetterArrived, LetterReturned
from shared.cases.queries import Owned
from shared.cases.times import act_now
from shared.events import NOTICE_RETURNED, Event, Facts
from shared.work import UnitOfWork

ARRIVED, GIVEN_UP = "arrived", "given_up"


def is_meant(event: Event) -> bool:
    """Tell an event by which a service learns what became of a letter about one of its cases."""
    return event.type == NOTICE_RETURNED


async def take_in(work: UnitOfWork, owned: Owned, events: Sequence[Event]) -> None:
    """Record with each of our cases what became of a letter about it; others' letters are no concern."""
    told = sorted(events, key=lambda event: (event.reference, event.sequence))
    cases = await queries.locked_of(work, owned, sorted({event.facts["case"] for event in told}))
    for event in told:
        if case := cases.get(event.facts["case"]):
            work.record(case, _fact(event), at=await act_now(work, case))


def _fact(event: Event) -> Facts:
    about, outcome = event.facts.get("about"), event.facts["outcome"]
    if outcome == ARRIVED:
        return LetterArrived(about=about)
    return LetterReturned(about=about, given_up=outcome == GIVEN_UP)
