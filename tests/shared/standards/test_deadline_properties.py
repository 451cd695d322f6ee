"""Invariants of every history of a case, whatever happened in it and however it reached us."""

from typing import Any

from hypothesis import given, strategies as st

from shared.events import Event
from shared.standards.deadlines import deadlines
from shared.standards.periods import Period, Unit, civil_date
from tests.shared.standards.histories import CALENDAR, CATALOGUE
from tests.shared.standards.strategies import INSTANTS, MOMENTS, histories, thorough


@thorough
@given(histories(), st.data())
def test_order_and_repetition_of_delivery_change_nothing(history: list[Event], data: st.DataObject) -> None:
    """The same facts in any order, any number of times, give the same deadlines."""
    repeated = history + data.draw(st.lists(st.sampled_from(history), max_size=4))
    delivered = data.draw(st.permutations(repeated))
    assert deadlines(delivered, CATALOGUE, CALENDAR) == deadlines(history, CATALOGUE, CALENDAR)


@thorough
@given(histories())
def test_what_was_kept_stays_kept(history: list[Event]) -> None:
    """No later-recorded fact un-meets a promise, even if it happened earlier."""
    kept: set[tuple[str, int]] = set()
    for length in range(1, len(history) + 1):
        found = deadlines(history[:length], CATALOGUE, CALENDAR)
        met = {(deadline.standard, deadline.started_by) for deadline in found if deadline.met_at}
        assert kept <= met
        kept = met


@thorough
@given(histories())
def test_a_deadline_is_identified_by_its_standard_and_its_start(history: list[Event]) -> None:
    """No two deadlines of a case share a standard and a starting fact, and each starts by a fact it has."""
    found = deadlines(history, CATALOGUE, CALENDAR)
    identities = [(deadline.standard, deadline.started_by) for deadline in found]
    assert len(set(identities)) == len(identities)
    assert {started_by for _, started_by in identities} <= {event.sequence for event in history}


@thorough
@given(histories(), MOMENTS)
def test_every_deadline_can_explain_itself(history: list[Event], now: Any) -> None:
    """State, ladder, working and explanation exist for whatever happened, and agree on the ladder's order."""
    for deadline in deadlines(history, CATALOGUE, CALENDAR):
        assert deadline.because.startswith(deadline.row.regime.lead_in)
        assert deadline.open or deadline.state(now) != "running"
        rungs = [rung.at for rung in deadline.rungs]
        assert rungs == sorted(rungs)
        assert all(not CALENDAR.is_working(day.date) for day in deadline.working.skipped)


@thorough
@given(INSTANTS, st.sampled_from(Unit), st.integers(1, 200))
def test_a_longer_period_is_never_due_sooner(start: Any, unit: Unit, count: int) -> None:
    """Due dates grow with the period, in every unit."""
    shorter, longer = Period(count, unit), Period(count + 1, unit)
    assert shorter.after(start, CALENDAR) < longer.after(start, CALENDAR)


@thorough
@given(INSTANTS, st.sampled_from([row for row in CATALOGUE.standards if row.period]))
def test_working_days_end_on_a_working_day(start: Any, row: Any) -> None:
    """A row counted in working days is never due on a weekend or a bank holiday, nor before its start."""
    due = row.period.after(start, CALENDAR, row.regime.closing)
    assert due > start
    if row.period.unit is Unit.WORKING_DAY:
        assert CALENDAR.is_working(civil_date(due))
        days = CALENDAR.working_days_between(civil_date(start), civil_date(due))
        assert days == row.period.count
