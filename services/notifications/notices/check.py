"""Check every message at start-up: each is rendered as it may come to be said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from services.notifications.notices.rows import BadMessage, Message, Messages
from services.notifications.notices.wording import Outcome, Promise, lines
from services.notifications.policy import OUTSIDE, RESIDENT, STAFF, Kind
from shared.cases.schemas import CaseSummary
from shared.standards.catalogue import Catalogue, ContactPoint
from shared.standards.vocabulary import FactKind, UnknownWord, Vocabulary

NOON = datetime(2025, 12, 5, 12, tzinfo=UTC)
SAMPLES: Mapping[Any, Any] = {
    "text": "words",
    "texts": ["words"],
    "number": 1,
    "yes or no": True,
    "date": NOON.isoformat(),
}
TWO = [
    Promise(f"standard-{number}", number, "We will do it.", "A document", NOON + timedelta(hours=number))
    for number in (1, 2)
]
KEPT = [
    replace(promise, told_before=NOON, outcome=outcome, outcome_at=NOON)
    for promise, outcome in product(TWO, Outcome)
]
NEVER_MADE = [replace(promise, outcome=Outcome.NEVER_MADE) for promise in TWO]
CASE = CaseSummary(
    what="Words",
    where="1 High Street",
    danger="Something",
    emergency=True,
    visit_to_choose=True,
    vulnerable=True,
    contractor="A firm",
    turn="Somebody's",
)
REACH = ContactPoint(
    services=(),
    in_force_from=NOON.date(),
    web="www",
    free_phone="1",
    phone="2",
    text_phone="3",
    emergencies=True,
)
COMMON: Mapping[str, Any] = {
    **{"reference": "REP-7K3M-Q9TX", "handler": "somebody", "council": "the council"},
    **{"occurred_at": NOON, "case": CaseSummary(), "reach": None, "access_needs": None, "language": None},
    "is_guarded": False,
    "due": None,
    "is_emailed": False,
}
ALL_KNOWN = {
    **COMMON,
    "is_guarded": True,
    "case": CASE,
    "reach": REACH,
    "access_needs": "words",
    "language": "Polish",
    "due": "noon",
    "is_emailed": True,
}
FOR_RESIDENTS_ONLY = frozenset({Kind.NEW_DATES})
FRAMES = ("resident", "text", "unsafe", "call", "copy")
FOR_STAFF = ("staff", "duty")
FOR_STAFF_ONLY = frozenset({Kind.STAND_DOWN})


def check(messages: Messages, catalogue: Catalogue) -> None:
    """Render every row with all facts, with only those it needs, and with two promises; raises BadMessage.

    It also checks that every audience that a ladder may tell is told of every rung in some words, and that
    every right is given by a promise that there is, and every clock such a promise's.
    """
    for row in messages.rows:
        try:
            _render(messages, row, catalogue.vocabulary)
        except Exception as wrong:  # whatever a template may raise: nobody waits for its letter yet
            raise BadMessage(messages.files[row.position], str(row), wrong) from wrong
    for kind, audience in product(Kind, (RESIDENT, *STAFF)):
        if kind not in (FOR_STAFF_ONLY if audience == RESIDENT else FOR_RESIDENTS_ONLY):
            try:
                messages.about_deadline(kind, audience)
            except LookupError as wrong:
                raise BadMessage("all files", f"{kind} to {audience}", wrong) from wrong
    for standard in (messages.rights.keys() | messages.clocks) - {row.id for row in catalogue.standards}:
        raise BadMessage("all files", f"a right or clock of {standard}", "there is no such standard")


def _render(messages: Messages, row: Message, vocabulary: Vocabulary) -> None:
    if row.kept_by_owner == bool(row.subject and row.paragraph):
        raise ValueError("a message has a subject and a paragraph, or its letter is kept by its owner")
    if row.of_imported and not OUTSIDE.isdisjoint(row.audiences):
        raise ValueError("nobody outside is written to about a case that was brought over")
    frames = FOR_STAFF if OUTSIDE.isdisjoint(row.audiences) else FRAMES
    for context, language in product(_contexts(row, vocabulary), messages.languages_of(row)):
        subject, text = messages.said(row, language).subject, messages.paragraph(row, context, language)
        for frame in frames:
            messages.framed(frame, {**context, "subject": subject, "paragraphs": text}, language)


def _contexts(row: Message, vocabulary: Vocabulary) -> Iterator[Mapping[str, Any]]:
    two = {**ALL_KNOWN, **_about(TWO), "reasons": (), "rights": (), "stands_for": ()}
    if row.is_about_a_deadline:
        yield two
        yield {**two, **COMMON, "reasons": ["why"], "rights": ["may"], "stands_for": ["reminder"]}
        yield from ({**two, **_about(promises)} for promises in (KEPT, NEVER_MADE))
        return
    if not row.kind:
        raise UnknownWord("a message about an event has a kind")
    facts = vocabulary.facts_of(row.on)
    for fact, allowed in row.when.items():
        for value in allowed:
            vocabulary.check_value(row.on, fact, value)
    for fact in row.needs:
        vocabulary.check_fact(row.on, fact)
    for values in said(facts):
        yield {**(two if row.tells_dates else ALL_KNOWN), "facts": values}
        needed = {**dict.fromkeys(facts), **{fact: values[fact] for fact in row.needs}}
        yield {**COMMON, **(_about([]) if row.tells_dates else {}), "facts": needed}


def _about(promises: Sequence[Promise]) -> dict[str, Any]:
    return {"promises": promises, "lines": lines(promises, NOON)}


def said(facts: Mapping[str, FactKind]) -> Iterator[dict[str, Any]]:
    """Facts of which every closed value comes up: of each list the first, then the second and so on."""
    closed = [kind for kind in facts.values() if isinstance(kind, tuple)]
    for turn in range(max(map(len, closed), default=1)):
        yield {
            fact: kind[turn % len(kind)] if isinstance(kind, tuple) else SAMPLES[kind]
            for fact, kind in facts.items()
        }
