"""The history of a case in words: what happened, what was noted of it, and who was told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.presenting.cases import Case, named, spoken
from services.board.presenting.times import moment, parsed
from shared.references import normalised

RESIDENT = "resident"
STATUSES_OF_NOTICES: Mapping[str, str] = {
    "pending": "on its way",
    "sent": "sent",
    "failed": "failed",
    "withdrawn": "withdrawn",
}
FORMS = {"email": "email", "letter": "letter", "text": "text message"}
# On the page of a case in other words, or of no use to a person.
NOT_SHOWN = frozenset({"reference", "department", "handler", "channel", "imported", "high_risk"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An entry of the timeline: what happened, when, and what was noted.

    `notice` is the id of one whose words an officer can read.
    """

    title: str
    at: datetime
    when: str
    facts: Sequence[tuple[str, str]] = ()
    is_notice: bool = False
    notice: str = ""


def timeline(
    answer: Mapping[str, Any] | None,
    now: datetime,
    *,
    told_only: bool = False,
    is_own: bool = False,
    cases: Mapping[str, Case] | None = None,
) -> Sequence[Happened]:
    """The history, the newest first; `told_only` shows what was told to the resident alone.

    `is_own`: the resident reads it. `cases` are those that facts name, by their references.
    """
    entries = [
        _happened(entry, now, cases or {}, is_own=is_own)
        for entry in (answer or {}).get("entries", ())
        if _is_shown(entry, told_only)
    ]
    return entries[::-1]


def named_in(answer: Mapping[str, Any] | None) -> Collection[str]:
    """The references of other cases that facts of a timeline name."""
    entries = (answer or {}).get("entries", ())
    texts = (value for entry in entries for value in (entry.get("facts") or {}).values())
    return {text for text in texts if isinstance(text, str) and normalised(text) == text}


def _is_shown(entry: Mapping[str, Any], told_only: bool) -> bool:
    return not told_only or (entry["entry"] == "notice" and entry["notice"]["audience"] == RESIDENT)


def _happened(
    entry: Mapping[str, Any], now: datetime, cases: Mapping[str, Case], *, is_own: bool
) -> Happened:
    at = parsed(entry["at"])
    if entry["entry"] == "notice":
        notice = entry["notice"]
        readable = notice["id"] if notice["words_kept"] else ""
        title = _notice(notice, now, is_own=is_own)
        return Happened(title=title, at=at, when=moment(at, now), is_notice=True, notice=readable)
    facts = entry.get("facts") or {}
    shown = [
        (spoken(name), _fact(value, now, cases)) for name, value in facts.items() if name not in NOT_SHOWN
    ]
    return Happened(
        title=spoken(entry["type"].rpartition(".")[2]),
        at=at,
        when=moment(at, now),
        facts=[(name, value) for name, value in shown if value],
    )


def notice_in_words(notice: Mapping[str, Any], *, is_own: bool = False) -> str:
    """The kind of a notice, to whom it went, and how: "Acknowledgement to the resident by email"."""
    telephone = "duty telephone of the " if notice["to_duty_phone"] else ""
    reader = f"the {telephone}{spoken(notice['audience']).lower()}"
    if is_own and notice["audience"] == RESIDENT:
        reader = "you"
    to = f"{spoken(notice['kind'])} to {reader}"
    return " ".join(filter(None, (to, by_form(notice["form"]))))


def by_form(form: str | None) -> str:
    """The form in which a notice left: "by text message"; empty where it is not known."""
    return f"by {FORMS[form]}" if form in FORMS else ""


def _notice(notice: Mapping[str, Any], now: datetime, *, is_own: bool) -> str:
    status = STATUSES_OF_NOTICES.get(notice["status"], notice["status"])
    if notice["status"] == "sent" and notice["delivered_at"]:
        status = f"delivered {moment(parsed(notice['delivered_at']), now)}"
    why = f": {notice['reason']}" if notice["status"] == "failed" and notice["reason"] else ""
    return f"{notice_in_words(notice, is_own=is_own)}, {status}{why}"


def _fact(value: Any, now: datetime, cases: Mapping[str, Case]) -> str:
    if value is None or value == "" or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(_fact(each, now, cases) for each in value)
    text = str(value)
    if text in cases:
        return ", ".join(dict.fromkeys((named(cases[text]), text)))
    try:
        at = parsed(text) if "T" in text and text[:4].isdecimal() else None
    except ValueError:
        at = None
    return moment(at, now) if at and at.tzinfo else text
