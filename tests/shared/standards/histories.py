"""Cases told as a list of what happened, with weekdays named so that a reader can check a date."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shared.events import Event
from shared.standards.calendar import LONDON, Calendar
from shared.standards.catalogue import Catalogue
from shared.standards.deadlines import Deadline, deadlines

CATALOGUE = Catalogue.load()
CALENDAR = Calendar.bundled()
AGAIN = " again"

Happening = tuple[str, str] | tuple[str, str, Mapping[str, Any]]


def london(text: str) -> datetime:
    """The instant of "Friday 2025-12-05 16:55" on London's clocks; a wrong weekday is an error.

    "Sunday 2026-10-25 01:30 again" is the second time that the clocks show it.
    """
    weekday, _, moment = text.removesuffix(AGAIN).partition(" ")
    local = datetime.fromisoformat(moment).replace(tzinfo=LONDON, fold=text.endswith(AGAIN))
    assert f"{local:%A}" == weekday, f"{moment} is a {local:%A}"
    return local.astimezone(UTC)


def event(sequence: int, type: str, occurred_at: datetime, facts: Mapping[str, Any] | None = None) -> Event:
    """One fact of a case; the same arguments give the same event."""
    return Event(
        id=uuid5(NAMESPACE_URL, f"{sequence} {type}"),
        type=type,
        reference="REP-7K3M-Q9TX",
        sequence=sequence,
        occurred_at=occurred_at,
        recorded_at=occurred_at,
        facts=facts or {},
    )


def history(*happenings: Happening) -> list[Event]:
    """A case's events, in the order in which they were recorded."""
    return [
        event(sequence, happening[0], london(happening[1]), happening[2] if len(happening) > 2 else {})
        for sequence, happening in enumerate(happenings, 1)
    ]


def fold(
    *happenings: Happening, catalogue: Catalogue = CATALOGUE, calendar: Calendar = CALENDAR
) -> list[Deadline]:
    """The deadlines of a case to which these things happened, recorded in this order."""
    return deadlines(history(*happenings), catalogue, calendar)


def only(found: list[Deadline], standard: str) -> Deadline:
    """The one deadline of that standard."""
    matching = [deadline for deadline in found if deadline.standard == standard]
    assert len(matching) == 1, f"{len(matching)} deadlines of {standard}"
    return matching[0]


def told(instant: datetime) -> str:
    """An instant as the examples write it, in London."""
    local = instant.astimezone(LONDON)
    return f"{local:%A %Y-%m-%d %H:%M:%S}{AGAIN if local.fold else ''}"
