"""Updates of a job as a phone keeps them, and as the API takes them; pure functions.

A form on a visit's page and an update in a phone's queue have the same fields, all of them text. The API
judges what they say: what cannot be read here is passed on as it is, and refused there with its pointer.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Fields = Mapping[str, str]
"""The words typed and the values chosen, by the names of the fields."""

TEXTS = ("reference", "type", "occurred_at", "operative", "notes", "way", "outcome")
ANSWERS = ("clean_and_tidy", "identification_shown")
NOT_OURS: Mapping[str, str] = {
    "not_our_trade": "It is another trade",
    "not_in_contract": "It is not in our contract",
    "not_our_area": "It is not in our area",
    "no_capacity": "We cannot come in time",
    "other": "Another reason",
}
"""The reasons for which a firm hands a job back, as the API has them, in its people's words."""

YES = {"yes": True, "no": False}
ANOTHER_TIME = "other"
CARD_LEFT = "card left"


def update_of(fields: Fields) -> dict[str, Any]:
    """The update that the API takes."""
    update: dict[str, Any] = {name: fields[name].strip() for name in TEXTS if fields.get(name, "").strip()}
    update |= {name: YES[fields[name]] for name in ANSWERS if fields.get(name) in YES}
    if fields.get("card_left"):
        update["way"] = ", ".join(filter(None, (update.get("way", ""), CARD_LEFT)))
    if fields.get("type") == "follow_on_needed":
        update["appointment"] = _visit(fields)
    return update


def handback_of(fields: Fields) -> dict[str, str]:
    """The handing back of a job that the API takes."""
    texts = {"reason": "why", "notes": "notes", "occurred_at": "occurred_at"}
    given = {name: fields.get(typed, "").strip() for name, typed in texts.items()}
    return {name: value for name, value in given.items() if value}


def _visit(fields: Fields) -> dict[str, str]:
    """The next visit, agreed on site: in a slot that was offered, or at any other time."""
    slot = fields.get("slot", "")
    if slot and slot != ANOTHER_TIME:
        return {"slot_id": slot}
    on = fields.get("visit_on", "")
    times = {"starts_at": fields.get("visit_from", ""), "ends_at": fields.get("visit_to", "")}
    return {name: _instant(on, at) for name, at in times.items() if on and at}


def _instant(on: str, at: str) -> str:
    try:
        local = datetime.fromisoformat(f"{on}T{at}").replace(tzinfo=LONDON)
    except ValueError:
        return f"{on}T{at}"
    return f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
