"""A caretaker's round of a day: a card a site in walking order, and what can be ticked on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.board.acts.rounds import CLEAN, FOLLOW_UP, ISSUE, PARTS, TICKED
from services.board.presenting.times import due, parsed

Stop = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be ticked; `name` is the tick's, as `acts.rounds` reads it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """A site, or a problem at a place, with what is to be done there."""

    reference: str
    where: str
    caretaker: str
    is_urgent: bool
    due: str
    rows: Sequence[Row]
    also: Sequence[str]
    """The work to be done here that no tick ends, such as an inspection."""

    @property
    def is_site(self) -> bool:
        """Tell a site from a problem that was reported."""
        return not self.rows or f"|{ISSUE}|" not in self.rows[0].name

    @property
    def parts(self) -> Sequence[Row]:
        """The parts of a clean, which "All of it" ticks."""
        return [row for row in self.rows if f"|{CLEAN}|" in row.name]

    def offers(self, part: str) -> bool:
        """Tell if a part of a clean is to be done here; for the printed sheet."""
        return any(row.name.endswith(f"|{part}") for row in self.parts)


def cards(stops: Sequence[Stop], now: datetime) -> Sequence[Card]:
    """The stops of a round by site, in the order of the API: the urgent first, then in walking order."""
    by_reference: dict[str, list[Stop]] = {}
    for stop in stops:
        by_reference.setdefault(stop["reference"], []).append(stop)
    return [_card(found, now) for found in by_reference.values()]


def _card(stops: Sequence[Stop], now: datetime) -> Card:
    first = stops[0]
    instants = [parsed(stop["due_at"]) for stop in stops if stop["due_at"]]
    return Card(
        reference=first["reference"],
        where=first["where"],
        caretaker=first["caretaker"] or "",
        is_urgent=any(stop["urgent"] for stop in stops),
        due=due(min(instants), now) if instants else "",
        rows=[row for stop in stops for row in _rows(stop)],
        also=[stop["what"] for stop in stops if stop["task"] not in TICKED],
    )


def _rows(stop: Stop) -> Sequence[Row]:
    task, start = stop["task"], f"{stop['reference']}|{stop['task']}|{stop['number'] or ''}|"
    if task == CLEAN:
        offered = {*stop["parts"], *(["landings"] if stop["landing"] is not None else [])}
        return [Row(start + part, _part(part, stop)) for part in PARTS if part in offered]
    if task == FOLLOW_UP:
        return [Row(start, f"Put right: {stop['what']}")]
    if task == ISSUE:
        return [Row(start, f"Dealt with: {stop['what']}")]
    return []


def _part(part: str, stop: Stop) -> str:
    return f"Landing {stop['landing']}" if part == "landings" else PARTS[part]


def heading(on: date, today: date) -> str:
    """The day of a round: "Today's round, Thursday 26 November"."""
    named = {0: "Today's round", 1: "Tomorrow's round"}.get((on - today).days, "Round")
    return f"{named}, {on:%A} {on.day} {on:%B}"
