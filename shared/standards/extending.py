"""Extensions of a promise: those that were given before it started, and the date that each proposes."""

from collections.abc import Iterable
from datetime import datetime, time

from shared.events import Event
from shared.standards.calendar import Calendar
from shared.standards.dated_facts import BadFact, date_of
from shared.standards.periods import Period, Unit, close_of
from shared.standards.rows import Extension, first_that_holds


def given_before(extension: Extension, earlier: Iterable[Event]) -> list[Event]:
    """The extensions among the facts before the start that came after the latest of `given_since`."""
    given: list[Event] = []
    for event in earlier if extension.given_since else ():
        if first_that_holds(extension.given_since, event):
            given.clear()
        elif extension.holds_for(event):
            given.append(event)
    return given


def proposed_due(
    extension: Extension, event: Event, due_at: datetime, calendar: Calendar, closing: time
) -> datetime:
    """The new date that an extension asks for, before any cap; raises BadFact."""
    if extension.to:
        day = date_of(event, extension.to)
        return due_at if day is None else close_of(day, closing)
    assert extension.by is not None
    more = event.facts.get(extension.by)
    if not isinstance(more, int) or isinstance(more, bool) or more < 1:
        raise BadFact(event, extension.by)
    return Period(more, Unit(extension.unit.removesuffix("s"))).after(due_at, calendar, closing)
