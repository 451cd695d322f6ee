"""A closure of the office in words: what it would move, and dates as people type them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a correction of the calendar, in one sentence and standard by standard."""

    said: str
    standards: tuple[tuple[str, int, int], ...]


def effect(preview: Mapping[str, Any]) -> Effect:
    """The effect of a correction: "Moves 214 dates; 61 residents will be told; statutory dates stay."."""
    promises, residents = preview["promises"], preview["residents"]
    if not promises:
        said = "No date moves. Statutory dates never do."
    else:
        dates = f"{promises} date{'' if promises == 1 else 's'}"
        told = f"{residents} resident{'' if residents == 1 else 's'}"
        said = f"Moves {dates} by one working day; {told} will be told; statutory dates stay."
    rows = ((each["standard"], each["promises"], each["residents"]) for each in preview["standards"])
    return Effect(said, tuple(rows))


def typed_date(typed: str) -> date | None:
    """The date that a field holds; None where it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
