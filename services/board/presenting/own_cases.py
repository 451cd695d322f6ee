"""A resident's own cases in honest words: what was promised, how it stands, and who has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.presenting.cases import GUARDED, WITH_PHOTOS, Case, what, where
from services.board.presenting.times import clock, day_of, due, moment, parsed, relative_day
from shared.references import prefix_of

# What will have happened once a promise is kept; where nothing is said here, the promise itself is said.
OUTCOMES: Mapping[str, str] = {
    "repairs.emergency.made-safe": "Made safe",
    "repairs.asb-damage.made-safe": "Made safe",
    "repairs.priority-1.completed": "Finished",
    "repairs.priority-2.completed": "Finished",
    "repairs.priority-3.completed": "Finished",
    "estates.offensive-graffiti.removal": "Taken off",
    "enquiries.response": "A full answer",
    "enquiries.promised-answer": "An answer",
    "enquiries.email.acknowledgement": "A first word from us",
    "complaints.stage-1.contact": "A first word from us",
    "complaints.stage-1.response": "A full reply",
    "complaints.stage-2.response": "A full reply",
}

# Ended is not mended: each way of ending has its own words.
STANDINGS: Mapping[tuple[str, str], str] = {
    ("REP", "completed"): "Finished.",
    ("REP", "cancelled"): "Called off. Nobody comes for this.",
    ("REP", "made_safe"): "It is safe now. We still have to finish it.",
    ("REP", "follow_on_needed"): "We came. There is more work to do.",
    ("REP", "attended"): "Somebody came.",
    ("REP", "en_route"): "Somebody is on the way.",
    ("EST", "resolved"): "We have dealt with it.",
    ("CMP", "stage_1_responded"): "We have sent you our reply.",
    ("CMP", "stage_2_responded"): "We have sent you our last reply.",
    ("CMP", "service_request"): "We deal with it as a request, not as a complaint.",
    ("CMP", "referred"): "Another team deals with it.",
    ("CMP", "other_body"): "It is not ours. We told you who can help.",
    ("CMP", "refused"): "We will not look into this. We wrote to you why.",
    ("CMP", "put_right"): "We have put it right.",
    ("CMP", "withdrawn"): "You took it back.",
    ("CMP", "with_ombudsman"): "The ombudsman looks into it.",
    ("CMP", "determined"): "The ombudsman has decided.",
    ("ENQ", "answered"): "We have sent you our answer.",
    ("ENQ", "resolved"): "Settled when you asked.",
    ("ENQ", "waiting"): "We wait for what we asked you.",
    ("ENQ", "closed"): "Closed. You can write to us again.",
    ("MTG", "kept"): "It took place.",
    ("MTG", "missed"): "It did not take place.",
    ("MTG", "cancelled"): "Called off.",
    ("CAS", "closed"): "Closed.",
    ("TEN", "visited"): "We have been to see you.",
    ("TEN", "ended"): "Your tenancy has ended.",
}
NOT_FOUND = {"nothing_found": "We looked, and found nothing.", "called_off": "Called off."}
NOBODY = "Nobody has it yet."
RUNNING, LATE = "running", "breached"
MOST_PROMISES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCase:
    """A case as a resident reads it; `visit` is the time that was agreed, if any."""

    reference: str
    what: str
    where: str
    standing: str
    is_late: bool
    promises: Sequence[str]
    visit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo of a case as its resident may see it; `firm` took it, unless they did."""

    id: str
    at: datetime
    firm: str
    is_picture: bool


def photos(attachments: Sequence[Mapping[str, Any]]) -> list[Photo]:
    """The photos among what is kept with a case, in order."""
    return [
        Photo(
            id=each["id"],
            at=parsed(each["uploaded_at"]),
            firm=each["firm"] or "",
            is_picture=each["media_type"].startswith("image/"),
        )
        for each in attachments
        if each["kind"] == "photo"
    ]


def takes_photos(case: Case) -> bool:
    """Tell if photos may be added to such a case."""
    return prefix_of(case["reference"]) in WITH_PHOTOS


def own_case(case: Case, now: datetime) -> OwnCase:
    """A case of `me/cases`, or as it is followed."""
    prefix = prefix_of(case["reference"])
    late = _latest_breach(case)
    return OwnCase(
        reference=case["reference"],
        what=case["reference"] if prefix == GUARDED else what(case),
        where="" if prefix == GUARDED else where(case),
        standing=_late(case, late, now) if late else _standing(case, prefix),
        is_late=late is not None,
        promises=promised(case, now),
        visit=visit_of(case.get("appointment"), now),
    )


def promised(case: Case, now: datetime) -> list[str]:
    """The promises that still run, the nearest first: "Made safe by 12:20pm today"."""
    running = sorted((each for each in case["deadlines"] if each["state"] == RUNNING), key=_due_at)
    return list(dict.fromkeys(_by(each, now) for each in running))[:MOST_PROMISES]


def visit_of(window: Mapping[str, Any] | None, now: datetime) -> str:
    """The window of a visit: "Friday 27 November, 8am to midday"."""
    if not window:
        return ""
    return f"{moment(parsed(window['starts_at']), now)} to {clock(parsed(window['ends_at']))}"


def is_hidden(case: Case) -> bool:
    """Tell if a case stands on no list, for somebody else may read the screen."""
    contact = case.get("contact") or {}
    return prefix_of(case["reference"]) == GUARDED or not contact.get("safe_to_contact", True)


def homes(cases: Sequence[Case]) -> dict[str, str]:
    """The homes of somebody's cases, each as address and postcode, and as one line; of hidden ones none."""
    found = {}
    for case in cases:
        home = case.get("property")
        if home and not is_hidden(case):
            found[f"{home['address']}\n{home['postcode']}"] = f"{home['address']}, {home['postcode']}"
    return found


def nearest_first(cases: Sequence[Case]) -> list[Case]:
    """Late ones first, then by the date that comes next, then what is over."""
    return sorted(cases, key=_place)


def _place(case: Case) -> tuple[int, str]:
    late = _latest_breach(case)
    if late:
        return 0, late["due_at"]
    running = [each["due_at"] for each in case["deadlines"] if each["state"] == RUNNING]
    return (1, min(running)) if running else (2, "")


def _latest_breach(case: Case) -> Mapping[str, Any] | None:
    """The promise that is late longest; what is over is late no more."""
    late = [each for each in case["deadlines"] if each["state"] == LATE]
    return min(late, key=_due_at) if late and case["status"] not in {"completed", "cancelled"} else None


def _late(case: Case, late: Mapping[str, Any], now: datetime) -> str:
    name = case.get("contractor") or (case.get("handler") or {}).get("name")
    having = f"{name} has it now." if name else NOBODY
    return f"Late. We promised {relative_day(day_of(parsed(late['due_at'])), day_of(now))}. {having}"


def _standing(case: Case, prefix: str) -> str:
    if said := NOT_FOUND.get(case.get("resolution") or ""):
        return said
    if said := STANDINGS.get((prefix, case["status"])):
        return said
    name = (case.get("handler") or {}).get("name") or case.get("contractor")
    return f"{name} has it now." if name else "We have it. " + NOBODY


def _by(deadline: Mapping[str, Any], now: datetime) -> str:
    by = due(parsed(deadline["due_at"]), now)
    outcome = OUTCOMES.get(deadline["standard"])
    return f"{outcome} by {by}" if outcome else f"{deadline['promise']} That is by {by}."


def _due_at(deadline: Mapping[str, Any]) -> str:
    return str(deadline["due_at"])
