"""Working days: weekends, the bank holidays of a part of the country or all, and the council's closures."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from shared.standards import bank_holidays

LONDON = ZoneInfo("Europe/London")

FIRST_YEAR, LAST_YEAR = 1990, 2100
_FIRST_DAY = date(FIRST_YEAR, 1, 1).toordinal()
_LAST_DAY = date(LAST_YEAR, 12, 31).toordinal()
_KNOWN = f"the calendar knows {FIRST_YEAR} to {LAST_YEAR}"
_WEEKEND = {5: "Saturday", 6: "Sunday"}

CalendarName = Literal["england-and-wales", "united-kingdom"]
ENGLAND_AND_WALES: Final = "england-and-wales"
UNITED_KINGDOM: Final = "united-kingdom"
# The other divisions of GOV.UK's list, each with its name.
ELSEWHERE: Mapping[str, str] = {"scotland": "Scotland", "northern-ireland": "Northern Ireland"}


class OutsideCalendar(ValueError):
    """A date so far off that nobody can say which days are worked then."""


def _must_be_known(*days: date) -> None:
    for day in days:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise OutsideCalendar(f"{day}: {_KNOWN}")


class SkippedDay(NamedTuple):
    """A day that a count of working days leaves out, and why."""

    date: date
    reason: str


DaysOff = Literal["holidays", "closures", "elsewhere"]


_DAYS_OFF: tuple[DaysOff, ...] = ("holidays", "closures", "elsewhere")


class DayChange(NamedTuple):
    """A day that has counted otherwise since `at`; `was` is what that list had for it before, if anything."""

    at: datetime
    days_off: DaysOff
    day: date
    was: str | None


class Calendar:
    """The days that count as working days; immutable, so a change of calendar is a new calendar.

    `holidays` are bank holidays by date, `closures` the days the council has closed, each with its name
    or reason. Statutory periods are counted on `statutory`, which knows no closures. `elsewhere` are the
    bank holidays of other parts of the United Kingdom alone; only `united_kingdom` leaves those out.
    `changes`, in order of time, are those by which `as_of` tells how the calendar was before.
    """

    def __init__(
        self,
        holidays: Mapping[date, str],
        closures: Mapping[date, str] | None = None,
        elsewhere: Mapping[date, str] | None = None,
        changes: Iterable[DayChange] = (),
    ) -> None:
        self.holidays: Mapping[date, str] = MappingProxyType(dict(holidays))
        self.closures: Mapping[date, str] = MappingProxyType(dict(closures or {}))
        self.elsewhere: Mapping[date, str] = MappingProxyType(dict(elsewhere or {}))
        self.changes = tuple(changes)
        self._before: dict[int, Calendar] = {}

    @classmethod
    def bundled(cls) -> "Calendar":
        """The official list that ships with the product, computed holidays for the years around it."""
        return _bundled_calendar()

    def with_official(
        self, official: Mapping[date, str], elsewhere: Mapping[date, str] | None = None
    ) -> "Calendar":
        """This calendar with newer official lists, each of which wins in every year it speaks of."""
        bundled = Calendar.bundled()
        return Calendar(
            with_newer_years(bundled.holidays, official),
            self.closures,
            with_newer_years(bundled.elsewhere, elsewhere or {}),
        )

    def with_closures(self, closures: Mapping[date, str]) -> "Calendar":
        """This calendar with these council closure days in place of those it had."""
        return Calendar(self.holidays, closures, self.elsewhere)

    def with_changes(self, changes: Iterable[DayChange]) -> "Calendar":
        """This calendar with the changes, in order of time, that led to it."""
        return Calendar(self.holidays, self.closures, self.elsewhere, changes)

    def as_of(self, instant: datetime) -> "Calendar":
        """The calendar as it was at that instant."""
        later = [change for change in self.changes if change.at > instant]
        if not later:
            return self
        kept = len(self.changes) - len(later)
        if kept not in self._before:
            lists = {name: dict(days) for name, days in zip(_DAYS_OFF, self._days_off(), strict=True)}
            for change in reversed(later):
                if change.was is None:
                    lists[change.days_off].pop(change.day, None)
                else:
                    lists[change.days_off][change.day] = change.was
            self._before[kept] = Calendar(lists["holidays"], lists["closures"], lists["elsewhere"])
        return self._before[kept]

    def changes_to(self, newer: "Calendar", at: datetime) -> tuple[DayChange, ...]:
        """The days that count otherwise in a newer calendar, in use from `at` on."""
        return tuple(
            DayChange(at, name, day, before.get(day))
            for name, before, after in zip(_DAYS_OFF, self._days_off(), newer._days_off(), strict=True)
            for day in sorted(before.keys() ^ after.keys())
        )

    @cached_property
    def _working_days(self) -> "array[int]":
        """The ordinals of all working days: as dates, 28,000 of them would take twenty times the memory."""
        days_off = {day.toordinal() for day in (*self.holidays, *self.closures)}
        # An ordinal is a multiple of seven on a Sunday.
        days = range(_FIRST_DAY, _LAST_DAY + 1)
        return array("I", (day for day in days if 0 < day % 7 < 6 and day not in days_off))

    @cached_property
    def statutory(self) -> "Calendar":
        """The calendar the law counts on: the council closing its doors moves no date in it."""
        return Calendar(self.holidays, elsewhere=self.elsewhere) if self.closures else self

    @cached_property
    def united_kingdom(self) -> "Calendar":
        """The calendar on which a bank holiday in any part of the United Kingdom is no working day."""
        return Calendar({**self.elsewhere, **self.holidays}, self.closures) if self.elsewhere else self

    def is_working(self, day: date) -> bool:
        """True if the council works on that day; raises OutsideCalendar."""
        return self.why_not_working(day) is None

    def add_working_days(self, day: date, count: int) -> date:
        """The working day `count` after that day, or before it if negative; none at all is the day itself.

        The day itself never counts, whether it is a working day or not: one working day after a Saturday
        is Monday. Raises OutsideCalendar when either date is beyond the years the calendar knows.
        """
        _must_be_known(day)
        if count == 0:
            return day
        ordinal = day.toordinal()
        if count > 0:
            position = bisect_right(self._working_days, ordinal) + count - 1
        else:
            position = bisect_right(self._working_days, ordinal - 1) + count
        if not 0 <= position < len(self._working_days):
            raise OutsideCalendar(f"{count} working days from {day}: {_KNOWN}")
        return date.fromordinal(self._working_days[position])

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start`, up to and including `end`; raises OutsideCalendar."""
        _must_be_known(start, end)
        last, first = end.toordinal(), start.toordinal()
        return bisect_right(self._working_days, last) - bisect_right(self._working_days, first)

    def why_not_working(self, day: date) -> str | None:
        """The reason why that day does not count, in words for a resident; None for a working day.

        Raises OutsideCalendar: of other years the holidays are not known, and none is not the answer.
        """
        _must_be_known(day)
        if weekend := _WEEKEND.get(day.weekday()):
            return weekend
        if holiday := self.holidays.get(day):
            return _as_bank_holiday(holiday)
        if closure := self.closures.get(day):
            return f"council closure: {closure}"
        return None

    def skipped(self, start: date, end: date) -> tuple[SkippedDay, ...]:
        """The days after `start`, up to and including `end`, that do not count; raises OutsideCalendar."""
        _must_be_known(start, end)
        days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return tuple(SkippedDay(day, reason) for day in days if (reason := self.why_not_working(day)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Calendar):
            return NotImplemented
        return self._days_off() == other._days_off()

    def __hash__(self) -> int:
        return hash(tuple(frozenset(days.items()) for days in self._days_off()))

    def _days_off(self) -> tuple[Mapping[date, str], ...]:
        return self.holidays, self.closures, self.elsewhere


def official_holidays(division: str = ENGLAND_AND_WALES) -> Mapping[date, str]:
    """GOV.UK's bank holidays of one division, as the product brings them along."""
    return bank_holidays.bundled()[division].official


def holidays_elsewhere(
    of_division: Mapping[str, Mapping[date, str]], own: Mapping[date, str]
) -> dict[date, str]:
    """The bank holidays of other divisions on days that are none of our `own`, each with where it is one."""
    found: dict[date, str] = {}
    for division, listed in of_division.items():
        for day, name in listed.items():
            if day not in own:
                found.setdefault(day, f"{_as_bank_holiday(name)} in {ELSEWHERE[division]}")
    return found


def with_newer_years(known: Mapping[date, str], newer: Mapping[date, str]) -> dict[date, str]:
    """A list of days with a newer one in place of every year that the newer one speaks of."""
    years = {day.year for day in newer}
    return {**{day: name for day, name in known.items() if day.year not in years}, **newer}


@cache
def _bundled_calendar() -> Calendar:
    holidays = _of_all_years(ENGLAND_AND_WALES)
    others = {division: _of_all_years(division) for division in ELSEWHERE}
    return Calendar(holidays, elsewhere=holidays_elsewhere(others, holidays))


def _of_all_years(division: str) -> dict[date, str]:
    listed = bank_holidays.bundled()[division]
    return {**listed.computed, **listed.official}


def _as_bank_holiday(name: str) -> str:
    return name if "bank holiday" in name.casefold() else f"{name} bank holiday"


def official_name(title: str, notes: str) -> str:
    plain = title.replace("’", "'")
    return f"{plain} bank holiday (substitute day)" if notes == "Substitute day" else plain
