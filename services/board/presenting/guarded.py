"""Facts of a case of anti-social behaviour, for whoever may read it: where it is, of whom, how grave."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.board.presenting.cases import GUARDED, Case, spoken, where
from services.board.presenting.times import day_of, moment, parsed, weekday_date
from shared.references import prefix_of

HOW_OFTEN = {"weekly": "Every week", "ten_working_days": "Every 10 working days"}
COUNCIL = "council"


def facts(case: Case, now: datetime) -> Sequence[tuple[str, str]]:
    """The facts of a guarded case by their names, which its heading leaves out; of others nothing."""
    if prefix_of(case["reference"]) != GUARDED:
        return ()
    behaviour = spoken(case["category"]) + (", as a hate incident" if case["hate_incident"] else "")
    rows = (
        ("Behaviour", behaviour),
        ("Home", where(case) or "None was named"),
        ("Reported by", spoken(case["reporter"])),
        *_complained_of(case.get("alleged_perpetrators") or ()),
        *((f"Incident {each['number']}", _incident(each, now)) for each in case["incidents"]),
        ("Risk", _risk(case.get("risk") or {}, now)),
        ("How often we tell them", HOW_OFTEN.get(case["update_frequency"], "")),
        ("Joined to", case.get("joined_to")),
        ("Joined to this one", ", ".join(case.get("joined") or ())),
    )
    return [(name, str(said)) for name, said in rows if said]


def _complained_of(people: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for number, each in enumerate(people, start=1):
        said = ", ".join(filter(None, (each["name"], each["address"], each["description"])))
        yield (f"Complained of, {number} of {len(people)}" if len(people) > 1 else "Complained of", said)


def _incident(incident: Mapping[str, Any], now: datetime) -> str:
    """An incident with its day, and the body that was told of it where that was another."""
    said = f"{_day(incident['happened_on'], now)}. {incident['description'] or ''}".strip()
    if incident["reported_to"] == COUNCIL:
        return said
    to = spoken(incident["reported_to"]).lower()
    return f"{said} Reported to {to} {_day(incident['reported_on'], now)}."


def _risk(risk: Mapping[str, Any], now: datetime) -> str:
    if not risk.get("score"):
        return "Not assessed yet"
    parts = [f"{spoken(risk['score'])}, assessed {moment(parsed(risk['assessed_at']), now)}"]
    parts += ["to be assessed again"] if risk["to_assess"] else []
    parts += ["a manager is to review it"] if risk["review_due"] else []
    return "; ".join(parts)


def _day(on: str, now: datetime) -> str:
    return weekday_date(date.fromisoformat(on), day_of(now))
