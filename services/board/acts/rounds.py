"""Ticks of a round as a phone or a sheet has them, and as the API takes them; pure functions.

A tick is named by `reference|task|number|part`, as on the round's page. Parts of a site that were cleaned by
one time are one clean: only a clean of all that its kind of site needs keeps the promise.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.board.acts.reading import MOST_DIGITS

PARTS: Mapping[str, str] = {
    "inside": "Inside",
    "outside": "Outside",
    "lifts": "Lifts",
    "lobbies": "Lobbies",
    "landings": "Landings",
}
"""The parts of a site in the order of the sheet, as caretakers say them."""

ALWAYS_SAID = ("inside", "outside")
CLEAN, FOLLOW_UP, ISSUE = "clean", "follow_up", "issue"
TICKED = (CLEAN, FOLLOW_UP, ISSUE)
"""The tasks of a round that a tick ends; an inspection and a clearance need more words."""

KINDS: Mapping[str, str] = {
    "needles": "Needles",
    "offensive_graffiti": "Graffiti that is racist or sexist",
    "graffiti": "Other graffiti",
    "fly_tipping": "Fly tipping",
    "rubbish": "Rubbish",
    "bulky_items": "Bulky items",
    "abandoned_vehicle": "A vehicle that was left",
    "communal_repair": "Something that is broken",
    "welfare_concern": "Somebody may need help",
    "other": "Something else",
}
"""Problems that a caretaker reports, what is dangerous or hateful first."""


def ticks_of(named: Iterable[str], times: Mapping[str, str]) -> Sequence[dict[str, Any]]:
    """The ticks that the API takes; `times` are instants by reference, and under no name for the rest."""
    parts: dict[tuple[str, str, str], set[str]] = {}
    for name in named:
        reference, task, number, part = (*name.split("|"), "", "", "")[:4]
        if task in TICKED:
            parts.setdefault((reference, task, number), set()).add(part)
    return [
        {**_told(task, number, done), "reference": reference, **_at(reference, times)}
        for (reference, task, number), done in parts.items()
    ]


def _told(task: str, number: str, parts: set[str]) -> dict[str, Any]:
    if task == CLEAN:
        return {part: True for part in PARTS if part in parts} | {
            part: False for part in ALWAYS_SAID if part not in parts
        }
    if task == FOLLOW_UP and number.isdecimal() and len(number) <= MOST_DIGITS:
        return {"follow_up": int(number)}
    return {}


def _at(reference: str, times: Mapping[str, str]) -> dict[str, str]:
    at = times.get(reference) or times.get("")
    return {"occurred_at": at} if at else {}


def issue_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The problem that the API takes, from the fields of the form on the round's page."""
    kind = fields.get("kind", "")
    issue: dict[str, Any] = {
        "kind": "graffiti" if kind == "offensive_graffiti" else kind,
        "location": fields.get("location", "").strip(),
        "description": fields.get("description", "").strip() or KINDS.get(kind, ""),
        "channel": "officer",
    }
    if kind == "offensive_graffiti":
        issue["offensive"] = True
    if fields.get("urgent"):
        issue["urgent"] = True
    for name, told in (("site", "site"), ("received_at", "occurred_at")):
        if fields.get(told, "").strip():
            issue[name] = fields[told].strip()
    return issue
