"""Derives cases' deadlines from their facts, stores them, and owes word of what changed by it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import indicators, policy, queries, storing
from services.notifications.models import WatchedCase, WatchedDeadline
from services.notifications.owing import tell_new_dates, withdraw_breach
from services.notifications.policy import Ladder, Rung
from services.notifications.queries import Key
from shared.app_state import AppState
from shared.events import Event
from shared.standards.calendar import ENGLAND_AND_WALES, CalendarName, OutsideCalendar
from shared.standards.coverage import lacks_promises
from shared.standards.deadlines import Deadline, deadlines
from shared.standards.periods import civil_date
from shared.standards.rows import Regime
from shared.telemetry import get_logger

log = get_logger(__name__)

NONE_OPENED: Mapping[str, list[Event]] = {}
A_FACT = "something new became known about the case"


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that counts otherwise than before, and why, in words that follow "because".

    `calendar` is the one that it changes: a holiday in Scotland moves no date counted on ours.
    """

    day: date
    words: str
    calendar: CalendarName = ENGLAND_AND_WALES

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "ChangedDay":
        """Read the form in which it is stored with the change of calendar."""
        return cls(date.fromisoformat(row["date"]), row["words"], row.get("calendar", ENGLAND_AND_WALES))

    def to_row(self) -> dict[str, str]:
        """The form it is stored in; most days need not say whose they are."""
        row = {"date": self.day.isoformat(), "words": self.words}
        return row if self.calendar == ENGLAND_AND_WALES else row | {"calendar": self.calendar}

    def counts_for(self, regime: Regime) -> bool:
        """Tell a regime whose dates may move by it."""
        return self.calendar in (ENGLAND_AND_WALES, regime.calendar)


@dataclass(slots=True)
class OpenedCase:
    """The state of a case whose row was only just written, and so need not be read."""

    reference: str
    service: str
    version: int
    department: str | None = None
    resident: str | None = None
    imported: bool = False
    without_promises: bool = False


async def derive(
    resources: AppState,
    session: AsyncSession,
    references: Sequence[str],
    changed_days: Sequence[ChangedDay] = (),
    opened: Mapping[str, list[Event]] = NONE_OPENED,
) -> None:
    """Replace the deadlines of these cases, whose rows are locked, by what their facts give now.

    `changed_days` are given when the calendar moved dates, and not a fact of the case. `opened` are cases
    heard of for the first time, with their whole history: of these nothing needs to be read.
    """
    now = resources.clock()
    histories, stored, cases = dict(opened), {}, {}
    if older := [reference for reference in references if reference not in opened]:
        histories |= await queries.histories(session, older)
        stored = await queries.stored_deadlines(session, older, for_update=True)
        cases = await queries.cases(session, older)
    rows: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    lacking: list[str] = []
    for reference in references:
        known = stored.get(reference, {})
        case = cases.get(reference) or _opened_case(opened[reference])
        for name, value in said_of_the_case(histories[reference]).items():
            setattr(case, name, value)
        derived = counted(resources, reference, histories[reference])
        if derived is None:
            continue
        fresh = [_row(deadline, case, known, changed_days, now) for deadline in derived]
        await _take_back(session, derived, fresh, known, now)
        if not case.imported:
            version = f"{case.version}.{resources.calendar_version}"
            await tell_new_dates(session, fresh, known, reference, version, now)
        case.without_promises = not derived and lacks_promises(histories[reference], resources.catalogue)
        if case.without_promises:
            lacking.append(reference)
        rows += fresh
        verdicts += _verdicts(reference, histories[reference])
    await storing.store_deadlines(session, rows)
    await storing.store_verdicts(session, verdicts)
    await _alarm(session, lacking)


async def _alarm(session: AsyncSession, lacking: Collection[str]) -> None:
    """Mark the cases that should have promises and have none: nobody would be reminded of them."""
    if not lacking:
        return
    for reference in lacking:
        log.error("a case of a kind that always has promises has none", extra={"reference": reference})
    cases = update(WatchedCase).where(WatchedCase.reference.in_(lacking))
    await session.execute(cases.values(without_promises=True))


def counted(resources: AppState, reference: str, history: Sequence[Event]) -> list[Deadline] | None:
    """The deadlines that a case's facts give; None, and an alarm, if they lead beyond the calendar.

    The case then keeps those it has, and neither other cases nor what it is told later wait for it.
    """
    try:
        return deadlines(history, resources.catalogue, resources.calendar)
    except OutsideCalendar as beyond:
        log.error("a case cannot be counted", exc_info=beyond, extra={"reference": reference})
        return None


def _verdicts(reference: str, history: Sequence[Event]) -> list[dict[str, Any]]:
    return [
        {"reference": reference, "indicator": indicator.id, "at": verdict.at, "kept": verdict.kept}
        for indicator, verdict in indicators.verdicts(history)
    ]


def _opened_case(events: Sequence[Event]) -> OpenedCase:
    latest = events[-1]
    return OpenedCase(latest.reference, latest.service, latest.sequence)


def said_of_the_case(events: Iterable[Event]) -> dict[str, Any]:
    """Derive the state of a case from its events; later ones win, whatever order they came in."""
    facts: dict[str, Any] = {}
    for event in sorted(events, key=lambda event: event.sequence):
        facts |= {name: value for name, value in event.facts.items() if value is not None}
    return {
        "department": facts.get("department"),
        "resident": facts.get("resident"),
        "imported": bool(facts.get("imported", False)),
    }


def _row(
    deadline: Deadline,
    case: WatchedCase | OpenedCase,
    known: dict[Key, WatchedDeadline],
    changed_days: Sequence[ChangedDay],
    now: datetime,
) -> dict[str, Any]:
    previous = known.get((deadline.standard, deadline.started_by))
    rungs = _rungs(deadline)
    ladder = Ladder(rungs, frozenset(previous.rungs_fired if previous else ()))
    moves = list(previous.moves) if previous else []
    if previous is not None and previous.due_at != deadline.due_at:
        ladder = ladder.after_move(previous.due_at, deadline.due_at, now)
        moves.append(_move(deadline, previous.due_at, changed_days))
    watched = policy.is_watched(
        met=deadline.met_at is not None, cancelled=deadline.cancelled_at is not None, imported=case.imported
    )
    return {
        "reference": case.reference,
        "standard": deadline.standard,
        "started_by": deadline.started_by,
        "regime": deadline.regime,
        "service": case.service,
        "department": case.department,
        "version": deadline.version,
        "started_at": deadline.started_at,
        "due_at": deadline.due_at,
        "met_at": deadline.met_at,
        "cancelled_at": deadline.cancelled_at,
        "rungs": [rung.to_row() for rung in rungs],
        "rungs_fired": sorted(ladder.fired),
        "next_rung_at": ladder.next_at() if watched else None,
        "moves": moves,
    }


def _rungs(deadline: Deadline) -> tuple[Rung, ...]:
    """The steps in order; none if one would be on a day that no calendar knows, as before a case of 1990."""
    try:
        planned = sorted(deadline.rungs, key=lambda rung: rung.at)
    except OutsideCalendar as beyond:
        log.warning(
            "a ladder cannot be counted", exc_info=beyond, extra={"reference": deadline.start.reference}
        )
        return ()
    return tuple(Rung(rung.name, rung.at, rung.tell) for rung in planned)


def _move(deadline: Deadline, previous_due: datetime, changed_days: Sequence[ChangedDay]) -> dict[str, str]:
    first, last = civil_date(deadline.counted_from), civil_date(max(previous_due, deadline.due_at))
    reasons = [
        changed.words
        for changed in changed_days
        if first < changed.day <= last and changed.counts_for(deadline.row.regime)
    ]
    by_the_case = deadline.moves[-1].reason if deadline.moves else None
    return {
        "from": previous_due.isoformat(),
        "to": deadline.due_at.isoformat(),
        "because": " and ".join(reasons) or by_the_case or A_FACT,
    }


async def _take_back(
    session: AsyncSession,
    derived: Sequence[Deadline],
    fresh: Sequence[dict[str, Any]],
    known: dict[Key, WatchedDeadline],
    now: datetime,
) -> None:
    """Withdraw breaches that late facts undo, and forget deadlines that they show never to have been."""
    for deadline, row in zip(derived, fresh, strict=True):
        previous = known.get((deadline.standard, deadline.started_by))
        if previous is not None and policy.breach_is_undone(previous.rungs_fired, deadline.state(now)):
            row["rungs_fired"] = [rung for rung in row["rungs_fired"] if rung != policy.BREACH_RUNG]
            await withdraw_breach(session, previous, now)
    gone = set(known) - {(deadline.standard, deadline.started_by) for deadline in derived}
    for key in sorted(gone):
        if policy.BREACH_RUNG in known[key].rungs_fired:
            await withdraw_breach(session, known[key], now)
    if gone:
        row_key = tuple_(WatchedDeadline.standard, WatchedDeadline.started_by)
        reference = next(iter(known.values())).reference
        await session.execute(
            delete(WatchedDeadline).where(WatchedDeadline.reference == reference, row_key.in_(gone))
        )
