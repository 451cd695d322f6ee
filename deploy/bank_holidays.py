"""Writes the bank holidays that ship with the product: `python -m deploy.bank_holidays`, as `make docs` does.

What is official is the copy of GOV.UK's list in `govuk-bank-holidays`, every other year is of `holidays`.
"""

import json
from collections.abc import Mapping
from datetime import date

from govuk_bank_holidays.bank_holidays import BankHolidays
from holidays import country_holidays

from shared.standards.bank_holidays import COMPUTED, FILE, OFFICIAL
from shared.standards.calendar import ENGLAND_AND_WALES, FIRST_YEAR, LAST_YEAR, official_name

SUBDIVISIONS = {ENGLAND_AND_WALES: "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
"""The divisions of GOV.UK's list, each with the name by which `holidays` knows it."""

SATURDAY = 5


def official(division: str) -> dict[date, str]:
    """GOV.UK's bank holidays of one division."""
    # Without the flag the constructor asks the network, for up to ten seconds.
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division)
    return {day["date"]: official_name(day["title"], day["notes"]) for day in listed}


def computed(division: str, covered: set[int]) -> dict[date, str]:
    """The bank holidays of one division in every year that the official list does not cover.

    The official list has only days off work: counting Christmas on a Saturday as well as its substitute, a
    computed year would have more holidays than the official one, and the feed be refused as shrunk.
    """
    years = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if year not in covered]
    found = country_holidays("GB", subdiv=SUBDIVISIONS[division], years=years, expand=False)
    return {
        day: name.replace(" (observed)", " bank holiday (substitute day)")
        for day, name in found.items()
        if day.weekday() < SATURDAY
    }


def render() -> str:
    """The file, a day a line."""
    divisions = {}
    for division in SUBDIVISIONS:
        listed = official(division)
        others = computed(division, {day.year for day in listed})
        divisions[division] = {OFFICIAL: _by_day(listed), COMPUTED: _by_day(others)}
    return json.dumps(divisions, indent=1, ensure_ascii=False) + "\n"


def _by_day(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): name for day, name in sorted(days.items())}


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
