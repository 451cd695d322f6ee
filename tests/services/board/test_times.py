"""Times in words, on the duty officer's Monday; dates with their weekdays."""

from datetime import UTC, date, datetime

import pytest

from services.board.presenting.times import clock, due, in_full, moment, time_left, weekday_date
from tests.services.repairs.reporting import london

MONDAY = london("Monday 2026-11-23 08:55")


@pytest.mark.parametrize(
    ("due_at", "said"),
    [
        ("Monday 2026-11-23 09:30", "35 min left, by 9:30am"),
        ("Monday 2026-11-23 08:55", "Under a minute left, by 8:55am"),
        ("Monday 2026-11-23 09:54", "59 min left, by 9:54am"),
        ("Monday 2026-11-23 09:55", "1 h left, by 9:55am"),
        ("Monday 2026-11-23 12:20", "3 h 25 min left, by 12:20pm"),
        ("Monday 2026-11-23 12:00", "3 h 5 min left, by midday"),
        ("Tuesday 2026-11-24 02:00", "17 h 5 min left, by 2am tomorrow"),
        ("Tuesday 2026-11-24 08:54", "23 h 59 min left, by 8:54am tomorrow"),
        ("Tuesday 2026-11-24 08:55", "Tomorrow, Tuesday 24 November, by 8:55am"),
        ("Wednesday 2026-11-25 15:00", "Wednesday 25 November, by 3pm"),
        ("Friday 2027-01-01 12:00", "Friday 1 January 2027, by midday"),
        ("Monday 2026-11-23 08:54", "1 min late, since 8:54am today"),
        ("Monday 2026-11-23 03:10", "5 h 45 min late, since 3:10am today"),
        ("Sunday 2026-11-22 22:00", "10 h 55 min late, since 10pm yesterday"),
        ("Sunday 2026-11-22 08:55", "1 day late, since Sunday 22 November"),
        ("Friday 2026-11-20 16:58", "2 days late, since Friday 20 November"),
        ("Wednesday 2025-12-31 12:00", "326 days late, since Wednesday 31 December 2025"),
    ],
)
def test_the_time_left_is_said_as_people_say_it(due_at: str, said: str) -> None:
    """Hours while it is hours, then a date; late is said with what it is late since."""
    left = time_left(london(due_at), MONDAY)
    assert left.whole == said
    assert left.is_late is ("late" in said)


@pytest.mark.parametrize(
    ("now", "due_at", "said"),
    [
        ("Monday 2026-11-23 08:55", "Monday 2026-11-23", "By the end of today"),
        ("Monday 2026-11-23 23:30", "Monday 2026-11-23", "29 min left, by the end of today"),
        ("Monday 2026-11-23 08:55", "Tuesday 2026-11-24", "Tomorrow, Tuesday 24 November"),
        ("Monday 2026-11-23 23:59", "Tuesday 2026-11-24", "Tomorrow, Tuesday 24 November"),
        ("Monday 2026-11-23 08:55", "Friday 2026-12-04", "Friday 4 December"),
        ("Tuesday 2026-11-24 00:05", "Monday 2026-11-23", "5 min late, since the end of yesterday"),
        ("Thursday 2026-11-26 09:00", "Monday 2026-11-23", "2 days late, since Monday 23 November"),
    ],
)
def test_a_promise_that_ends_with_the_day_counts_no_hours(now: str, due_at: str, said: str) -> None:
    """It is due at the last second of its day, which nobody waits for with a clock."""
    last_second = london(f"{due_at} 23:59").replace(second=59)
    assert time_left(last_second, london(now)).whole == said


def test_exactly_due_is_not_late() -> None:
    """Whole seconds are compared, as the API does."""
    assert not time_left(MONDAY, MONDAY.replace(microsecond=999_999)).is_late
    assert time_left(MONDAY, MONDAY.replace(second=1)).is_late


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-23T08:40:00+00:00", "8:40am today"),
        ("2026-11-22T16:58:00+00:00", "4:58pm yesterday"),
        ("2026-11-24T00:00:00+00:00", "midnight tomorrow"),
        ("2026-11-20T16:40:00+00:00", "Friday 20 November, 4:40pm"),
        ("2026-07-03T12:30:00+00:00", "Friday 3 July, 1:30pm"),
    ],
)
def test_an_instant_is_said_by_london_s_clocks(at: str, said: str) -> None:
    """Summer time too."""
    assert moment(datetime.fromisoformat(at), MONDAY) == said


def test_a_due_date_is_said_to_its_end() -> None:
    """Which is what may be told to a resident."""
    assert due(london("Friday 2026-12-04 23:59").replace(second=59), MONDAY) == "the end of Friday 4 December"
    assert due(london("Monday 2026-11-23 12:20"), MONDAY) == "12:20pm today"
    assert clock(datetime(2026, 11, 23, 0, 5, tzinfo=UTC)) == "12:05am"
    assert weekday_date(date(2026, 12, 4), date(2026, 11, 23)) == "Friday 4 December"


def test_paper_names_the_day() -> None:
    """It is read on another."""
    assert in_full(MONDAY, MONDAY) == "Monday 23 November, 8:55am"
