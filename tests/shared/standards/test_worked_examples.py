"""Dates worked out by hand with a wall calendar; a reader can check each one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import pytest

from shared.standards.calendar import official_holidays
from tests.shared.standards.histories import CALENDAR, fold, only, told

Case: TypeAlias = tuple[str, Mapping[str, Any], str]

REPORTED = "repairs.repair-reported"
EMERGENCY = (REPORTED, {"priority": 1}, "repairs.emergency.made-safe")
THREE_DAYS = (REPORTED, {"priority": 2}, "repairs.priority-2.completed")
COMPLAINT: Case = ("complaints.complaint-received", {}, "complaints.stage-1.response")
HATE_CRIME = ("asb.case-opened", {"priority": 1}, "asb.priority-1.victim-contact")
NOISE = ("asb.case-opened", {"priority": 2}, "asb.victim-contact")
BOILER = ("repairs.appliance-registered", {"kind": "heating"}, "repairs.heating.annual-service")
LEAVING_CARE = ("residents.tenancy-started", {"care_leaver": True}, "residents.settling-in-visit")
TENANCY = ("residents.tenancy-started", {"care_leaver": False}, "residents.settling-in-visit")
GRAFFITI = (
    "estates.issue-reported", {"kind": "graffiti", "offensive": True}, "estates.offensive-graffiti.removal",
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "start", "due"),
    [
        # The hour of the day does not matter to working days, the London date does.
        (COMPLAINT, "Friday 2025-12-05 16:55", "Friday 2025-12-19 23:59:59"),
        (COMPLAINT, "Friday 2025-12-05 00:00", "Friday 2025-12-19 23:59:59"),
        (COMPLAINT, "Saturday 2025-12-06 00:01", "Friday 2025-12-19 23:59:59"),
        (HATE_CRIME, "Tuesday 2026-06-09 00:30", "Wednesday 2026-06-10 23:59:59"),
        # Weekends.
        (HATE_CRIME, "Saturday 2026-02-07 11:00", "Monday 2026-02-09 23:59:59"),
        (HATE_CRIME, "Sunday 2026-02-08 11:00", "Monday 2026-02-09 23:59:59"),
        (THREE_DAYS, "Saturday 2026-02-07 11:00", "Wednesday 2026-02-11 23:59:59"),
        # Christmas, with and without a substitute day.
        (THREE_DAYS, "Wednesday 2025-12-24 10:00", "Wednesday 2025-12-31 23:59:59"),
        (THREE_DAYS, "Thursday 2026-12-24 10:00", "Thursday 2026-12-31 23:59:59"),
        ((REPORTED, {"priority": 3}, "repairs.priority-3.completed"),
         "Friday 2025-12-05 16:55", "Monday 2026-01-19 23:59:59"),
        # Easter and the jubilee.
        (THREE_DAYS, "Thursday 2026-04-02 15:00", "Thursday 2026-04-09 23:59:59"),
        (THREE_DAYS, "Wednesday 2022-06-01 09:00", "Wednesday 2022-06-08 23:59:59"),
        # Both nights on which the clocks change: hours elapse, days end by the clock on the wall.
        (EMERGENCY, "Saturday 2026-03-28 23:00", "Sunday 2026-03-29 04:00:00"),
        (EMERGENCY, "Saturday 2026-10-24 23:30", "Sunday 2026-10-25 02:30:00"),
        (HATE_CRIME, "Friday 2026-03-27 12:00", "Monday 2026-03-30 23:59:59"),
        (GRAFFITI, "Saturday 2026-10-24 12:00", "Sunday 2026-10-25 11:00:00"),
        # The 29th of February, and months of different lengths.
        (THREE_DAYS, "Monday 2024-02-26 09:00", "Thursday 2024-02-29 23:59:59"),
        (BOILER, "Thursday 2024-02-29 09:00", "Friday 2025-02-28 23:59:59"),
        (("asb.case-closed", {}, "asb.satisfaction-survey"),
         "Friday 2025-01-31 09:00", "Friday 2025-02-28 23:59:59"),
        # Years that the official list does not cover: a royal wedding, and an Easter still to come.
        (NOISE, "Thursday 2011-04-21 09:00", "Wednesday 2011-05-04 23:59:59"),
        (THREE_DAYS, "Thursday 2031-04-10 09:00", "Thursday 2031-04-17 23:59:59"),
        # Weeks count every day.
        (TENANCY, "Thursday 2025-12-04 09:00", "Thursday 2025-12-25 23:59:59"),
        (LEAVING_CARE, "Thursday 2025-12-11 09:00", "Thursday 2025-12-25 23:59:59"),
    ],
)  # fmt: skip
def test_worked_example(case: Case, start: str, due: str) -> None:
    """A promise that starts then is due then."""
    event_type, facts, standard = case
    assert told(only(fold((event_type, start, facts)), standard).due_at) == due


def test_a_bank_holiday_proclaimed_while_the_clock_runs() -> None:
    """Reported on Thursday and due on Tuesday, a repair is due on Wednesday once Monday is a holiday."""
    funeral = date(2022, 9, 19)
    before = CALENDAR.with_official(
        {day: name for day, name in official_holidays().items() if day.year == 2022 and day != funeral}
    )
    report = (REPORTED, "Thursday 2022-09-15 10:00", {"priority": 2})
    standard = "repairs.priority-2.completed"
    assert told(only(fold(report, calendar=before), standard).due_at) == "Tuesday 2022-09-20 23:59:59"
    assert told(only(fold(report), standard).due_at) == "Wednesday 2022-09-21 23:59:59"


def test_a_council_closure_moves_the_councils_dates_and_not_the_laws() -> None:
    """With the offices closed on Tuesday, a tap is due a day later by Havering, not by the law."""
    closed = CALENDAR.with_closures({date(2026, 2, 10): "training day"})
    found = fold(
        (REPORTED, "Monday 2026-02-09 10:00", {"priority": 2, "fault": "tap-not-turning"}), calendar=closed
    )
    assert told(only(found, "repairs.priority-2.completed").due_at) == "Friday 2026-02-13 23:59:59"
    assert told(only(found, "repairs.right-to-repair").due_at) == "Thursday 2026-02-12 23:59:59"
