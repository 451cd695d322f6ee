"""A change of the calendar moves what is open; what was settled before keeps the date it had."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from shared.events import Event
from shared.standards.calendar import Calendar
from shared.standards.deadlines import deadlines
from tests.shared.standards.histories import CALENDAR, CATALOGUE, Happening, fold, history, london, only, told
from tests.shared.standards.strategies import histories, thorough

REPORT: Happening = ("repairs.repair-reported", "Tuesday 2026-12-22 10:00", {"priority": 2})
DONE: Happening = ("repairs.repair-completed", "Wednesday 2026-12-23 10:00")
CALLED_OFF: Happening = ("repairs.repair-cancelled", "Wednesday 2026-12-23 10:00")
OURS = "repairs.priority-2.completed"
CHRISTMAS_EVE = date(2026, 12, 24)
BEFORE, AFTER = "Wednesday 2026-12-23 09:00", "Wednesday 2026-12-23 11:00"
DUE, DUE_WITH_CLOSURE = "Tuesday 2026-12-29 23:59:59", "Wednesday 2026-12-30 23:59:59"


def closed(at: str | datetime, *days: date, before: Calendar = CALENDAR) -> Calendar:
    """The calendar with these days closed, from that instant on."""
    newer = before.with_closures({**before.closures, **dict.fromkeys(days, "party")})
    at = london(at) if isinstance(at, str) else at
    return newer.with_changes([*before.changes, *before.changes_to(newer, at)])


@pytest.mark.parametrize("end", [DONE, CALLED_OFF], ids=["kept", "called off"])
@pytest.mark.parametrize(
    ("entered", "due"), [(BEFORE, DUE_WITH_CLOSURE), (AFTER, DUE)], ids=["before", "after"]
)
def test_a_closure_moves_only_what_was_open(end: Happening, entered: str, due: str) -> None:
    """A promise keeps its date only if it ended before the closure was entered; the explanation agrees."""
    promise = only(fold(REPORT, end, calendar=closed(entered, CHRISTMAS_EVE)), OURS)
    assert told(promise.due_at) == due
    assert ("council closure: party" in promise.because) is (entered == BEFORE)
    assert (CHRISTMAS_EVE in {day.date for day in promise.working.skipped}) is (entered == BEFORE)


def test_what_is_open_moves() -> None:
    """Whenever the closure was entered."""
    assert told(only(fold(REPORT, calendar=closed(AFTER, CHRISTMAS_EVE)), OURS).due_at) == DUE_WITH_CLOSURE


def test_late_stays_late() -> None:
    """A closure entered after the fact would else turn a promise broken on its day into one that was kept."""
    late: Happening = ("repairs.repair-completed", "Wednesday 2026-12-30 09:00")
    for calendar in (CALENDAR, closed("Wednesday 2026-12-30 10:00", CHRISTMAS_EVE)):
        promise = only(fold(REPORT, late, calendar=calendar), OURS)
        assert (told(promise.due_at), promise.state(london("Thursday 2026-12-31 10:00"))) == (DUE, "late")


def test_a_withdrawn_closure_moves_only_what_is_open_too() -> None:
    """Settled while the day was closed, the date stays; each change is undone in its turn."""
    entered = closed(BEFORE, CHRISTMAS_EVE)
    reopened = entered.with_closures({})
    withdrawn = reopened.with_changes([*entered.changes, *entered.changes_to(reopened, london(AFTER))])
    assert told(only(fold(REPORT, DONE, calendar=withdrawn), OURS).due_at) == DUE_WITH_CLOSURE
    assert told(only(fold(REPORT, calendar=withdrawn), OURS).due_at) == DUE


def test_the_day_it_became_known_decides() -> None:
    """Done before the closure was entered, and told after it: until then the later date was told."""
    report, done = history(REPORT, DONE)
    calendar = closed(AFTER, CHRISTMAS_EVE)

    def due_when_recorded(at: str) -> str:
        found = deadlines([report, replace(done, recorded_at=london(at))], CATALOGUE, calendar)
        return told(only(found, OURS).due_at)

    assert due_when_recorded("Wednesday 2026-12-23 18:00") == DUE_WITH_CLOSURE
    assert due_when_recorded("Wednesday 2026-12-23 10:30") == DUE


def test_the_law_knows_no_closure_before_and_after() -> None:
    """Statutory dates are the same on every calendar of ours."""
    tap: Happening = (REPORT[0], REPORT[1], {"priority": 2, "fault": "tap-not-turning"})
    promise = only(fold(tap, DONE, calendar=closed(AFTER, CHRISTMAS_EVE)), "repairs.right-to-repair")
    assert told(promise.due_at) == DUE


DAYS = st.lists(st.dates(date(2025, 12, 1), date(2026, 6, 30)), min_size=1, max_size=3)


@thorough
@given(histories(), DAYS)
def test_no_closure_re_dates_what_was_settled_before(events: list[Event], days: list[date]) -> None:
    """A promise settled by now keeps its date in any case, whatever is closed from now on."""
    now = max(event.recorded_at for event in events)
    calendar = closed(now + timedelta(seconds=1), *(day for day in days if CALENDAR.is_working(day)))
    newer = {(row.standard, row.started_by): row for row in deadlines(events, CATALOGUE, calendar)}
    for promise in deadlines(events, CATALOGUE, CALENDAR):
        same = newer[promise.standard, promise.started_by]
        assert (same.met, same.cancelled) == (promise.met, promise.cancelled)
        if not promise.open:
            assert (same.due_at, same.because) == (promise.due_at, promise.because)


@thorough
@given(histories(), DAYS)
def test_a_calendar_without_changes_after_is_as_it_was(events: list[Event], days: list[date]) -> None:
    """Closures entered before the case began move every promise alike, settled or not."""
    began = min(event.recorded_at for event in events)
    off = [day for day in days if CALENDAR.is_working(day)]
    with_history = deadlines(events, CATALOGUE, closed(began, *off))
    without = deadlines(events, CATALOGUE, CALENDAR.with_closures(dict.fromkeys(off, "party")))
    assert with_history == without
