"""Our calendar gives the working days that the tests of other code bases expect of England and Wales."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.shared.standards.histories import CALENDAR

PUBLISHED = Path(__file__).parents[2] / "data" / "peer-working-days.csv"

# Rows whose own test has another calendar or counts in another way, by (counted from, working days, due).
COUNTED_OTHERWISE = {
    ("2007-10-14", 40, "2007-12-10"): "UK-wide, as freedom of information is: St Andrew's Day is left out",
    (
        "2010-07-02",
        1,
        "2010-07-06",
    ): "Monday 5 July is a holiday of that test's own; without it, the row before",
    ("2014-12-31", 20, "2015-01-28"): "weekends only: New Year's Day is counted",
    ("2014-12-31", 40, "2015-02-25"): "weekends only: New Year's Day is counted",
    ("2020-09-19", 1, "2020-09-22"): "from a Saturday it begins to count on Monday, not on the Saturday",
}


def rows() -> list[tuple[str, int, str]]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return [
            (row["counted_from"], int(row["working_days"]), row["due_on"]) for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(
    ("counted_from", "working_days", "due_on"), [row for row in rows() if row not in COUNTED_OTHERWISE]
)
def test_our_dates_are_those_of_our_peers(counted_from: str, working_days: int, due_on: str) -> None:
    """From 2007 to 2029, the odd holidays included."""
    due = CALENDAR.add_working_days(date.fromisoformat(counted_from), working_days)
    assert due.isoformat() == due_on


def test_no_row_is_passed_over_without_its_reason() -> None:
    """Each of the few that count otherwise is in the file, and is explained by its reason."""
    assert len(rows()) == 101
    assert COUNTED_OTHERWISE.keys() <= set(rows())
    scottish = CALENDAR.united_kingdom.add_working_days(date(2007, 10, 14), 40)
    assert scottish == date(2007, 12, 10)
    for (counted_from, working_days, due_on), reason in COUNTED_OTHERWISE.items():
        if "weekends only" in reason:
            without = CALENDAR.working_days_between(
                date.fromisoformat(counted_from), date.fromisoformat(due_on)
            )
            assert without == working_days - 1
