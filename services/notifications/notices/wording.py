"""Instants and promises in plain English, as letters say them; pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from services.notifications.models import WatchedDeadline
from shared.standards.calendar import LONDON
from shared.standards.catalogue import Catalogue
from shared.standards.periods import civil_date


@dataclass(frozen=True, slots=True)
class Promise:
    """One deadline, as a letter speaks of it; `due_at` is the date told, which may not be today's."""

    standard: str
    started_by: int
    promise: str
    source: str
    due_at: datetime

    @classmethod
    def of(cls, row: WatchedDeadline, catalogue: Catalogue) -> "Promise":
        """A stored deadline, in the words of its version."""
        words = catalogue.words_of(row.standard, row.version_day)
        return cls(row.standard, row.started_by, *words, row.due_at)

    @classmethod
    def gone(cls, standard: str, started_by: int, due_at: datetime, catalogue: Catalogue) -> "Promise":
        """One that turned out never to have been made."""
        return cls(standard, started_by, *catalogue.words_of(standard, civil_date(due_at)), due_at)

    @property
    def key(self) -> tuple[str, int, datetime]:
        """Its identity, within its case, with the date told."""
        return self.standard, self.started_by, self.due_at


@dataclass(frozen=True, slots=True)
class Line:
    """The promises that are due in one minute: people read no seconds, and so no two dates."""

    promises: Sequence[Promise]
    is_past: bool

    @property
    def due(self) -> str:
        """The date, as one says it."""
        return spoken(self.promises[0].due_at)

    @property
    def promise(self) -> str:
        """The promises one after the other."""
        return " ".join(dict.fromkeys(promise.promise for promise in self.promises))

    @property
    def source(self) -> str:
        """The documents that they stand in."""
        return "; ".join(dict.fromkeys(promise.source for promise in self.promises))

    @property
    def standards(self) -> str:
        """The standards, for those who know them by their names, and the documents that they stand in."""
        return f"{', '.join(dict.fromkeys(promise.standard for promise in self.promises))}; {self.source}"


def lines(promises: Iterable[Promise], now: datetime) -> list[Line]:
    """One line a due minute, in order of time."""
    ordered = sorted(promises, key=lambda promise: (promise.due_at, promise.standard, promise.started_by))
    grouped = [list(due) for _, due in groupby(ordered, key=lambda promise: spoken(promise.due_at))]
    return [Line(promises, max(one.due_at for one in promises) < now) for promises in grouped]


def handler(name: str | None, department: str) -> str:
    """The name to ask for: a person where one is named, else the department."""
    team = f"the {department} team"
    return f"{name} of {team}" if name else team


def spoken(instant: datetime | str) -> str:
    """An instant as one says it in London: "Friday 5 December 2025 at 16:55"."""
    local = _local(instant)
    return f"{_date(local)} at {_clock(local)}"


def window(starts_at: datetime | str, ends_at: datetime | str) -> str:
    """The time in which somebody comes: "on Friday 5 December 2025 between 09:00 and 12:00"."""
    starts, ends = _local(starts_at), _local(ends_at)
    if starts.date() == ends.date():
        return f"on {_date(starts)} between {_clock(starts)} and {_clock(ends)}"
    first = _day(starts) if starts.year == ends.year else _date(starts)
    return f"between {_clock(starts)} on {first} and {_clock(ends)} on {_date(ends)}"


def _local(instant: datetime | str) -> datetime:
    return (datetime.fromisoformat(instant) if isinstance(instant, str) else instant).astimezone(LONDON)


def _day(local: datetime) -> str:
    return f"{local:%A} {local.day} {local:%B}"


def _date(local: datetime) -> str:
    return f"{_day(local)} {local.year}"


def _clock(local: datetime) -> str:
    """The time on London's clocks; of the two that are 01:30 on the night they go back, it says which."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} ({'after' if local.fold else 'before'} the clocks go back)"
