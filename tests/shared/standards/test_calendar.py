"""The calendar knows which days are worked, and says why a day is not."""

from datetime import date, timedelta

import pytest

from shared.clock import system_clock
from shared.standards.calendar import OutsideCalendar, official_holidays
from tests.shared.standards.histories import CALENDAR

CHRISTMAS_EVE = date(2025, 12, 24)


def test_next_years_bank_holidays_are_in_the_official_list() -> None:
    """The list bundled with govuk-bank-holidays reaches to the end of next year."""
    next_year = system_clock().year + 1
    assert any(day.year == next_year for day in official_holidays()), (
        f"GOV.UK has surely published the bank holidays of {next_year} by now: take the newest "
        "govuk-bank-holidays (`make lock`), run the tests again, and release."
    )


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2025, 12, 24), None),
        (date(2025, 12, 25), "Christmas Day bank holiday"),
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 12, 26), "Saturday"),
        (date(2026, 12, 27), "Sunday"),
        (date(2026, 12, 28), "Boxing Day bank holiday (substitute day)"),
        (date(2022, 9, 19), "Bank Holiday for the State Funeral of Queen Elizabeth II"),
        (date(2011, 4, 29), "Wedding of William and Catherine bank holiday"),
        (date(2031, 4, 11), "Good Friday bank holiday"),
        (date(2031, 4, 14), "Easter Monday bank holiday"),
    ],
)
def test_a_day_says_why_it_is_not_worked(day: date, reason: str | None) -> None:
    """Official list, substitute days, one-off holidays, and the years that the list does not cover."""
    assert CALENDAR.why_not_working(day) == reason
    assert CALENDAR.is_working(day) == (reason is None)


def test_a_closure_is_a_council_matter() -> None:
    """A day on which the council is closed is not worked, except where the law counts."""
    closed = CALENDAR.with_closures({CHRISTMAS_EVE: "offices closed"})
    assert closed.why_not_working(CHRISTMAS_EVE) == "council closure: offices closed"
    assert closed.add_working_days(date(2025, 12, 23), 1) == date(2025, 12, 29)
    assert closed.statutory.add_working_days(date(2025, 12, 23), 1) == CHRISTMAS_EVE
    assert CALENDAR.is_working(CHRISTMAS_EVE)


def test_a_newer_official_list_wins_in_its_own_years() -> None:
    """A holiday taken out of 2026 by a newer list is worked; other years and closures stay."""
    newer = {day: name for day, name in official_holidays().items() if day.year == 2026 and day.month != 5}
    calendar = CALENDAR.with_closures({CHRISTMAS_EVE: "offices closed"}).with_official(newer)
    assert calendar.is_working(date(2026, 5, 4))
    assert not calendar.is_working(date(2025, 5, 5))
    assert not calendar.is_working(date(2031, 4, 11))
    assert not calendar.is_working(CHRISTMAS_EVE)


@pytest.mark.parametrize("start", [date(2011, 4, 21), date(2025, 12, 5), date(2026, 4, 3), date(2031, 4, 12)])
@pytest.mark.parametrize("count", [1, 2, 10, 28, 250])
def test_adding_agrees_with_counting_day_by_day(start: date, count: int) -> None:
    """The table gives the day that a finger on a wall calendar would reach, forward and back."""
    for sign in (1, -1):
        day, left = start, count
        while left:
            day += timedelta(days=sign)
            left -= CALENDAR.is_working(day)
        assert CALENDAR.add_working_days(start, sign * count) == day


def test_no_working_days_is_the_day_itself() -> None:
    """Adding nothing moves nothing, even from a Sunday."""
    assert CALENDAR.add_working_days(date(2025, 12, 7), 0) == date(2025, 12, 7)


@pytest.mark.parametrize(
    ("day", "count"), [(date(1950, 1, 1), 1), (date(2100, 12, 1), 60), (date(1990, 1, 3), -9)]
)
def test_a_date_nobody_can_know_is_refused(day: date, count: int) -> None:
    """Beyond the years it knows, the calendar says so instead of guessing."""
    with pytest.raises(OutsideCalendar, match="1990 to 2100"):
        CALENDAR.add_working_days(day, count)


@pytest.mark.parametrize("outside", [date(1989, 12, 31), date(2101, 1, 1), date.min, date.max])
def test_no_question_about_another_year_is_answered_in_silence(outside: date) -> None:
    """Not even that a Saturday is one: of such a year nobody knows the holidays, and none is no answer."""
    inside = date(2026, 11, 23)  # a Monday
    first, last = min(inside, outside), max(inside, outside)
    for question in (
        lambda: CALENDAR.is_working(outside),
        lambda: CALENDAR.why_not_working(outside),
        lambda: CALENDAR.skipped(first, last),
        lambda: CALENDAR.working_days_between(first, last),
        lambda: CALENDAR.add_working_days(outside, 0),
        lambda: CALENDAR.add_working_days(outside, 1),
        lambda: CALENDAR.add_working_days(outside, -1),
        lambda: CALENDAR.statutory.is_working(outside),
    ):
        with pytest.raises(OutsideCalendar, match="1990 to 2100"):
            question()


def test_the_first_and_the_last_year_are_answered_for() -> None:
    """From Monday 1 January 1990, a bank holiday, to Friday 31 December 2100."""
    first, last = date(1990, 1, 1), date(2100, 12, 31)
    assert CALENDAR.why_not_working(first) == "New Year's Day bank holiday"
    assert CALENDAR.is_working(last)
    assert CALENDAR.add_working_days(first, 1) == date(1990, 1, 2)
    assert CALENDAR.working_days_between(date(2100, 12, 30), last) == 1
    assert CALENDAR.skipped(date(2100, 12, 24), last)[0].date == date(2100, 12, 25)
