"""The deadlines of cases, as their own facts give them; notifications works out the same."""

from collections.abc import Mapping, Sequence

from shared.events import Event
from shared.standards.deadlines import Deadline, deadlines
from shared.work import Work


async def deadlines_of(work: Work, references: Sequence[str]) -> dict[str, list[Deadline]]:
    """The deadlines of each of these cases, what this unit of work has recorded included."""
    return fold(work, await work.history(references))


def fold(work: Work, histories: Mapping[str, Sequence[Event]]) -> dict[str, list[Deadline]]:
    """The deadlines that each of these histories gives; each is folded once in a unit of work."""
    counted = work.state.catalogue.event_types
    for reference, events in histories.items():
        latest = next((event for event in reversed(events) if event.type in counted), None)
        # not how many there are: a savepoint that fails takes back its events, and others may follow
        if reference not in work.folded or work.folded[reference][0] != latest:
            work.folded[reference] = latest, deadlines(events, work.state.catalogue, work.state.calendar)
    return {reference: work.folded[reference][1] for reference in histories}
