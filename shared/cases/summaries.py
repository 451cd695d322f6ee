"""Summaries: a case in a few plain words, fit for a list and for whoever may see the case at all."""

from datetime import datetime
from typing import Protocol

from shared.standards.periods import civil_date


class Summed(Protocol):
    """The part of a case that its summary tells, besides what it is."""

    status: str
    received_at: datetime


def in_words(what: str, case: Summed) -> str:
    """A case in words: its matter, since when we have it, where it stands; `what` names nobody."""
    day = civil_date(case.received_at)
    return f"{what}. With us since {day.day} {day:%B %Y}. It is now: {plainly(case.status).lower()}."


def plainly(value: str) -> str:
    """A closed value as words, such as "Badly parked vehicle"."""
    return value.replace("_", " ").replace("-", " ").capitalize()
