"""The reason of a move names the days that caused it, and no other."""

from dataclasses import replace
from datetime import date

import pytest

from services.notifications.deadlines.changed_days import ChangedDay, reasons_between
from shared.standards.calendar import UNITED_KINGDOM
from shared.standards.catalogue import Catalogue
from shared.standards.rows import Regime

# Thursday and Wednesday before Christmas 2026, of a promise that runs from Tuesday to Tuesday.
PARTY = ChangedDay(day=date(2026, 12, 24), words="party", closure=True)
NO_PARTY = replace(PARTY, words="no party", worked=False, works=True)
RENAMED = replace(PARTY, words="training", worked=False)
FUNERAL = ChangedDay(day=date(2026, 12, 23), words="funeral", closure=True)
CORONATION = ChangedDay(day=date(2026, 12, 23), words="coronation")
OF_SCOTLAND = replace(CORONATION, words="Scottish holiday", calendar=UNITED_KINGDOM)
OUTSIDE = replace(FUNERAL, day=date(2026, 12, 30), words="later")


def regime(name: str) -> Regime:
    return next(each for each in Catalogue.bundled().regimes if each.name == name)


@pytest.mark.parametrize(
    ("counted_by", "changes", "named"),
    [
        ("havering", [PARTY, FUNERAL], ["party", "funeral"]),
        ("havering", [PARTY, OUTSIDE], ["party"]),
        ("havering", [PARTY, NO_PARTY, FUNERAL], ["funeral"]),
        ("havering", [PARTY, NO_PARTY], ["no party"]),
        ("havering", [NO_PARTY, PARTY, FUNERAL], ["funeral"]),
        ("havering", [PARTY, NO_PARTY, PARTY], ["party"]),
        ("havering", [PARTY, RENAMED], ["training"]),
        ("havering", [RENAMED, FUNERAL], ["funeral"]),
        ("havering", [CORONATION, OF_SCOTLAND], ["coronation"]),
        ("right_to_repair", [PARTY, CORONATION], ["coronation"]),
        ("right_to_repair", [PARTY], []),
        ("information_rights", [OF_SCOTLAND, PARTY], ["Scottish holiday"]),
    ],
)
def test_only_the_days_that_caused_the_move_are_named(
    counted_by: str, changes: list[ChangedDay], named: list[str]
) -> None:
    """A day changed and changed back is named only to whoever was promised something in between."""
    reasons = reasons_between(changes, regime(counted_by), date(2026, 12, 22), date(2026, 12, 29))
    assert reasons == named


@pytest.mark.parametrize("day", [PARTY, NO_PARTY, OF_SCOTLAND])
def test_a_day_is_read_as_it_was_stored(day: ChangedDay) -> None:
    """With all that it says."""
    assert ChangedDay.of_row(day.to_row()) == day


def test_a_day_stored_before_it_said_all_of_this_is_read() -> None:
    """A change that waits to be planned while a new version is put in place is not lost."""
    assert ChangedDay.of_row({"date": "2026-12-23", "words": "coronation"}) == CORONATION
