"""Periods that promises give, in the words they are written in: "10 working days", "4 hours", "1 month"."""

import calendar as month_lengths
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from shared.standards.calendar import LONDON, Calendar, SkippedDay

END_OF_DAY = time(23, 59, 59)
START_OF_OFFICE_HOURS = time(9)
END_OF_OFFICE_HOURS = time(17)


class Unit(StrEnum):
    """The unit that a period is counted in."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WORKING_DAY = "working day"


_ELAPSED = {
    Unit.SECOND: timedelta(seconds=1),
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
}
_AT_ONCE = "at once"
_ON_THE_DAY = "on the day"
_WORDS = re.compile(rf"([1-9]\d{{0,3}}) ({'|'.join(Unit)})(s?)")


class UnknownPeriod(ValueError):
    """Words that are no period; the message shows what periods look like."""

    def __init__(self, text: object) -> None:
        super().__init__(f'"{text}" is no period: write "10 working days", "4 hours", "1 month" or "at once"')


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a promise states it.

    Seconds, minutes and hours elapse, day and night, across clock changes. Days, weeks, months and
    working days are civil days in London and end when the last of them closes.
    """

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a period from its words; raises UnknownPeriod."""
        if text == _AT_ONCE:
            return cls(0, Unit.SECOND)
        match = _WORDS.fullmatch(text) if isinstance(text, str) else None
        if match is None or (int(match[1]) == 1) == bool(match[3]):
            raise UnknownPeriod(text)
        return cls(int(match[1]), Unit(match[2]))

    def __str__(self) -> str:
        if self.count == 0:
            return _AT_ONCE
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @property
    def elapses(self) -> bool:
        """Tell whether it runs by the clock, day and night, rather than by civil days."""
        return self.unit in _ELAPSED

    def after(self, instant: datetime, calendar: Calendar, closing: time = END_OF_DAY) -> datetime:
        """The last instant within this period of `instant`, in UTC; the day of `instant` does not count.

        `closing` is the London time at which a period of days ends on its last day.
        """
        if elapsed := _ELAPSED.get(self.unit):
            return instant.astimezone(UTC) + self.count * elapsed
        return close_of(self.days_after(civil_date(instant), calendar), closing)

    def days_after(self, day: date, calendar: Calendar, sign: Literal[1, -1] = 1) -> date:
        """The civil day this period after that day, or before it; for periods counted in days only."""
        count = sign * self.count
        match self.unit:
            case Unit.WORKING_DAY:
                return calendar.add_working_days(day, count)
            case Unit.DAY:
                return day + timedelta(days=count)
            case Unit.WEEK:
                return day + timedelta(weeks=count)
            case Unit.MONTH:
                return _add_months(day, count)
            case _:
                raise ValueError(f"{self} is not counted in days")

    def skipped(self, start: datetime, end: datetime, calendar: Calendar) -> tuple[SkippedDay, ...]:
        """The days between two instants that this period leaves out; only working days leave any out."""
        if self.unit is not Unit.WORKING_DAY:
            return ()
        return calendar.skipped(civil_date(start), civil_date(end))


@dataclass(frozen=True, slots=True)
class Offset:
    """The offset of a reminder or an escalation from its deadline: "1 hour before", "at once"."""

    period: Period
    direction: Literal[1, -1] = 1

    @classmethod
    def parse(cls, text: str) -> "Offset":
        """Read an offset from its words, which are a period and "before" or "after", "on the day"
        (when the office opens on the last day) or "at once" (on breach); raises UnknownPeriod."""
        if text == _ON_THE_DAY:
            return cls(Period(0, Unit.DAY), -1)
        if text == _AT_ONCE:
            return cls(Period.parse(text))
        words, _, side = str(text).rpartition(" ")
        if side not in ("before", "after") or words == _AT_ONCE:
            raise UnknownPeriod(text)
        return cls(Period.parse(words), -1 if side == "before" else 1)

    def __str__(self) -> str:
        if self.period.count == 0:
            return _AT_ONCE if self.period.elapses else _ON_THE_DAY
        return f"{self.period} {'before' if self.direction < 0 else 'after'}"

    @property
    def is_the_breach(self) -> bool:
        """Tell whether it falls on the deadline itself."""
        return self.period.count == 0 and self.period.elapses

    @property
    def follows_breach(self) -> bool:
        """Tell whether it falls later than the deadline itself."""
        return self.direction > 0 and self.period.count > 0

    def of(self, due_at: datetime, calendar: Calendar, opening: time = START_OF_OFFICE_HOURS) -> datetime:
        """The instant this far from `due_at`, in UTC.

        An offset in days falls when the office opens, at `opening` in London, on a day on which somebody
        is there: a reminder at one second to midnight, or on a Sunday, reminds nobody.
        """
        if elapsed := _ELAPSED.get(self.period.unit):
            return due_at + self.direction * self.period.count * elapsed
        day = self.period.days_after(civil_date(due_at), calendar, self.direction)
        if not calendar.is_working(day):
            day = calendar.add_working_days(day, self.direction)
        return close_of(day, opening)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The London hours of a working day in which somebody reads what they are sent."""

    opening: time = START_OF_OFFICE_HOURS
    closing: time = END_OF_OFFICE_HOURS

    def next_open(self, instant: datetime, calendar: Calendar) -> datetime:
        """The instant itself while the office is open, else that of its next opening, in UTC."""
        day = civil_date(instant)
        if not calendar.is_working(day) or instant >= close_of(day, self.closing):
            day = calendar.add_working_days(day, 1)
        return max(instant, close_of(day, self.opening))


def day_in_words(day: date) -> str:
    """A day as one says it: "Friday 5 December 2025"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def civil_date(instant: datetime) -> date:
    """The date in London at that instant."""
    return instant.astimezone(LONDON).date()


@lru_cache(maxsize=10_000)
def reporting_year(year: int) -> tuple[date, date]:
    """The first and the last day of the Regulator's year that begins in that April."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def close_of(day: date, closing: time = END_OF_DAY) -> datetime:
    """The instant, in UTC, at which London's clocks show `closing` on that day."""
    return datetime.combine(day, closing, LONDON).astimezone(UTC)


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year, month, min(day.day, month_lengths.monthrange(year, month)[1]))
