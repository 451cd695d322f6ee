"""Letters about a case that came back: a fact of its own history, by which its promises are open again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.cases import queries
from shared.cases.columns import CaseColumns
from shared.cases.events import LetterArrived, LetterReturned
from shared.cases.queries import Owned
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
    histories = await work.history(list(cases))
    for event in told:
        if case := cases.get(event.facts["case"]):
            at = _instant(event, case, histories[case.reference], work.now)
            work.record(case, _fact(event), at=at)


def _instant(event: Event, case: CaseColumns, history: Iterable[Event], now: datetime) -> datetime:
    """The instant that the letter's provider gave, however late we hear of it.

    Its clock is not ours: no letter comes back, or arrives, before what it is about, and none in the future.
    """
    about = event.facts.get("about")
    earliest = next((past.occurred_at for past in history if past.sequence == about), case.received_at)
    return max(earliest, min(event.occurred_at, now))


def _fact(event: Event) -> Facts:
    about, outcome = event.facts.get("about"), event.facts["outcome"]
    if outcome == ARRIVED:
        return LetterArrived(about=about)
    return LetterReturned(about=about, given_up=outcome == GIVEN_UP)
