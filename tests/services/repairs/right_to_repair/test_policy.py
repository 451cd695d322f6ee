"""The right to repair: its opening, and the compensation when the second contractor is late too."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.repairs.case.policy import ENDED, Status
from services.repairs.case.situation import Situation
from services.repairs.right_to_repair.policy import (
    LIFECYCLE,
    SECOND_CLOCK,
    compensation,
    compensation_days,
    is_open,
)
from services.repairs.right_to_repair.rates import RATES, rates_on
from shared.caller import CONTRACTOR, OFFICER, RESIDENT
from shared.standards.deadlines import Deadline
from tests.shared.standards.histories import Happening, fold, london, only, told

TAP: Happening = (
    "repairs.repair-reported",
    "Monday 2025-06-02 10:00",
    {"fault": "tap-not-turning", "priority": 2},
)
SECOND: Happening = (
    "repairs.second-contractor-appointed",
    "Friday 2025-06-06 09:00",
    {"period": "3 working days"},
)


def day(text: str) -> date:
    """The date of "Thursday 2025-06-12"; a wrong weekday is an error."""
    return london(f"{text} 12:00").date()


@pytest.mark.parametrize(
    ("happened", "at", "opened"),
    [
        ([TAP], "Thursday 2025-06-05 23:59:59", False),
        ([TAP], "Friday 2025-06-06 00:00:00", True),
        ([TAP, ("repairs.repair-completed", "Friday 2025-06-06 08:00")], "Friday 2025-06-06 09:00", False),
        ([TAP, ("repairs.repair-cancelled", "Thursday 2025-06-05 08:00")], "Friday 2025-06-06 09:00", False),
        ([TAP, SECOND], "Friday 2025-06-06 10:00", False),
        ([TAP, SECOND], "Friday 2025-06-13 10:00", False),
        (
            [
                (
                    "repairs.repair-reported",
                    "Monday 2025-06-02 10:00",
                    {"fault": "window-frames", "priority": 3},
                )
            ],
            "Friday 2025-08-29 10:00",
            False,
        ),
    ],
    ids=[
        "last second",
        "missed",
        "done late",
        "cancelled",
        "second at work",
        "second late",
        "not qualifying",
    ],
)
def test_the_right_opens_when_the_first_contractor_is_late(
    happened: list[Happening], at: str, opened: bool
) -> None:
    """From the first second after the statutory period, as long as the repair is not done, and once."""
    assert is_open(fold(*happened), london(at)) is opened
    for status in Status:
        situation = Situation(now=london(at), status=status, priority=2, right_to_repair_is_open=opened)
        expected = {"second-contractor"} if opened and status not in ENDED else set()
        assert LIFECYCLE.allowed(RESIDENT, situation) == expected
        estimate = set() if status in ENDED else {"estimate"}
        assert LIFECYCLE.allowed(OFFICER, situation) == expected | estimate
        assert LIFECYCLE.allowed(CONTRACTOR, situation) == set()


@pytest.mark.parametrize(
    ("as_of", "total"),
    [
        ("Wednesday 2025-06-11", None),  # the day it is due
        ("Thursday 2025-06-12", "12.00"),
        ("Friday 2025-06-13", "14.00"),
        ("Saturday 2025-06-14", "16.00"),  # lateness knows no weekends
        ("Sunday 2025-06-15", "18.00"),
        ("Monday 2025-06-16", "20.00"),
        ("Monday 2025-06-30", "48.00"),
        ("Tuesday 2025-07-01", "50.00"),
        ("Wednesday 2025-07-02", "50.00"),
        ("Thursday 2026-06-11", "50.00"),
    ],
)
def test_compensation_grows_day_by_day_to_fifty_pounds(as_of: str, total: str | None) -> None:
    """£10 when the second period is missed and £2 for every day or part of one, at most £50."""
    days = compensation_days(day("Wednesday 2025-06-11"), day(as_of))
    assert (str(days[-1].total) if days else None) == total


def test_each_day_says_what_it_adds() -> None:
    """The days add up exactly, begin the day after the due date, and leave none out."""
    days = compensation_days(day("Wednesday 2025-06-11"), day("Thursday 2026-06-11"))
    assert [str(each.amount) for each in days] == ["12.00"] + ["2.00"] * 19
    assert [each.date.toordinal() for each in days] == list(
        range(day("Thursday 2025-06-12").toordinal(), day("Wednesday 2025-07-02").toordinal())
    )
    assert sum((each.amount for each in days), Decimal()) == days[-1].total == Decimal("50.00")


def test_the_rates_are_those_in_force_when_the_second_period_ends() -> None:
    """Once the amounts are raised, from a day on, what was missed before stays at the old ones."""
    raised = replace(RATES[0], in_force_from=day("Monday 2027-01-04"), for_each_day=Decimal("4.00"))
    assert rates_on(day("Sunday 2027-01-03"), (*RATES, raised)) == RATES[0]
    assert rates_on(day("Monday 2027-01-04"), (*RATES, raised)) == raised


def owed(at: str, *later: Happening) -> str | None:
    """The compensation owed then for the tap, whose second contractor is due on Wednesday 11 June."""
    found = compensation(the_tap(*later), london(at))
    return str(found.amount) if found else None


def the_tap(*later: Happening) -> list[Deadline]:
    return fold(TAP, SECOND, *later)


def test_the_second_period_ends_on_the_third_working_day() -> None:
    """The days below count from here."""
    assert told(only(the_tap(), SECOND_CLOCK).due_at) == "Wednesday 2025-06-11 23:59:59"


@pytest.mark.parametrize(
    ("at", "later", "total"),
    [
        ("Wednesday 2025-06-11 23:59:59", [], None),
        ("Thursday 2025-06-12 00:00:00", [], "12.00"),
        ("Thursday 2025-06-12 23:59:59", [], "12.00"),
        ("Friday 2025-06-13 00:00:00", [], "14.00"),
        ("Monday 2025-09-01 10:00", [("repairs.repair-completed", "Wednesday 2025-06-11 17:00")], None),
        ("Monday 2025-09-01 10:00", [("repairs.repair-completed", "Saturday 2025-06-14 10:00")], "16.00"),
        ("Monday 2025-09-01 10:00", [("repairs.repair-cancelled", "Tuesday 2025-06-10 10:00")], None),
        ("Monday 2025-09-01 10:00", [("repairs.repair-cancelled", "Friday 2025-06-13 10:00")], "14.00"),
        ("Monday 2025-09-01 10:00", [], "50.00"),
    ],
    ids=[
        "last second",
        "missed",
        "same day",
        "next day",
        "done in time",
        "done late",
        "cancelled in time",
        "cancelled late",
        "never done",
    ],
)
def test_compensation_stops_when_the_repair_ends(at: str, later: list[Happening], total: str | None) -> None:
    """It is owed from the moment of the miss in London, and grows no more once the repair is done."""
    assert owed(at, *later) == total


def test_nothing_is_owed_while_only_the_first_contractor_is_late() -> None:
    """The first miss opens the right; compensation is for the second."""
    assert compensation(fold(TAP), london("Monday 2025-09-01 10:00")) is None


def test_a_completion_that_is_told_late_lowers_what_is_owed() -> None:
    """Done on Thursday and told weeks later: only Thursday is owed for."""
    done: Happening = ("repairs.repair-completed", "Thursday 2025-06-12 08:00")
    assert (owed("Friday 2025-06-27 10:00"), owed("Friday 2025-06-27 10:00", done)) == ("42.00", "12.00")
