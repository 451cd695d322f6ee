"""The groups of the worklist at the edges of an hour and of a day, with weekday names."""

from datetime import timedelta

import pytest

from services.notifications.worklist.policy import Group, group_of, spans
from tests.shared.standards.histories import london

MORNING, NIGHT = "Monday 2026-11-23 08:55", "Monday 2026-11-23 23:30"
AUTUMN = "Sunday 2026-10-25 00:30"  # the clocks go back at 02:00


@pytest.mark.parametrize(
    ("now", "due", "group"),
    [
        (MORNING, "Friday 2026-11-20 23:59:59", Group.LATE),
        (MORNING, "Monday 2026-11-23 08:54:59", Group.LATE),
        (MORNING, "Monday 2026-11-23 08:55", Group.WITHIN_HOUR),
        (MORNING, "Monday 2026-11-23 09:54:59", Group.WITHIN_HOUR),
        (MORNING, "Monday 2026-11-23 09:55", Group.TODAY),
        (MORNING, "Monday 2026-11-23 23:59:59", Group.TODAY),
        (MORNING, "Tuesday 2026-11-24 00:00", Group.LATER),
        (NIGHT, "Monday 2026-11-23 23:59:59", Group.WITHIN_HOUR),
        (NIGHT, "Tuesday 2026-11-24 00:29:59", Group.WITHIN_HOUR),
        (NIGHT, "Tuesday 2026-11-24 00:30", Group.LATER),
        (AUTUMN, "Sunday 2026-10-25 01:29:59", Group.WITHIN_HOUR),
        (AUTUMN, "Sunday 2026-10-25 01:29:59 again", Group.TODAY),
        (AUTUMN, "Sunday 2026-10-25 23:59:59", Group.TODAY),
        (AUTUMN, "Monday 2026-10-26 00:00", Group.LATER),
    ],
)
def test_a_promise_is_in_the_group_of_the_time_that_is_left(now: str, due: str, group: Group) -> None:
    """Exactly due is not late; the day is London's, and in its last hour nothing is left for today."""
    assert group_of(london(due), None, london(now)) is group


def test_a_promise_due_this_second_is_not_late_until_the_second_is_over() -> None:
    """In whole seconds, as every state is."""
    due = london(MORNING)
    assert group_of(due, None, due + timedelta(microseconds=999_999)) is Group.WITHIN_HOUR
    assert group_of(due, None, due + timedelta(seconds=1)) is Group.LATE


def test_nobody_is_late_with_a_paused_promise() -> None:
    """Its date will move when it goes on."""
    now = london(MORNING)
    assert group_of(now - timedelta(days=3), now - timedelta(days=9), now) is Group.LATER


@pytest.mark.parametrize("now", [MORNING, NIGHT, AUTUMN])
def test_every_date_is_in_one_group(now: str) -> None:
    """Each begins where the one before it ends."""
    dates = list(spans(london(now)).values())
    assert [first for first, _ in dates[1:]] == [before for _, before in dates[:-1]]
    assert all(first <= before for first, before in dates)
