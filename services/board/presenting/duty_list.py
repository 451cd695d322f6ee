"""The duty list: the API's worklist and cases as tables of rows, in the order in which one reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.board.acts.forms import Form
from services.board.acts.tables import next_step, takes
from services.board.presenting.cases import (
    DEPARTMENTS,
    GUARDED,
    HIGH_RISK,
    MOST_FLAGS,
    NOBODY_YET,
    Case,
    InWords,
    in_words,
    spoken,
)
from services.board.presenting.times import TimeLeft, moment, parsed, time_left
from shared.references import prefix_of

Item = Mapping[str, Any]
Counts = Mapping[str, int]
Order = Mapping[str, Sequence[str]]
"""The references of each table, in the order in which they are shown."""


class Show(StrEnum):
    """The parts of the list that one can look at."""

    MINE = "mine"
    TEAM = "team"
    NOBODY = "nobody"
    ALL = "all"
    LATER = "later"


TITLES: Mapping[Show, str] = {
    Show.MINE: "Mine",
    Show.TEAM: "Team",
    Show.NOBODY: "Nobody yet",
    Show.ALL: "All",
    Show.LATER: "Later",
}
FILTERS: Mapping[Show, Mapping[str, str]] = {
    Show.MINE: {"handler": "me"},
    Show.TEAM: {},
    Show.NOBODY: {"unassigned": "true"},
    Show.ALL: {},
    Show.LATER: {"due": "later"},
}
WIDER: Mapping[Show, Show] = {
    Show.MINE: Show.TEAM,
    Show.NOBODY: Show.TEAM,
    Show.TEAM: Show.LATER,
    Show.ALL: Show.LATER,
    Show.LATER: Show.TEAM,
}
DUE_TODAY = ("late", "within_hour", "today")
GROUPS: Mapping[Show, Sequence[str]] = dict.fromkeys(Show, DUE_TODAY) | {
    Show.ALL: (*DUE_TODAY, "later"),
    Show.LATER: ("later",),
}
CAPTIONS = {"late": "Late", "within_hour": "Within the hour", "today": "Later today", "later": "Later"}
IN_A_SENTENCE = {"late": "late", "within_hour": "within the hour", "today": "later today", "later": "later"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case on the list; one whose details gave no answer has only its reference, service and time."""

    reference: str
    time: TimeLeft
    words: InWords
    department: str
    promise: str
    promises: int
    button: str
    act: str
    version: int | None
    takes: bool = False
    is_new: bool = False
    is_guarded: bool = False
    is_missing: bool = False
    dealt_with: str = ""
    untold: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of one group, and how to go on."""

    group: str
    caption: str
    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The whole list at one instant."""

    show: Show
    as_of: datetime
    heading: str
    title: str
    tables: Sequence[Table]
    following: str = ""
    waiting: int = 0

    @property
    def new(self) -> int:
        """The number of rows that are new since the last look."""
        return sum(row.is_new for table in self.tables for row in table.rows)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no row in any table."""
        return not any(table.rows for table in self.tables)

    @property
    def shown(self) -> int:
        """The number of rows."""
        return sum(len(table.rows) for table in self.tables)

    @property
    def total(self) -> int:
        """The number of cases in the groups that are shown, on this page or on others."""
        return sum(table.total for table in self.tables)

    @property
    def order(self) -> Order:
        """The rows as they are shown, by which a refresh keeps them in their places."""
        return {table.group: [row.reference for row in table.rows] for table in self.tables}

    @property
    def late(self) -> Sequence[str]:
        """The references of what is late, of which a refresh says aloud what has become so."""
        return [row.reference for table in self.tables for row in table.rows if row.time.is_late]


def heading(counts: Counts) -> str:
    """The counts in words: "3 late, 2 within the hour, 14 later today"."""
    said = [f"{counts[group]} {IN_A_SENTENCE[group]}" for group in DUE_TODAY if counts[group]]
    return ", ".join(said) or "Nothing is due today"


def title(counts: Counts) -> str:
    """The words of the tab: the most urgent counts first."""
    said = [f"{counts[group]} {IN_A_SENTENCE[group]}" for group in DUE_TODAY[:2] if counts[group]]
    return " – ".join(filter(None, (", ".join(said), "Duty list")))


def row(item: Item, case: Case | None, now: datetime, since: datetime | None = None) -> Row:
    """A row of the worklist with the details of its case."""
    reference, prefix = item["reference"], prefix_of(item["reference"])
    is_guarded = prefix == GUARDED
    words = in_words(case) if case else InWords(reference, "", NOBODY_YET, ())
    step = step_of(case) if case else None
    flags = words.flags if case or is_guarded or not item["high_risk"] else (HIGH_RISK,)
    return Row(
        reference=reference,
        time=time_left(parsed(item["next_deadline"]["due_at"]), now),
        words=InWords(words.what, words.where, words.having, flags[:MOST_FLAGS]),
        department=DEPARTMENTS.get(item["department"] or item["service"], spoken(item["service"])),
        promise="" if is_guarded else item["next_deadline"]["promise"],
        promises=item["promises"],
        button=step.button if step else "Open",
        act=step.act if step else "",
        version=case["version"] if case else None,
        takes=takes(prefix, step),
        is_new=bool(case and since and parsed(case["received_at"]) > since),
        is_guarded=is_guarded,
        is_missing=case is None,
        untold=untold(item["untold"], now) if item["untold"] else "",
    )


def untold(said: Mapping[str, Any], now: datetime) -> str:
    """The words of what nobody of the staff could be told: since when, and by which channels it was tried."""
    return f"Nobody could be told, {moment(parsed(said['since']), now)}: {', '.join(said['tried'])}"


def step_of(case: Case) -> Form | None:
    """The next step of a case, as its row and its page have it.

    A repair is with its firm: one that was handed back is given to another, whoever answers for it.
    """
    having = case["contractor"] if "contractor" in case else in_words(case).having
    prefix, is_with_somebody = prefix_of(case["reference"]), having not in {None, NOBODY_YET}
    return next_step(prefix, case["status"], case["allowed"], is_with_somebody=is_with_somebody)


def tables(
    show: Show, body: Mapping[str, Any], cases: Mapping[str, Case], since: datetime | None
) -> Sequence[Table]:
    """The tables of a fresh look at the list; groups without a case are left out."""
    now, found = parsed(body["as_of"]), []
    for group in GROUPS[show]:
        rows = [
            row(item, cases.get(item["reference"]), now, since)
            for item in body["items"]
            if item["group"] == group
        ]
        if rows:
            total = body["counts"][group]
            caption = f"{CAPTIONS[group]} ({total})"
            found.append(Table(group=group, caption=caption, rows=rows, total=total))
    return found


def tables_in_place(
    order: Order, body: Mapping[str, Any], cases: Mapping[str, Case], since: datetime | None
) -> tuple[Sequence[Table], int]:
    """The tables of a refresh, and the number of rows that wait to be shown.

    Nothing moves under a finger: rows stay where they are and change in place. One that is off the list stays
    too, grey, with what was done; a new one waits.
    """
    now = parsed(body["as_of"])
    items = {item["reference"]: item for item in body["items"]}
    found = []
    for group, references in order.items():
        rows = [
            row(items[reference], cases.get(reference), now, since)
            if reference in items
            else _dealt_with(reference, cases.get(reference), now)
            for reference in references
        ]
        total = body["counts"][group]
        found.append(Table(group=group, caption=f"{CAPTIONS[group]} ({total})", rows=rows, total=total))
    shown = {reference for references in order.values() for reference in references}
    waiting = [item for item in items.values() if item["group"] in order and item["reference"] not in shown]
    return found, len(waiting)


def _dealt_with(reference: str, case: Case | None, now: datetime) -> Row:
    """A row that has left the list since: it is on no longer, or further down than is shown."""
    words = in_words(case) if case else InWords(reference, "", "", ())
    at = parsed(case["updated_at"]) if case else now
    said = f"{spoken(case['status'])}, {moment(at, now)}" if case else "No longer on this list"
    return Row(
        reference=reference,
        time=TimeLeft(at, "", "", is_late=False, is_soon=False),
        words=words,
        department="",
        promise="",
        promises=0,
        button="Open",
        act="",
        version=case["version"] if case else None,
        is_guarded=prefix_of(reference) == GUARDED,
        dealt_with=said,
    )
