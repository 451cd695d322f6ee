"""Periods are written in words, and count hours by the clock and days by the calendar."""

from datetime import date, time

import pytest

from shared.standards.periods import OfficeHours, Offset, Period, UnknownPeriod
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
    """Words that are no period are refused with those that they should have been."""
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


# 25 October 2026: London's clocks go back at 02:00, so that 01:00 to 02:00 comes twice, and "again".
# 28 March 2027: they go forward at 01:00, on Easter Sunday. 29 February 2028 is a Tuesday.
@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("1 hour", "Sunday 2026-10-25 00:30", "Sunday 2026-10-25 01:30:00"),
        ("1 hour", "Sunday 2026-10-25 01:30", "Sunday 2026-10-25 01:30:00 again"),
        ("1 hour", "Sunday 2026-10-25 01:30 again", "Sunday 2026-10-25 02:30:00"),
        ("90 minutes", "Saturday 2026-10-24 23:59:59", "Sunday 2026-10-25 01:29:59"),
        ("4 hours", "Saturday 2026-10-24 23:30", "Sunday 2026-10-25 02:30:00"),
        ("24 hours", "Saturday 2026-10-24 01:30", "Sunday 2026-10-25 01:30:00"),
        ("24 hours", "Sunday 2026-10-25 01:30", "Monday 2026-10-26 00:30:00"),
        ("24 hours", "Sunday 2026-10-25 01:30 again", "Monday 2026-10-26 01:30:00"),
        ("1 day", "Saturday 2026-10-24 23:30", "Sunday 2026-10-25 23:59:59"),
        ("1 day", "Sunday 2026-10-25 01:30 again", "Monday 2026-10-26 23:59:59"),
        ("1 week", "Sunday 2026-10-18 01:30", "Sunday 2026-10-25 23:59:59"),
        ("1 month", "Friday 2026-09-25 01:30", "Sunday 2026-10-25 23:59:59"),
        ("12 months", "Saturday 2025-10-25 01:30", "Sunday 2026-10-25 23:59:59"),
        ("1 working day", "Friday 2026-10-23 23:30", "Monday 2026-10-26 23:59:59"),
        ("1 working day", "Sunday 2026-10-25 01:30", "Monday 2026-10-26 23:59:59"),
        ("10 working days", "Sunday 2026-10-25 01:30 again", "Friday 2026-11-06 23:59:59"),
        ("1 hour", "Sunday 2027-03-28 00:30", "Sunday 2027-03-28 02:30:00"),
        ("4 hours", "Saturday 2027-03-27 23:30", "Sunday 2027-03-28 04:30:00"),
        ("24 hours", "Saturday 2027-03-27 12:00", "Sunday 2027-03-28 13:00:00"),
        ("24 hours", "Sunday 2027-03-28 00:30", "Monday 2027-03-29 01:30:00"),
        ("1 day", "Saturday 2027-03-27 23:30", "Sunday 2027-03-28 23:59:59"),
        ("1 week", "Sunday 2027-03-21 02:30", "Sunday 2027-03-28 23:59:59"),
        ("1 month", "Sunday 2027-02-28 10:00", "Sunday 2027-03-28 23:59:59"),
        ("12 months", "Saturday 2026-03-28 10:00", "Sunday 2027-03-28 23:59:59"),
        ("1 working day", "Thursday 2027-03-25 23:30", "Tuesday 2027-03-30 23:59:59"),
        ("1 working day", "Sunday 2027-03-28 00:30", "Tuesday 2027-03-30 23:59:59"),
        ("4 hours", "Monday 2028-02-28 22:00", "Tuesday 2028-02-29 02:00:00"),
        ("4 hours", "Tuesday 2028-02-29 22:00", "Wednesday 2028-03-01 02:00:00"),
        ("24 hours", "Monday 2028-02-28 23:30", "Tuesday 2028-02-29 23:30:00"),
        ("1 day", "Monday 2028-02-28 23:30", "Tuesday 2028-02-29 23:59:59"),
        ("1 day", "Tuesday 2028-02-29 23:30", "Wednesday 2028-03-01 23:59:59"),
        ("1 week", "Tuesday 2028-02-22 10:00", "Tuesday 2028-02-29 23:59:59"),
        ("1 month", "Saturday 2028-01-29 10:00", "Tuesday 2028-02-29 23:59:59"),
        ("1 month", "Monday 2028-01-31 10:00", "Tuesday 2028-02-29 23:59:59"),
        ("1 month", "Tuesday 2028-02-29 10:00", "Wednesday 2028-03-29 23:59:59"),
        ("12 months", "Sunday 2027-02-28 10:00", "Monday 2028-02-28 23:59:59"),
        ("12 months", "Tuesday 2028-02-29 10:00", "Wednesday 2029-02-28 23:59:59"),
        ("48 months", "Tuesday 2028-02-29 10:00", "Sunday 2032-02-29 23:59:59"),
        ("2 working days", "Friday 2028-02-25 23:30", "Tuesday 2028-02-29 23:59:59"),
        ("1 working day", "Tuesday 2028-02-29 23:30", "Wednesday 2028-03-01 23:59:59"),
    ],
)
def test_a_period_ends_on_a_night_unlike_others(words: str, start: str, end: str) -> None:
    """Hours elapse whatever the clocks show; days, months and years end with a day, be it 25 hours long."""
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


@pytest.mark.parametrize(
    ("words", "due", "told_at"),
    [
        ("1 hour before", "Sunday 2026-10-25 02:30", "Sunday 2026-10-25 01:30:00 again"),
        ("1 hour before", "Sunday 2026-10-25 01:30 again", "Sunday 2026-10-25 01:30:00"),
        ("4 hours before", "Sunday 2026-10-25 23:59:59", "Sunday 2026-10-25 19:59:59"),
        ("1 working day before", "Monday 2026-10-26 23:59:59", "Friday 2026-10-23 09:00:00"),
        ("1 hour after", "Sunday 2027-03-28 00:30", "Sunday 2027-03-28 02:30:00"),
        ("4 hours after", "Saturday 2027-03-27 23:59:59", "Sunday 2027-03-28 04:59:59"),
        ("1 working day after", "Sunday 2027-03-28 23:59:59", "Tuesday 2027-03-30 09:00:00"),
        ("1 hour before", "Wednesday 2028-03-01 00:30", "Tuesday 2028-02-29 23:30:00"),
        ("1 working day before", "Wednesday 2028-03-01 23:59:59", "Tuesday 2028-02-29 09:00:00"),
        ("4 weeks before", "Tuesday 2028-02-29 23:59:59", "Tuesday 2028-02-01 09:00:00"),
        ("on the day", "Tuesday 2028-02-29 23:59:59", "Tuesday 2028-02-29 09:00:00"),
    ],
)
def test_a_rung_falls_on_a_night_unlike_others(words: str, due: str, told_at: str) -> None:
    """An hour before 02:30 is the second 01:30 of the night; a rung in days knows working days only."""
    assert told(Offset.parse(words).of(london(due), CALENDAR)) == told_at


@pytest.mark.parametrize(
    ("instant", "open_at"),
    [
        ("Thursday 2026-04-02 08:59:59", "Thursday 2026-04-02 09:00:00"),
        ("Thursday 2026-04-02 09:00", "Thursday 2026-04-02 09:00:00"),
        ("Thursday 2026-04-02 16:59:59", "Thursday 2026-04-02 16:59:59"),
        ("Thursday 2026-04-02 17:00", "Tuesday 2026-04-07 09:00:00"),
        ("Friday 2026-04-03 12:00", "Tuesday 2026-04-07 09:00:00"),
        ("Saturday 2026-10-24 12:00", "Monday 2026-10-26 09:00:00"),
        ("Saturday 2027-03-27 23:59", "Tuesday 2027-03-30 09:00:00"),
    ],
)
def test_the_office_opens_again_on_the_next_working_day(instant: str, open_at: str) -> None:
    """From its own opening on, before its closing, and on no bank holiday."""
    assert told(OfficeHours().next_open(london(instant), CALENDAR)) == open_at


@pytest.mark.parametrize("words", ["1 hour", "before", "at once before", "1 hour until", "soon"])
def test_other_offsets_are_refused(words: str) -> None:
    """A rung that does not say when is refused."""
    with pytest.raises(UnknownPeriod):
        Offset.parse(words)
