"""Notices as whoever was sent them reads them: the letter's subject, when it left, about which case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.presenting.cases import Case, InWords, in_words, spoken
from services.board.presenting.timeline import RESIDENT, by_form, notice_in_words
from services.board.presenting.times import moment, parsed

OF_ANOTHER_DEPARTMENT = " department"
"""The end of an audience that is told of a case which it does not see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice; `shows_case` where its reader can open the case, no `text` where the words are not kept.

    `case` is the case in words, as far as its reader may see it.
    """

    id: str
    title: str
    reference: str
    case: InWords | None
    shows_case: bool
    how: str
    at: datetime
    when: str
    text: str
    language: str
    is_new: bool


def inbox(items: Sequence[Mapping[str, Any]], cases: Mapping[str, Case], now: datetime) -> Sequence[Told]:
    """The notices of a page, as the API has them; `cases` are those that they are about, by reference."""
    return [_told(item, cases.get(item["reference"]), now) for item in items]


def _told(item: Mapping[str, Any], case: Case | None, now: datetime) -> Told:
    at = parsed(item["sent_at"])
    return Told(
        id=item["id"],
        title=item["subject"] or spoken(item["kind"]),
        reference=item["reference"],
        case=in_words(case) if case else None,
        shows_case=not item["audience"].endswith(OF_ANOTHER_DEPARTMENT),
        how=by_form(item["form"]).capitalize() if item["audience"] == RESIDENT else notice_in_words(item),
        at=at,
        when=moment(at, now),
        text=item["text"] or "",
        language=item["language"],
        is_new=item["read_at"] is None,
    )
