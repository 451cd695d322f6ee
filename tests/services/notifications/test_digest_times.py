"""The time of a department's next digest: each quarter of an hour while its office is open."""

from datetime import date, time

import pytest

from services.notifications.policy import Urgency, is_for_a_digest, next_digest_at
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
    ("audience", "urgency", "waits"),
    [
        ("department", Urgency.IN_TURN, True),
        ("handler", Urgency.SOON, True),
        ("manager", Urgency.IN_TURN, True),
        ("legal department", Urgency.IN_TURN, True),
        ("department", Urgency.AT_ONCE, False),
        ("resident", Urgency.IN_TURN, False),
        ("applicant", Urgency.SOON, False),
    ],
)
def test_what_can_wait_is_for_a_digest(audience: str, urgency: Urgency, waits: bool) -> None:
    """Of emergencies staff are told at once, and residents of everything."""
    assert is_for_a_digest(audience, urgency) is waits
