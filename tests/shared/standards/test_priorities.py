"""The clocks of a priority that was raised, and of one whose raise was taken back."""

from itertools import permutations

import pytest

from shared.standards.deadlines import deadlines
from tests.shared.standards.histories import (
    CALENDAR,
    CATALOGUE,
    Happening,
    fold,
    history,
    london,
    only,
    told,
)

MADE_SAFE = "repairs.emergency.made-safe"
FIRST, SECOND, THIRD = (f"repairs.priority-{priority}.completed" for priority in (1, 2, 3))
EVENING = london("Friday 2025-12-05 16:00")

ROUTINE: Happening = ("repairs.repair-reported", "Monday 2025-12-01 08:00", {"priority": 3})
URGENT: Happening = ("repairs.repair-reported", "Thursday 2025-12-04 08:00", {"priority": 2})
RAISED: Happening = ("repairs.priority-raised", "Friday 2025-12-05 08:00", {"priority": 1})


def raised(priority: int, at: str) -> Happening:
    """An officer finds it more urgent, on that Friday."""
    return "repairs.priority-raised", f"Friday 2025-12-05 {at}", {"priority": priority}


def corrected(priority: int, at: str) -> Happening:
    """A raise is taken back, on that Friday; the repair has the priority again that it had before."""
    return "repairs.priority-corrected", f"Friday 2025-12-05 {at}", {"priority": priority}


def done(what: str, at: str) -> Happening:
    return f"repairs.repair-{what}", f"Friday 2025-12-05 {at}"


TAKEN_BACK: dict[str, tuple[list[Happening], dict[str, list[str]]]] = {
    "in time": (
        [ROUTINE, RAISED, corrected(3, "10:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], THIRD: ["running"]},
    ),
    "at the last instant": (
        [ROUTINE, RAISED, corrected(3, "12:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], THIRD: ["running"]},
    ),
    "breached, then corrected": (
        [ROUTINE, RAISED, corrected(3, "12:30")],
        {MADE_SAFE: ["breached"], FIRST: ["breached"], THIRD: ["running"]},
    ),
    "made safe, then corrected": (
        [ROUTINE, RAISED, done("made-safe", "09:00"), corrected(3, "10:00")],
        {MADE_SAFE: ["met"], FIRST: ["cancelled"], THIRD: ["running"]},
    ),
    "made safe late, then corrected": (
        [ROUTINE, RAISED, done("made-safe", "12:30"), corrected(3, "13:00")],
        {MADE_SAFE: ["late"], FIRST: ["breached"], THIRD: ["running"]},
    ),
    "made safe before the correction, and told after it": (
        [ROUTINE, RAISED, corrected(3, "10:00"), done("made-safe", "09:00")],
        {MADE_SAFE: ["met"], FIRST: ["cancelled"], THIRD: ["running"]},
    ),
    "known to be made safe, and the correction told late": (
        [ROUTINE, RAISED, done("made-safe", "11:00"), corrected(3, "10:00")],
        {MADE_SAFE: ["met"], FIRST: ["cancelled"], THIRD: ["running"]},
    ),
    "corrected, then completed": (
        [ROUTINE, RAISED, corrected(3, "10:00"), done("completed", "11:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], THIRD: ["met"]},
    ),
    "breached, corrected, then completed": (
        [ROUTINE, RAISED, corrected(3, "13:00"), done("completed", "15:00")],
        {MADE_SAFE: ["breached"], FIRST: ["breached"], THIRD: ["met"]},
    ),
    "corrected, then raised again": (
        [ROUTINE, RAISED, corrected(3, "10:00"), raised(1, "14:00")],
        {MADE_SAFE: ["cancelled", "running"], FIRST: ["cancelled", "running"], THIRD: ["running"]},
    ),
    "breached, corrected, then raised again": (
        [ROUTINE, RAISED, corrected(3, "13:00"), raised(1, "14:00")],
        {MADE_SAFE: ["breached", "running"], FIRST: ["breached", "running"], THIRD: ["running"]},
    ),
    "one of two raises": (
        [ROUTINE, raised(2, "08:00"), raised(1, "09:00"), corrected(2, "10:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], SECOND: ["running"], THIRD: ["running"]},
    ),
    "both of two raises": (
        [ROUTINE, raised(2, "08:00"), raised(1, "09:00"), corrected(3, "10:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], SECOND: ["cancelled"], THIRD: ["running"]},
    ),
    "for a lesser raise, in one act": (
        [ROUTINE, RAISED, corrected(3, "10:00"), raised(2, "10:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], SECOND: ["running"], THIRD: ["running"]},
    ),
    "of what the guide calls urgent": (
        [URGENT, RAISED, corrected(2, "10:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], SECOND: ["running"]},
    ),
    "corrected, then the repair cancelled": (
        [ROUTINE, RAISED, corrected(3, "10:00"), done("cancelled", "13:00")],
        {MADE_SAFE: ["cancelled"], FIRST: ["cancelled"], THIRD: ["cancelled"]},
    ),
}
every_story = pytest.mark.parametrize(("happenings", "states"), TAKEN_BACK.values(), ids=TAKEN_BACK)


@every_story
def test_taking_a_raise_back_ends_its_clocks_and_no_others(
    happenings: list[Happening], states: dict[str, list[str]]
) -> None:
    """Met promises stay met, broken ones stay broken, and the guide's clock never stopped."""
    found: dict[str, list[str]] = {}
    for deadline in fold(*happenings):
        found.setdefault(deadline.standard, []).append(deadline.state(EVENING))
    assert found == states


@every_story
def test_in_whatever_order_it_is_heard(happenings: list[Happening], states: dict[str, list[str]]) -> None:
    """The correction may overtake the raise on its way, and the report both."""
    events = history(*happenings)
    expected = deadlines(events, CATALOGUE, CALENDAR)
    assert all(deadlines(received, CATALOGUE, CALENDAR) == expected for received in permutations(events))


def test_a_corrected_emergency_escalates_no_further() -> None:
    """Half an hour after the breach it was found to be a mistake: the manager is not rung up."""
    breached = only(fold(ROUTINE, RAISED, corrected(3, "12:30")), MADE_SAFE)
    assert [rung.name for rung in breached.rungs] == ["reminder", "breach"]
    assert "We took back the higher priority of your repair" in breached.because


def test_the_guides_own_date_never_moves() -> None:
    """Raised and taken back, it is due on the day on which it always was."""
    plain = only(fold(ROUTINE), THIRD)
    corrected_twice = fold(ROUTINE, RAISED, corrected(3, "10:00"), raised(2, "11:00"), corrected(3, "12:00"))
    assert only(corrected_twice, THIRD).due_at == plain.due_at


def test_a_lesser_raise_counts_from_the_correction() -> None:
    """Its three working days run from when somebody decided that three working days were right."""
    urgent = only(fold(ROUTINE, RAISED, corrected(3, "10:00"), raised(2, "10:00")), SECOND)
    assert told(urgent.due_at) == "Wednesday 2025-12-10 23:59:59"
