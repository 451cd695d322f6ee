"""Facts that are dates or instants, and the fault of one that cannot be read."""

from datetime import UTC, date, datetime, time

from shared.events import Event
from shared.standards.calendar import LONDON
from shared.standards.periods import civil_date


class BadFact(ValueError):
    """A fact that should say when or how long, and does not."""

    def __init__(self, event: Event, fact: str) -> None:
        super().__init__(f"{event.type} {event.reference}/{event.sequence}: its {fact} cannot be read")


def instant_of(event: Event, fact: str) -> datetime | None:
    """The instant a fact gives, the start of the day in London if it gives a date; raises BadFact."""
    value = event.facts.get(fact)
    if value is None:
        return None
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError) as wrong:
        raise BadFact(event, fact) from wrong
    if instant.tzinfo is None:
        if instant.time() != time.min:
            raise BadFact(event, fact)
        instant = instant.replace(tzinfo=LONDON)
    return instant.astimezone(UTC)


def date_of(event: Event, fact: str) -> date | None:
    """The day that a fact gives, in London; raises BadFact."""
    instant = instant_of(event, fact)
    return None if instant is None else civil_date(instant)
