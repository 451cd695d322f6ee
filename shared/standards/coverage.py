"""Cases of a kind that always has promises, and those of them that have none all the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from shared.events import Event
from shared.standards.catalogue import Catalogue
from shared.standards.periods import civil_date
from shared.standards.rows import Start, first_that_holds
from shared.standards.vocabulary import Value, Vocabulary


def lacks_promises(history: Iterable[Event], catalogue: Catalogue) -> bool:
    """Tell a case that should have deadlines from one that has none by design; ask it of one without any.

    It should if one of its events always starts a promise by the rows in force on the day it happened, and
    nothing has ended all that such an event can start. So a call that was settled at once lacks nothing, as
    the rows foresee that it is promised nothing; nor does a case from before the council promised anything,
    nor an appliance that is there no longer.
    """
    history = list(history)
    return any(
        always_promised(catalogue, event.type, civil_date(event.occurred_at))
        and not _is_ended(catalogue, event.type, history)
        for event in history
    )


def always_promised(catalogue: Catalogue, event_type: str, day: date) -> bool:
    """Tell from the rows if every such event of that day starts a promise, whatever values its facts have."""
    in_force = (row for row in catalogue.starting(event_type) if row.is_in_force(day))
    facts = catalogue.vocabulary.facts_of(event_type) if catalogue.starting(event_type) else {}
    rows = [row for row in in_force if facts.keys().isdisjoint(row.regime.excludes)]
    # A row that runs until a date starts only where that date was given.
    starts = [
        start for row in rows if row.until is None for start in row.starts_on if start.event == event_type
    ]
    if not starts:
        return False
    vocabulary = rows[0].regime.vocabulary
    return all(_covers(starts, facts) for facts in _foreseen(vocabulary, event_type, starts))


def _foreseen(
    vocabulary: Vocabulary, event_type: str, starts: Sequence[Start]
) -> Iterator[Mapping[str, Value | None]]:
    """Each combination of values of the facts that these starts ask about; None is any of an open fact."""
    kinds = vocabulary.facts_of(event_type)
    asked = sorted({fact for start in starts for fact in start.when})
    values = [_values(kinds[fact]) for fact in asked]
    return (dict(zip(asked, combination, strict=True)) for combination in product(*values))


def _values(kind: Any) -> Sequence[Value | None]:
    if isinstance(kind, tuple):
        return kind
    return (True, False) if kind == "yes or no" else (None,)


def _covers(starts: Iterable[Start], facts: Mapping[str, Value | None]) -> bool:
    return any(all(facts[fact] in allowed for fact, allowed in start.when.items()) for start in starts)


def _is_ended(catalogue: Catalogue, event_type: str, history: Sequence[Event]) -> bool:
    """Find out if something happened that ends every promise which such an event can start."""
    ends = [
        (*row.cancelled_by, *row.recurring_until, *row.never_after, *(() if row.recurring else row.met_by))
        for row in catalogue.starting(event_type)
    ]
    return any(all(first_that_holds(conditions, event) for conditions in ends) for event in history)
