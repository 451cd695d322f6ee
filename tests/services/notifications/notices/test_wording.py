"""Instants and promises in plain English."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.notices.wording import Promise, handler, lines, spoken, window


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2025, 12, 5, 16, 55, tzinfo=UTC), "Friday 5 December 2025 at 16:55"),
        (datetime(2025, 7, 31, 22, 59, 59, tzinfo=UTC), "Thursday 31 July 2025 at 23:59"),
        (datetime(2025, 7, 31, 23, 0, tzinfo=UTC), "Friday 1 August 2025 at 00:00"),
        (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "Sunday 25 October 2026 at 01:30 (before the clocks go back)",
        ),
        (
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            "Sunday 25 October 2026 at 01:30 (after the clocks go back)",
        ),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "Sunday 25 October 2026 at 02:00"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "Sunday 28 March 2027 at 02:00"),
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), "Tuesday 29 February 2028 at 12:00"),
    ],
)
def test_an_instant_is_said_as_in_london(instant: datetime, words: str) -> None:
    """In summer London is an hour ahead of UTC, and people read their own clocks, even if these go back."""
    assert spoken(instant) == words


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "words"),
    [
        (
            "2026-11-27T22:00:00+00:00",
            "2026-11-28T01:00:00+00:00",
            "between 22:00 on Friday 27 November and 01:00 on Saturday 28 November 2026",
        ),
        (
            "2026-12-31T23:00:00+00:00",
            "2027-01-01T01:00:00+00:00",
            "between 23:00 on Thursday 31 December 2026 and 01:00 on Friday 1 January 2027",
        ),
        (
            "2026-10-24T22:00:00+00:00",
            "2026-10-25T00:30:00+00:00",
            "between 23:00 on Saturday 24 October"
            " and 01:30 (before the clocks go back) on Sunday 25 October 2026",
        ),
        (
            "2026-10-25T00:30:00+00:00",
            "2026-10-25T01:30:00+00:00",
            "on Sunday 25 October 2026"
            " between 01:30 (before the clocks go back) and 01:30 (after the clocks go back)",
        ),
        (
            "2027-03-27T23:30:00+00:00",
            "2027-03-28T01:30:00+00:00",
            "between 23:30 on Saturday 27 March and 02:30 on Sunday 28 March 2027",
        ),
        (
            "2028-02-28T23:00:00+00:00",
            "2028-02-29T01:00:00+00:00",
            "between 23:00 on Monday 28 February and 01:00 on Tuesday 29 February 2028",
        ),
    ],
    ids=["over midnight", "over New Year", "clocks back", "in the hour twice", "clocks forward", "leap day"],
)
def test_a_visit_by_night_is_said_so_that_one_knows_when_to_be_in(
    starts_at: str, ends_at: str, words: str
) -> None:
    """Both days are named where there are two, and of two times that are shown alike which is meant."""
    assert window(starts_at, ends_at) == words


def test_as_long_as_nobody_is_named_the_team_deals_with_it() -> None:
    """No case is nobody's."""
    assert handler("Pat Smith", "repairs") == "Pat Smith of the repairs team"
    assert handler(None, "repairs") == "the repairs team"


def test_promises_with_one_due_minute_are_one_line() -> None:
    """People read no seconds: what is due twenty seconds later is due at the same time."""
    due = datetime(2025, 12, 5, 16, 55, 10, tzinfo=UTC)
    promises = [
        Promise(standard, 1, f"We will {standard}.", source, due + timedelta(seconds=later))
        for standard, source, later in (("mend", "A", 20), ("clean", "A", 0), ("write", "B", 60))
    ]
    first, second = lines(promises, due + timedelta(seconds=30))
    assert (first.due, first.promise) == ("Friday 5 December 2025 at 16:55", "We will clean. We will mend.")
    assert (first.standards, first.source, first.is_past) == ("clean, mend; A", "A", True)
    assert (second.due, second.promise) == ("Friday 5 December 2025 at 16:56", "We will write.")
    assert not second.is_past
