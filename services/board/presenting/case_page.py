"""The page of a case: what was promised and why, how to reach whom it is about, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.presenting.cases import IN_PAIRS, Case, in_words, spoken
from services.board.presenting.times import clock, due, moment, parsed

STATES: Mapping[str, str] = {
    "running": "In time",
    "met": "Kept",
    "late": "Kept late",
    "breached": "Late",
    "paused": "Paused",
    "cancelled": "Fell away",
}
STILL_TO_BE_KEPT = frozenset({"running", "breached", "paused"})
FOR_STAFF = "internal"
"""The regime of rules for staff, whose dates no resident is told."""

BY_VOICE = "phone"
CHANNELS = {
    "email": "email",
    "letter": "letter",
    "phone": "phone",
    "mobile": "text message",
    "in_person": "in person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise with the reckoning of its date."""

    promise: str
    due: str
    due_at: datetime
    state: str
    is_late: bool
    source: str
    because: str = ""
    moves: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """The ways to reach a person: what must not be done comes first, and contact lies behind it."""

    warning: str
    needs: Sequence[str]
    details: Sequence[tuple[str, str]]
    may_ring: bool


def promises(case: Case, explained: Mapping[str, Any] | None, now: datetime) -> Sequence[Promise]:
    """The promises of a case, explained where the explanation is there."""
    rows = (explained or {}).get("deadlines") or case["deadlines"]
    return [_promise(row, now) for row in rows]


def _promise(row: Mapping[str, Any], now: datetime) -> Promise:
    due_at = parsed(row["due_at"])
    moves = (row.get("working") or {}).get("moved") or ()
    met = f" {moment(parsed(row['met_at']), now)}" if row["met_at"] else ""
    return Promise(
        promise=row["promise"],
        due=due(due_at, now),
        due_at=due_at,
        state=f"{STATES.get(row['state'], spoken(row['state']))}{met}",
        is_late=row["state"] == "breached",
        source=row["source"],
        because=row.get("because", ""),
        moves=[_move(move, row, now) for move in moves],
    )


def _move(move: Mapping[str, Any], row: Mapping[str, Any], now: datetime) -> str:
    """A change of a date: old and new, why, and whether the resident was told."""
    changed = f"Moved from {_due(move['moved_from'], now)} to {_due(move['moved_to'], now)}"
    told = ""
    if move["told_at"]:
        told = f"The resident was told {moment(parsed(move['told_at']), now)}."
    elif row["regime"] != FOR_STAFF and row["state"] in STILL_TO_BE_KEPT:
        told = "The resident was not told yet."
    return " ".join(filter(None, (f"{changed}: {move['because'].rstrip('.')}.", told)))


def _due(instant: str, now: datetime) -> str:
    return due(parsed(instant), now)


def reaching(case: Case) -> Reaching | None:
    """The contact of a case, with what keeps its person safe first; None where it has none."""
    contact = case.get("contact")
    if not contact:
        return None
    channels, times = contact.get("safe_channels"), contact.get("safe_times") or ()
    is_safe = contact.get("safe_to_contact", True)
    may_ring = is_safe and (channels is None or BY_VOICE in channels)
    said = []
    if not is_safe:
        said.append("Do not contact this person.")
    elif not may_ring:
        said.append("Do not ring.")
    if is_safe and channels is not None:
        said.append(f"Only by {' or '.join(CHANNELS.get(each, spoken(each).lower()) for each in channels)}.")
    said += [_safe_time(each) for each in times]
    details = [
        (name, str(contact[key]))
        for name, key in (
            ("Name", "name"),
            ("Telephone", "phone"),
            ("Email", "email"),
            ("Address", "address"),
        )
        if contact.get(key)
    ]
    return Reaching(warning=" ".join(said), needs=_needs(case, contact), details=details, may_ring=may_ring)


def _needs(case: Case, contact: Mapping[str, Any]) -> Sequence[str]:
    """The access needs and risks at a home, for whoever visits; a repair has those of its household."""
    why = case.get("visit_in_pairs_reason") if case.get("visit_in_pairs") else None
    said = (
        (IN_PAIRS, why),
        ("Access needs", case.get("access_needs") or contact.get("access_needs")),
        ("Language", contact.get("language")),
    )
    return [f"{name}: {words}" for name, words in said if words]


def _safe_time(times: Mapping[str, Any]) -> str:
    days = [day.capitalize() for day in times["days"]]
    said = f"{days[0]} to {days[-1]}" if len(days) > 2 else " and ".join(days)
    return f"{said}, {_hour(times['from'])} to {_hour(times['to'])}."


def _hour(typed: str) -> str:
    return clock(datetime.fromisoformat(f"2026-01-01T{typed}:00+00:00"))


PHOTOS = ("photo", "signature")


def photos_in_words(
    attachments: Sequence[Mapping[str, Any]], now: datetime
) -> Sequence[tuple[str, str, bool]]:
    """The photos and signatures of a case: the id of each, what it is, and if a browser can show it."""
    shown = [each for each in attachments if each["kind"] in PHOTOS]
    return [
        (
            each["id"],
            f"{spoken(each['kind'])} {number} of {len(shown)}"
            f"{', from the firm' if each['firm'] else ''}, {moment(parsed(each['uploaded_at']), now)}",
            each["media_type"].startswith("image/"),
        )
        for number, each in enumerate(shown, start=1)
    ]


# The words of whoever reported, by the names that services have for them.
REPORTED = (
    ("Description", "description"),
    ("Subject", "subject"),
    ("Message", "message"),
    ("Comment", "comment"),
    ("Outcome that is sought", "outcome_sought"),
    ("Location", "location"),
)


def reported(case: Case) -> Sequence[tuple[str, str]]:
    """The report, in the words in which it came."""
    rows = [(name, str(case[key])) for name, key in REPORTED if case.get(key)]
    points = [each["text"] for each in case.get("points") or ()]
    return [*rows, *((f"Point {number}", text) for number, text in enumerate(points, start=1))]


def status_line(case: Case, now: datetime) -> str:
    """The next promise in words, and who has the case."""
    words, following = in_words(case), case["next_deadline"]
    if not following:
        return f"{spoken(case['status'])}. Nothing more is promised. With: {words.having}."
    by = due(parsed(following["due_at"]), now)
    return (
        f"{spoken(case['status'])}. Next: {following['promise'].rstrip('.')}, by {by}. With: {words.having}."
    )
