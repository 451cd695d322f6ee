"""Recalculate cases' deadlines from their facts, store them, and owe word of what changed by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications import policy
from services.notifications.deadlines import queries
from services.notifications.deadlines.changed_days import ChangedDay, reasons_between
from services.notifications.models import WatchedCase, WatchedDeadline
from services.notifications.notices.owing import stand_down, tell_new_dates, withdraw_breach
from services.notifications.notices.queries import cases
from services.notifications.notices.queries.cases import Key
from services.notifications.notices.rows import messages_of
from services.notifications.policy import Ladder, Rung
from shared.app_state import AppState
from shared.events import STAFF_NOT_TOLD, Event
from shared.standards.calendar import Calendar, OutsideCalendar
from shared.standards.coverage import lacks_promises
from shared.standards.deadlines import Deadline, deadlines, next_deadline
from shared.standards.periods import civil_date
from shared.telemetry import get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)

NONE_OPENED: Mapping[str, list[Event]] = {}
A_FACT = "something new became known about the case"
NEW_STANDARDS = "the council's standards changed"
FROM_THE_FOLD = (
    *("standard", "started_by", "regime", "version", "period"),
    *("started_at", "due_at", "met_at", "cancelled_at", "paused_at", "reopened_at"),
)
OF_ITS_CASE = ("reference", "service", "department", "needs_scope", "team", "kept_from")


@dataclass(frozen=True, slots=True)
class Cause:
    """The days that changed, or the digest of standards that did; neither: a fact of the case."""

    changed_days: Sequence[ChangedDay] = ()
    standards: str | None = None


async def recalculate(
    work: UnitOfWork,
    references: Sequence[str],
    changed_days: Sequence[ChangedDay] = (),
    opened: Mapping[str, list[Event]] = NONE_OPENED,
    standards: str | None = None,
) -> None:
    """Replace the deadlines of these cases, whose rows are locked, by what their facts give now.

    `changed_days` are given when the calendar moved dates, and not a fact of the case. `opened` are cases
    received for the first time, with their whole history: of these nothing needs to be read. `standards` is
    given when they changed: their digest.
    """
    histories, stored, watched = dict(opened), {}, {}
    if older := [reference for reference in references if reference not in opened]:
        histories |= await cases.histories(work, older)
        stored = await cases.stored_deadlines(work, older, for_update=True)
        watched = await cases.cases(work, older)
    rows: list[dict[str, Any]] = []
    lacking: list[str] = []
    for reference in references:
        history, known = histories[reference], stored.get(reference, {})
        case = watched.get(reference) or _opened_case(opened[reference])
        facts = latest_facts(history)
        for name, value in state_of_case(facts).items():
            setattr(case, name, value)
        derived = counted(work.state, reference, history)
        if derived is None:
            continue
        fresh = await _recalculated(work, case, derived, known, Cause(changed_days, standards))
        rows += [row | _handling(facts) for row in fresh]
        case.without_promises = not derived and lacks_promises(history, work.state.catalogue)
        if case.without_promises:
            log.error("a case of a kind that always has promises has none", extra={"reference": reference})
            lacking.append(reference)
    await queries.store_deadlines(work, rows)
    if lacking:  # nobody would be reminded of them
        await queries.mark_without_promises(work, lacking)


async def _recalculated(
    work: UnitOfWork,
    case: WatchedCase,
    derived: Sequence[Deadline],
    known: Mapping[Key, WatchedDeadline],
    cause: Cause,
) -> list[dict[str, Any]]:
    """One case's rows; whoever was told otherwise is owed word of it."""
    following = next_deadline(one for one in derived if not case.imported or _is_of_untold_staff(one))
    fresh = [
        _row(deadline, case, known, cause, work.now) | {"on_worklist": deadline is following}
        for deadline in derived
    ]
    await _take_back(work, derived, fresh, known)
    messages = messages_of(work.state.settings.directory)
    if messages.clocks & {key[0] for key in _newly_settled(fresh, known)}:
        await stand_down(work, messages, case.reference)
    if not case.imported:
        version = f"{case.version}.{work.state.calendar_version}"
        if cause.standards:
            version = f"{version}.{cause.standards[:12]}"
        await tell_new_dates(work, case.reference, version, fresh, known)
    return fresh


def _is_of_untold_staff(deadline: Deadline) -> bool:
    """Tell the task of what nobody of the staff could be told: also about a case that was brought over."""
    return deadline.start.type.endswith(f".{STAFF_NOT_TOLD}")


def _newly_settled(fresh: Iterable[Mapping[str, Any]], known: Mapping[Key, WatchedDeadline]) -> Iterable[Key]:
    """The promises that were open as they were last derived, and are met or taken back now."""
    for row in fresh:
        key = row["standard"], row["started_by"]
        is_open = row["met_at"] is None and row["cancelled_at"] is None
        if key in known and known[key].is_open and not is_open:
            yield key


def counted(
    state: AppState, reference: str, history: Sequence[Event], calendar: Calendar | None = None
) -> list[Deadline] | None:
    """The deadlines that a case's facts give; None, and an alarm, if they lead beyond the calendar.

    The case then keeps those it has, and neither other cases nor what it is told later wait for it. The
    calendar is the one in use unless another is given.
    """
    try:
        return deadlines(history, state.catalogue, calendar or state.calendar)
    except OutsideCalendar as beyond:
        log.error("a case cannot be counted", exc_info=beyond, extra={"reference": reference})
        return None


def _opened_case(events: Sequence[Event]) -> WatchedCase:
    """The case as its row was only just written, which so need not be read; it stays outside the session."""
    latest = events[-1]
    return WatchedCase(reference=latest.reference, service=latest.service, version=latest.sequence)


def latest_facts(events: Iterable[Event]) -> Mapping[str, Any]:
    """The facts of a case, each as its events last said it, whatever order they came in.

    A case that was imported stays so, though something new happens to it, of which that is not true.
    """
    facts: dict[str, Any] = {}
    for event in sorted(events, key=lambda event: event.sequence):
        is_imported = facts.get("imported", False)
        facts |= {name: value for name, value in event.facts.items() if value is not None}
        facts["imported"] = is_imported or facts.get("imported", False)
    return facts


def state_of_case(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a case by its facts."""
    return {
        "department": facts.get("department"),
        "resident": facts.get("resident"),
        "imported": bool(facts.get("imported", False)),
        **{name: facts.get(name) for name in ("needs_scope", "team", "kept_from")},
    }


def _handling(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The officer who deals with a case, and its risk or urgency: what the worklist tells cases apart by."""
    handler = None if facts.get("unassigned") else facts.get("handler")
    return {"handler": handler, "high_risk": bool(facts.get("high_risk") or facts.get("urgent"))}


def _row(
    deadline: Deadline,
    case: WatchedCase,
    known: Mapping[Key, WatchedDeadline],
    cause: Cause,
    now: datetime,
) -> dict[str, Any]:
    previous = known.get((deadline.standard, deadline.started_by))
    rungs = _rungs(deadline)
    ladder = Ladder(rungs, frozenset(previous.rungs_fired if previous else ()))
    moves = list(previous.moves) if previous else []
    if previous is not None and previous.due_at != deadline.due_at:
        ladder = ladder.after_move(previous.due_at, deadline.due_at, now)
        moves.append(_move(deadline, previous.due_at, cause))
    watched = policy.is_watched(
        met=deadline.met_at is not None, cancelled=deadline.cancelled_at is not None, imported=case.imported
    )
    return {
        **{name: getattr(deadline, name) for name in FROM_THE_FOLD},
        **{name: getattr(case, name) for name in OF_ITS_CASE},
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


def _move(deadline: Deadline, previous_due: datetime, cause: Cause) -> dict[str, str]:
    first, last = civil_date(deadline.counted_from), civil_date(max(previous_due, deadline.due_at))
    reasons = reasons_between(cause.changed_days, deadline.row.regime, first, last)
    by_the_case = next((move.reason for move in deadline.moves if move.moved_to == deadline.due_at), None)
    return {
        "from": previous_due.isoformat(),
        "to": deadline.due_at.isoformat(),
        "because": NEW_STANDARDS if cause.standards else " and ".join(reasons) or by_the_case or A_FACT,
    }


async def _take_back(
    work: UnitOfWork,
    derived: Sequence[Deadline],
    fresh: Sequence[dict[str, Any]],
    known: Mapping[Key, WatchedDeadline],
) -> None:
    """Withdraw breaches that late facts undo, and forget deadlines that they show never to have been."""
    for deadline, row in zip(derived, fresh, strict=True):
        previous = known.get((deadline.standard, deadline.started_by))
        if previous is not None and policy.breach_is_undone(previous.rungs_fired, deadline.state(work.now)):
            row["rungs_fired"] = [rung for rung in row["rungs_fired"] if rung != policy.BREACH_RUNG]
            await withdraw_breach(work, previous)
    gone = set(known) - {(deadline.standard, deadline.started_by) for deadline in derived}
    for key in sorted(gone):
        if policy.BREACH_RUNG in known[key].rungs_fired:
            await withdraw_breach(work, known[key])
    if gone:
        await queries.forget_deadlines(work, next(iter(known.values())).reference, gone)
