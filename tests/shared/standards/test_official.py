"""A feed of bank holidays is believed when it can be right, and refused when it says less than is known."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shared.standards.calendar import Calendar, official_holidays
from shared.standards.official import RefusedFeed, changes, read_elsewhere, read_feed

# Two years as GOV.UK has them; the list in use ends with the second.
KNOWN = {
    date(2026, 1, 1): "New Year's Day",
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 4): "Early May bank holiday",
    date(2026, 5, 25): "Spring bank holiday",
    date(2026, 8, 31): "Summer bank holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day bank holiday (substitute day)",
    date(2027, 1, 1): "New Year's Day",
    date(2027, 3, 26): "Good Friday",
    date(2027, 3, 29): "Easter Monday",
    date(2027, 5, 3): "Early May bank holiday",
    date(2027, 5, 31): "Spring bank holiday",
    date(2027, 8, 30): "Summer bank holiday",
    date(2027, 12, 27): "Christmas Day bank holiday (substitute day)",
    date(2027, 12, 28): "Boxing Day bank holiday (substitute day)",
}
CORONATION = date(2026, 5, 8)


def feed(days: Mapping[date, str]) -> dict[str, Any]:
    """A list as GOV.UK publishes it."""
    listed = [{"title": name, "date": day.isoformat(), "notes": ""} for day, name in days.items()]
    return {"england-and-wales": {"division": "england-and-wales", "events": listed}, "scotland": {}}


def without(*days: date) -> dict[date, str]:
    return {day: name for day, name in KNOWN.items() if day not in days}


def year(number: int) -> dict[date, str]:
    return {day: name for day, name in KNOWN.items() if day.year == number}


def test_the_list_in_use_is_believed_again() -> None:
    """A feed that says what is known changes nothing."""
    assert read_feed(feed(KNOWN), KNOWN, until_year=2027) == KNOWN
    assert changes(KNOWN, KNOWN) == {}


@pytest.mark.parametrize("new", [2029, 2032, 2033, 2034])
def test_a_year_that_was_computed_may_become_official(new: int) -> None:
    """Also one with Christmas on a weekend, of which the feed has the substitute days only."""
    known = Calendar.bundled().holidays
    listed = {day: name for day, name in known.items() if day.weekday() < 5}
    grown = {day: name for day, name in listed.items() if 2027 <= day.year <= new}
    assert changes(known, read_feed(feed(grown), known, until_year=2028)) == {}


def test_a_substitute_day_says_that_it_is_one() -> None:
    """GOV.UK marks it in the notes; a reader sees it in the name."""
    document = feed(KNOWN)
    document["england-and-wales"]["events"][7] |= {"title": "Boxing Day", "notes": "Substitute day"}
    assert read_feed(document, KNOWN, until_year=2027) == KNOWN


def test_a_proclaimed_holiday_is_a_change_with_its_reason() -> None:
    """The words follow "because", and name the day and the occasion."""
    fresh = read_feed(feed({**KNOWN, CORONATION: "Coronation"}), KNOWN, until_year=2027)
    assert changes(KNOWN, fresh) == {
        CORONATION: "Friday 8 May 2026 is now a bank holiday (Coronation)",
    }


def test_a_holiday_that_is_moved_is_two_changes() -> None:
    """The early May holiday went to Friday 8 May in 2020: one day dropped, another proclaimed."""
    early_may = date(2026, 5, 4)
    moved = {**without(early_may), CORONATION: "Early May bank holiday"}
    assert changes(KNOWN, read_feed(feed(moved), KNOWN, until_year=2027)) == {
        early_may: "Monday 4 May 2026 is no longer a bank holiday (Early May bank holiday)",
        CORONATION: "Friday 8 May 2026 is now a bank holiday (Early May bank holiday)",
    }


def test_years_gone_by_may_be_forgotten() -> None:
    """The feed drops old years; their holidays stay as they were."""
    fresh = read_feed(feed(year(2027)), KNOWN, until_year=2027)
    assert fresh == year(2027)
    assert changes(KNOWN, fresh) == {}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (None, "no list of bank holidays"),
        ([], "no list of bank holidays"),
        ({"scotland": {"events": []}}, "no list of bank holidays"),
        ({"england-and-wales": []}, "no list of bank holidays"),
        ({"england-and-wales": {"events": [{"title": "Easter"}]}}, "no list of bank holidays"),
        (feed({}) | {"england-and-wales": {"events": None}}, "no list of bank holidays"),
        ({"england-and-wales": {"events": [{"title": 1, "date": "2026-01-01", "notes": ""}]}}, "no list"),
        ({"england-and-wales": {"events": [{"title": "", "date": "soon", "notes": ""}]}}, "no list"),
        (feed({}), "it is empty"),
        (feed({**KNOWN, date(2026, 12, 26): "Boxing Day"}), "on weekends: 2026-12-26"),
        (feed(without(date(2026, 12, 25))), "2026 has 7 bank holidays in it, where 8 were known"),
        (feed(year(2026)), "it ends in 2026, and the list in use in 2027"),
        (feed({**KNOWN, date(2028, 1, 3): "New Year's Day"}), "2028 has 1 bank holidays"),
    ],
)
def test_a_feed_that_cannot_be_right_is_refused(document: Any, reason: str) -> None:
    """Malformed, empty, on a weekend, short of a day or of a year: the reason is said."""
    with pytest.raises(RefusedFeed, match=reason):
        read_feed(document, KNOWN, until_year=2027)


def test_a_holiday_listed_twice_counts_once() -> None:
    """A feed cannot hide a missing day behind one that it names twice."""
    document = feed(without(date(2026, 12, 25)))
    document["england-and-wales"]["events"] *= 2
    with pytest.raises(RefusedFeed, match="2026 has 7"):
        read_feed(document, KNOWN, until_year=2027)


PARTS = ("england-and-wales", "scotland", "northern-ireland")
UNITED_KINGDOM = Calendar.bundled().united_kingdom.holidays


def whole_feed(**changed: Mapping[date, str]) -> dict[str, Any]:
    """All parts as they are bundled, but for those given."""
    given = {part.replace("_", "-"): days for part, days in changed.items()}
    return {part: feed(given.get(part, official_holidays(part)))["england-and-wales"] for part in PARTS}


def test_the_other_parts_are_read_each_with_its_name() -> None:
    """Only their own days, and what is known is believed again."""
    elsewhere = read_elsewhere(whole_feed(), UNITED_KINGDOM, until_year=2028)
    assert elsewhere[date(2026, 11, 30)] == "St Andrew's Day bank holiday in Scotland"
    assert elsewhere[date(2026, 3, 17)] == "St Patrick's Day bank holiday in Northern Ireland"
    assert date(2026, 12, 25) not in elsewhere
    assert changes(UNITED_KINGDOM, {**elsewhere, **official_holidays()}) == {}


@pytest.mark.parametrize("silent", [None, {}, {"events": []}, []])
def test_a_feed_that_is_silent_on_a_part_says_nothing_of_any_other(silent: object) -> None:
    """The days known of Scotland stay, and England's list is not refused for it."""
    document = whole_feed() | {"scotland": silent}
    assert read_elsewhere(document, UNITED_KINGDOM, until_year=2028) == {}
    assert read_feed(document, Calendar.bundled().holidays, until_year=2028)


@pytest.mark.parametrize(
    ("scottish", "reason"),
    [
        ({date(2026, 1, 2): "2nd January"}, r"2012 has \d+ bank holidays in it, where \d+ were known"),
        ({**official_holidays("scotland"), date(2026, 5, 9): "Games"}, "on weekends: 2026-05-09"),
    ],
)
def test_a_part_that_cannot_be_right_is_refused(scottish: Mapping[date, str], reason: str) -> None:
    """Short of days or on a Saturday, as for England."""
    with pytest.raises(RefusedFeed, match=reason):
        read_elsewhere(whole_feed(scotland=scottish), UNITED_KINGDOM, until_year=2028)
