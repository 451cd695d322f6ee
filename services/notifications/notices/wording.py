"""Instants, sums and promises in plain words, as letters say them; pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from services.notifications.models import WatchedDeadline
from shared.standards.calendar import LONDON
from shared.standards.catalogue import Catalogue
from shared.standards.periods import END_OF_DAY, civil_date
from shared.standards.states import is_in_time


class Outcome(StrEnum):
    """The end of a promise that was said to be missed, or to be an emergency, and is neither any more."""

    KEPT = "kept"
    DONE_LATE = "done late"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled late"
    MOVED = "moved"
    NEVER_MADE = "never made"


@dataclass(frozen=True, slots=True)
class Promise:
    """One deadline, as a letter speaks of it; `due_at` is the date told, which may not be today's.

    `told_before` is the date that its reader was told last; `outcome` and its instant (of a promise that
    moved, its new date) are known where it is told how it ended.
    """

    standard: str
    started_by: int
    promise: str
    source: str
    due_at: datetime
    told_before: datetime | None = None
    outcome: Outcome | None = None
    outcome_at: datetime | None = None

    @classmethod
    def of(cls, row: WatchedDeadline, catalogue: Catalogue) -> "Promise":
        """A stored deadline, in the words of its version."""
        words = catalogue.words_of(row.standard, row.version_day, row.period)
        return cls(row.standard, row.started_by, words.duty, words.source, row.due_at)

    @classmethod
    def gone(cls, standard: str, started_by: int, due_at: datetime, catalogue: Catalogue) -> "Promise":
        """One that turned out never to have been made."""
        words = catalogue.words_of(standard, civil_date(due_at))
        return cls(standard, started_by, words.duty, words.source, due_at, outcome=Outcome.NEVER_MADE)

    @classmethod
    def ended(cls, row: WatchedDeadline, told: datetime, catalogue: Catalogue) -> "Promise":
        """A stored deadline whose reader was told that date, with its outcome."""
        outcome, at = outcome_of(row)
        return replace(cls.of(row, catalogue), due_at=told, outcome=outcome, outcome_at=at)

    @property
    def key(self) -> tuple[str, int, datetime]:
        """Its identity, within its case, with the date told."""
        return self.standard, self.started_by, self.due_at


def outcome_of(row: WatchedDeadline) -> tuple[Outcome, datetime]:
    """The outcome of a promise, and its instant: a cancellation in time keeps no promise."""
    if row.met_at is not None:
        return (Outcome.KEPT if is_in_time(row.met_at, row.due_at) else Outcome.DONE_LATE), row.met_at
    if row.cancelled_at is not None:
        in_time = is_in_time(row.cancelled_at, row.due_at)
        return (Outcome.CANCELLED if in_time else Outcome.CANCELLED_LATE), row.cancelled_at
    return Outcome.MOVED, row.due_at


@dataclass(frozen=True, slots=True)
class Line:
    """The promises that are due in one minute: people read no seconds, and so no two dates.

    Of those that ended, or had another date before, only such as ended or moved alike are together.
    """

    promises: Sequence[Promise]
    is_past: bool

    @property
    def due(self) -> str:
        """The date, as one says it."""
        return by(self.promises[0].due_at)

    @property
    def told_before(self) -> str | None:
        """The date that was told last, as one says it."""
        told = self.promises[0].told_before
        return by(told) if told else None

    @property
    def outcome(self) -> str | None:
        """Their outcome."""
        return self.promises[0].outcome

    @property
    def outcome_at(self) -> str | None:
        """The instant at which they ended, or their new date."""
        at, moved = self.promises[0].outcome_at, self.outcome == Outcome.MOVED
        return (by(at) if moved else spoken(at)) if at else None

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
    grouped = [list(alike) for _, alike in groupby(ordered, key=_said_alike)]
    return [Line(promises, max(one.due_at for one in promises) < now) for promises in grouped]


def _said_alike(promise: Promise) -> tuple[str | None, ...]:
    instants = (promise.due_at, promise.told_before, promise.outcome_at)
    return promise.outcome, *(spoken(at) if at else None for at in instants)


def handler(name: str | None, team: str) -> str:
    """The name to ask for: a person where one is named, else the department, by its name in letters."""
    return f"{name} of the {team} team" if name else f"the {team} team"


def pounds(pence: int) -> str:
    """A sum as one writes it: "£120.00"."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}"


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of a language for dates: weekdays from Monday, months, and how an instant is put together."""

    days: Sequence[str]
    months: Sequence[str]
    at: str
    end_of: str
    within_a_day: str
    over_days: str
    before_change: str
    after_change: str


ENGLISH_DATES = DateWords(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    at="{date} at {clock}",
    end_of="the end of {date}",
    within_a_day="on {date} between {starts} and {ends}",
    over_days="between {starts} on {first} and {ends} on {date}",
    before_change="before the clocks go back",
    after_change="after the clocks go back",
)
POLISH_DATES = DateWords(
    days=("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"),
    months=(
        *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
        *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
    ),
    at="{date}, godz. {clock}",
    end_of="{date}, do końca dnia",
    within_a_day="{date}, między godz. {starts} a {ends}",
    over_days="od: {first}, godz. {starts}; do: {date}, godz. {ends}",
    before_change="przed zmianą czasu",
    after_change="po zmianie czasu",
)
DATE_WORDS: Mapping[str, DateWords] = {"en": ENGLISH_DATES, "pl": POLISH_DATES}
"""The languages in which dates are said; those of a council's own files are in English."""


def spoken(instant: datetime | str, language: str = "en") -> str:
    """An instant as one says it in London: "Friday 5 December 2025 at 16:55"."""
    local, words = _local(instant), DATE_WORDS[language]
    return words.at.format(date=_date(local, words), clock=_clock(local, words))


def by(instant: datetime | str, language: str = "en") -> str:
    """A date by which something is due: "the end of Friday 5 December 2025" where all of that day is left."""
    local, words = _local(instant), DATE_WORDS[language]
    if local.time() == END_OF_DAY:
        return words.end_of.format(date=_date(local, words))
    return spoken(local, language)


def window(starts_at: datetime | str, ends_at: datetime | str, language: str = "en") -> str:
    """The time in which somebody comes: "on Friday 5 December 2025 between 09:00 and 12:00"."""
    starts, ends, words = _local(starts_at), _local(ends_at), DATE_WORDS[language]
    date, clocks = _date(ends, words), {"starts": _clock(starts, words), "ends": _clock(ends, words)}
    if starts.date() == ends.date():
        return words.within_a_day.format(date=date, **clocks)
    first = _day(starts, words) if starts.year == ends.year else _date(starts, words)
    return words.over_days.format(first=first, date=date, **clocks)


def _local(instant: datetime | str) -> datetime:
    return (datetime.fromisoformat(instant) if isinstance(instant, str) else instant).astimezone(LONDON)


def _day(local: datetime, words: DateWords) -> str:
    return f"{words.days[local.weekday()]} {local.day} {words.months[local.month - 1]}"


def _date(local: datetime, words: DateWords) -> str:
    return f"{_day(local, words)} {local.year}"


def _clock(local: datetime, words: DateWords) -> str:
    """The time on London's clocks; of the two that are 01:30 on the night they go back, it says which."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} ({words.after_change if local.fold else words.before_change})"
