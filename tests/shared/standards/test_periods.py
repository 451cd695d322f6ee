"""Periods are written in words, and count hours by the clock and days by the calendar."""

from datetime import date, time

import pytest

from shared.standards.periods import Offset, Period, UnknownPeriod
from tests.shared.standards.histories import CALENDAR, london, told


@pytest.mark.parametrize(
    "words",
    [
        "60 seconds",
        "1 hour",
        "4 hours",
        "1 day",
        "6 weeks",
        "1 month",
        "12 months",
        "10 working days",
        "at once",
    ],
)
def test_words_are_read_and_written_alike(words: str) -> None:
    """A period says itself in the words it was read from."""
    assert str(Period.parse(words)) == words


@pytest.mark.parametrize(
    "words", ["", "ten days", "10 workdays", "0 days", "-1 days", "1 days", "2 day", "4  hours", "12345 days"]
)
def test_other_words_are_refused(words: str) -> None:
    """What is no period is refused with the words it should have been."""
    with pytest.raises(UnknownPeriod, match='write "10 working days"'):
        Period.parse(words)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("at once", "Friday 2025-12-05 16:55", "Friday 2025-12-05 16:55:00"),
        ("60 seconds", "Friday 2025-12-05 23:59:30", "Saturday 2025-12-06 00:00:30"),
        ("24 hours", "Saturday 2026-03-28 12:00", "Sunday 2026-03-29 13:00:00"),
        ("24 hours", "Saturday 2026-10-24 12:00", "Sunday 2026-10-25 11:00:00"),
        ("1 day", "Saturday 2026-03-28 12:00", "Sunday 2026-03-29 23:59:59"),
        ("2 weeks", "Thursday 2025-12-11 08:00", "Thursday 2025-12-25 23:59:59"),
        ("1 month", "Friday 2025-01-31 10:00", "Friday 2025-02-28 23:59:59"),
        ("1 month", "Wednesday 2024-01-31 10:00", "Thursday 2024-02-29 23:59:59"),
        ("12 months", "Thursday 2024-02-29 10:00", "Friday 2025-02-28 23:59:59"),
        ("12 months", "Tuesday 2025-12-30 10:00", "Wednesday 2026-12-30 23:59:59"),
        ("1 working day", "Saturday 2025-12-06 10:00", "Monday 2025-12-08 23:59:59"),
    ],
)
def test_a_period_ends(words: str, start: str, end: str) -> None:
    """Hours elapse across clock changes; days, weeks and months end with their last day."""
    assert told(Period.parse(words).after(london(start), CALENDAR)) == end


def test_a_regime_may_close_its_days_early() -> None:
    """With a closing hour of 17:00, two working days end at 17:00."""
    due = Period.parse("2 working days").after(london("Friday 2025-12-05 16:55"), CALENDAR, time(17))
    assert told(due) == "Tuesday 2025-12-09 17:00:00"


def test_only_working_days_leave_days_out() -> None:
    """A working day over a weekend names the Saturday and the Sunday; two weeks name nothing."""
    start, end = london("Friday 2025-12-05 16:55"), london("Monday 2025-12-08 23:59:59")
    assert Period.parse("1 working day").skipped(start, end, CALENDAR) == (
        (date(2025, 12, 6), "Saturday"),
        (date(2025, 12, 7), "Sunday"),
    )
    assert Period.parse("2 weeks").skipped(start, end, CALENDAR) == ()


@pytest.mark.parametrize(
    ("words", "told_at"),
    [
        ("at once", "Tuesday 2026-04-07 23:59:59"),
        ("on the day", "Tuesday 2026-04-07 09:00:00"),
        ("1 hour before", "Tuesday 2026-04-07 22:59:59"),
        ("30 minutes after", "Wednesday 2026-04-08 00:29:59"),
        ("1 working day before", "Thursday 2026-04-02 09:00:00"),
        ("2 weeks before", "Tuesday 2026-03-24 09:00:00"),
        ("1 working day after", "Wednesday 2026-04-08 09:00:00"),
        ("1 day before", "Thursday 2026-04-02 09:00:00"),
        ("4 days after", "Monday 2026-04-13 09:00:00"),
    ],
)
def test_a_rung_is_told_from_the_deadline(words: str, told_at: str) -> None:
    """From the Tuesday after Easter; a rung in days falls when the office opens, with somebody in it."""
    offset = Offset.parse(words)
    assert told(offset.of(london("Tuesday 2026-04-07 23:59:59"), CALENDAR)) == told_at
    assert str(offset) == words


@pytest.mark.parametrize("words", ["1 hour", "before", "at once before", "1 hour until", "soon"])
def test_other_offsets_are_refused(words: str) -> None:
    """A rung that does not say when is refused."""
    with pytest.raises(UnknownPeriod):
        Offset.parse(words)
