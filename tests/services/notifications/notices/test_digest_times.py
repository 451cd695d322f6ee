"""The time of a department's next digest: each quarter of an hour while its office is open."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, strategies as st

from services.notifications.notices.digest_times import AT_ONCE, latest_digest_at, next_digest_at
from shared.standards.calendar import Calendar
from shared.standards.periods import OfficeHours
from tests.services.repairs.reporting import london

CALENDAR = Calendar(Calendar.bundled().holidays, {date(2026, 11, 25): "staff day"})


@pytest.mark.parametrize(
    ("owed", "leaves"),
    [
        ("Thursday 2026-11-26 10:00:00", "Thursday 2026-11-26 10:00:00"),
        ("Thursday 2026-11-26 10:00:01", "Thursday 2026-11-26 10:15:00"),
        ("Thursday 2026-11-26 10:14:59", "Thursday 2026-11-26 10:15:00"),
        ("Thursday 2026-11-26 08:59:59", "Thursday 2026-11-26 09:00:00"),
        ("Thursday 2026-11-26 03:10:00", "Thursday 2026-11-26 09:00:00"),
        ("Thursday 2026-11-26 16:45:00", "Thursday 2026-11-26 16:45:00"),
        ("Thursday 2026-11-26 16:45:01", "Friday 2026-11-27 09:00:00"),
        ("Friday 2026-11-27 17:30:00", "Monday 2026-11-30 09:00:00"),
        ("Saturday 2026-11-28 11:00:00", "Monday 2026-11-30 09:00:00"),
        ("Sunday 2026-11-29 23:59:59", "Monday 2026-11-30 09:00:00"),
        # the council is closed on Wednesday
        ("Tuesday 2026-11-24 16:50:00", "Thursday 2026-11-26 09:00:00"),
        ("Wednesday 2026-11-25 12:00:00", "Thursday 2026-11-26 09:00:00"),
        # Good Friday and Easter Monday
        ("Thursday 2027-03-25 18:00:00", "Tuesday 2027-03-30 09:00:00"),
        ("Friday 2027-03-26 10:00:00", "Tuesday 2027-03-30 09:00:00"),
        # Christmas Day on a Friday, Boxing Day's substitute on Monday
        ("Thursday 2026-12-24 16:59:00", "Tuesday 2026-12-29 09:00:00"),
        # the clocks went back at night, and forward: the office opens by London's
        ("Saturday 2026-10-24 12:00:00", "Monday 2026-10-26 09:00:00"),
        ("Saturday 2027-03-27 12:00:00", "Tuesday 2027-03-30 09:00:00"),
        ("Friday 2026-07-31 09:07:00", "Friday 2026-07-31 09:15:00"),
    ],
)
def test_a_digest_leaves_at_the_next_quarter_in_office_hours(owed: str, leaves: str) -> None:
    """What is owed by night, at the weekend, on a bank holiday or a closure day waits for the office."""
    assert next_digest_at(london(owed), OfficeHours(), CALENDAR) == london(leaves)


def test_a_department_has_hours_of_its_own() -> None:
    """One that opens between two quarters has its first digest when it opens."""
    hours = OfficeHours(time(8, 50), time(20))
    assert next_digest_at(london("Friday 2026-11-27 07:00"), hours, CALENDAR) == london(
        "Friday 2026-11-27 08:50"
    )
    assert next_digest_at(london("Friday 2026-11-27 19:31"), hours, CALENDAR) == london(
        "Friday 2026-11-27 19:45"
    )
    assert next_digest_at(london("Friday 2026-11-27 19:46"), hours, CALENDAR) == london(
        "Monday 2026-11-30 08:50"
    )


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("Thursday 2026-11-26 10:00:00", "Thursday 2026-11-26 10:00:00"),
        ("Thursday 2026-11-26 10:14:59", "Thursday 2026-11-26 10:00:00"),
        ("Thursday 2026-11-26 09:00:00", "Thursday 2026-11-26 09:00:00"),
        ("Thursday 2026-11-26 16:59:59", "Thursday 2026-11-26 16:45:00"),
        ("Thursday 2026-11-26 08:59:59", None),
        ("Thursday 2026-11-26 17:00:00", None),
        ("Saturday 2026-11-28 11:00:00", None),
        ("Wednesday 2026-11-25 11:00:00", None),
        ("Friday 2026-12-25 11:00:00", None),
    ],
)
def test_nothing_leaves_while_the_office_is_closed(now: str, due: str | None) -> None:
    """In office hours the digest of the last quarter is due, also if it is a little late."""
    assert latest_digest_at(london(now), OfficeHours(), CALENDAR) == (london(due) if due else None)


def test_a_house_may_have_them_at_other_times() -> None:
    """Every half hour, or at once and at any hour."""
    now, half_hours = london("Thursday 2026-11-26 10:44"), timedelta(minutes=30)
    assert latest_digest_at(now, OfficeHours(), CALENDAR, half_hours) == london("Thursday 2026-11-26 10:30")
    assert next_digest_at(now, OfficeHours(), CALENDAR, half_hours) == london("Thursday 2026-11-26 11:00")
    by_night = london("Sunday 2026-11-29 03:01")
    assert latest_digest_at(by_night, OfficeHours(), CALENDAR, AT_ONCE) == by_night
    assert next_digest_at(by_night, OfficeHours(), CALENDAR, AT_ONCE) == by_night


@given(owed=st.integers(0, 20 * 24 * 3600), waited=st.integers(0, 5 * 24 * 3600))
def test_what_is_owed_leaves_with_the_first_digest_after_it(owed: int, waited: int) -> None:
    """Neither before nor after: of every instant the two rules say the same."""
    start = london("Friday 2026-12-18 00:00")
    then, now = start + timedelta(seconds=owed), start + timedelta(seconds=owed + waited)
    latest = latest_digest_at(now, OfficeHours(), CALENDAR)
    leaves: datetime = next_digest_at(then, OfficeHours(), CALENDAR)
    if latest is not None:
        assert (then <= latest) == (leaves <= latest)
