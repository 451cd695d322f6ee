"""Reads GOV.UK's feed of bank holidays, and refuses one that cannot be right."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.standards.calendar import ELSEWHERE, ENGLAND_AND_WALES, holidays_elsewhere, official_name
from shared.standards.periods import day_in_words

FEWEST_A_YEAR = 8
WEEKEND = 5


class RefusedFeed(ValueError):
    """A feed that is malformed, or says less than is known already; the list in use stays."""


def read_feed(document: Any, known: Mapping[date, str], until_year: int) -> dict[date, str]:
    """The bank holidays of England and Wales in a feed's JSON; raises RefusedFeed.

    `known` are the holidays in use, which an official list gave up to `until_year`. The feed forgets years
    gone by, but it may not end before that year, nor may a year have fewer holidays than were known.
    """
    fresh = _listed(document, ENGLAND_AND_WALES)
    _check(fresh, known, until_year)
    return fresh


def read_elsewhere(document: Any, known: Mapping[date, str], until_year: int) -> dict[date, str]:
    """The bank holidays in a feed's JSON that only Scotland or Northern Ireland has; raises RefusedFeed.

    `known` are those in use of any part of the United Kingdom. Empty if the feed is silent on one of them:
    what is in use then stays, rather than the list of England and Wales be refused with it.
    """
    if not all(isinstance(document.get(part), dict) and document[part].get("events") for part in ELSEWHERE):
        return {}
    own = _listed(document, ENGLAND_AND_WALES)
    elsewhere = holidays_elsewhere({part: _listed(document, part) for part in ELSEWHERE}, own)
    _check({**elsewhere, **own}, known, until_year)
    return elsewhere


def _listed(document: Any, division: str) -> dict[date, str]:
    try:
        listed = document[division]["events"]
        return {date.fromisoformat(day["date"]): official_name(day["title"], day["notes"]) for day in listed}
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise RefusedFeed(f"it is no list of bank holidays ({type(wrong).__name__}: {wrong})") from wrong


def _check(fresh: Mapping[date, str], known: Mapping[date, str], until_year: int) -> None:
    if not fresh:
        raise RefusedFeed("it is empty")
    on_weekends = [day.isoformat() for day in fresh if day.weekday() >= WEEKEND]
    if on_weekends:
        raise RefusedFeed(f"it has bank holidays on weekends: {', '.join(on_weekends)}")
    if max(fresh).year < until_year:
        raise RefusedFeed(f"it ends in {max(fresh).year}, and the list in use in {until_year}")
    before, after = Counter(day.year for day in known), Counter(day.year for day in fresh)
    for year, count in sorted(after.items()):
        fewest = max(FEWEST_A_YEAR, before[year])
        if count < fewest:
            raise RefusedFeed(f"{year} has {count} bank holidays in it, where {fewest} were known")


def changes(known: Mapping[date, str], fresh: Mapping[date, str]) -> dict[date, str]:
    """The days that a fresh list makes count otherwise, with the words that follow "because"."""
    years = {day.year for day in fresh}
    proclaimed = {
        day: f"{day_in_words(day)} is now a bank holiday ({name})"
        for day, name in fresh.items()
        if day not in known
    }
    dropped = {
        day: f"{day_in_words(day)} is no longer a bank holiday ({name})"
        for day, name in known.items()
        if day.year in years and day not in fresh
    }
    return dict(sorted({**proclaimed, **dropped}.items()))
