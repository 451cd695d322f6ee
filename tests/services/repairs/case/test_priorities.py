"""Priorities that a repair can be given, from what was decided about it before."""

import pytest

from services.repairs.case.lifecycle import LIFECYCLE
from services.repairs.case.policy import Status
from services.repairs.case.priorities import can_be_given, last_change, standing, taken_back_to
from services.repairs.case.situation import Situation
from shared.events import Event
from tests.shared.standards.histories import history, london

MORNINGS = (
    "Monday 2025-12-01 08:00",
    "Tuesday 2025-12-02 08:00",
    "Wednesday 2025-12-03 08:00",
    "Thursday 2025-12-04 08:00",
)


def decided(guides: int, *changes: str) -> list[Event]:
    """A repair of that priority by the guide, and then a decision each morning, as in "raised 2"."""
    told = [("repairs.repair-reported", guides)]
    for change in changes:
        what, priority = change.split()
        told.append((f"repairs.priority-{what}", int(priority)))
    return history(
        *(
            (type, when, {"priority": priority})
            for (type, priority), when in zip(told, MORNINGS, strict=False)
        )
    )


@pytest.mark.parametrize(
    ("events", "stand", "possible"),
    [
        (decided(3), [3], [1, 2]),
        (decided(2), [2], [1]),
        (decided(1), [1], []),
        (decided(3, "raised 2"), [3, 2], [1, 3]),
        (decided(3, "raised 1"), [3, 1], [2, 3]),
        (decided(2, "raised 1"), [2, 1], [2]),
        (decided(3, "raised 2", "raised 1"), [3, 2, 1], [2, 3]),
        (
            decided(3, "raised 2", "raised 1", "corrected 2"),
            [3, 2],
            [1, 3],
        ),
        (decided(3, "raised 2", "raised 1", "corrected 3"), [3], [1, 2]),
        (
            decided(3, "raised 1", "corrected 3", "raised 2"),
            [3, 2],
            [1, 3],
        ),
    ],
)
def test_what_stands_and_what_can_be_decided_next(
    events: list[Event], stand: list[int], possible: list[int]
) -> None:
    """Anything from an emergency down to the guide's priority, whatever order its story is read in."""
    assert standing(events) == standing(reversed(events)) == stand
    assert can_be_given(stand) == possible


@pytest.mark.parametrize(
    ("stand", "wanted", "again"),
    [
        ([3], 1, 3),
        ([3, 1], 3, 3),
        ([3, 1], 2, 3),
        ([3, 2, 1], 2, 2),
        ([3, 2, 1], 3, 3),
        ([3, 2], 1, 2),
        ([2, 1], 2, 2),
    ],
)
def test_raises_are_taken_back_as_far_as_they_must_be(stand: list[int], wanted: int, again: int) -> None:
    """And no further: a raise to what is wanted stays, with its clock."""
    assert taken_back_to(stand, wanted) == again


def test_the_last_change_is_remembered() -> None:
    """A report is none."""
    assert last_change(decided(3)) is None
    changed = decided(3, "raised 1", "corrected 3")
    assert last_change(changed) == london("Wednesday 2025-12-03 08:00")


def allowed(status: Status, stand: list[int], role: str, *, hazard_is_open: bool) -> set[str]:
    """The decisions that a repair of those standing priorities allows a caller of that role."""
    situation = Situation(
        now=london(MORNINGS[0]),
        status=status,
        priority=stand[-1],
        by_officer=role == "officer",
        standing_priorities=tuple(stand),
        hazard_is_open=hazard_is_open,
    )
    return set(LIFECYCLE.allowed({role}, situation)) & {"priority", "cancellation"}


@pytest.mark.parametrize(
    ("status", "stand", "decisions"),
    [
        (Status.REPORTED, [3], {"priority", "cancellation"}),
        (Status.ATTENDED, [3, 1], {"priority", "cancellation"}),
        (Status.REPORTED, [1], {"cancellation"}),
        (Status.COMPLETED, [3], set()),
        (Status.CANCELLED, [3, 2], set()),
    ],
)
def test_which_decisions_are_open(status: Status, stand: list[int], decisions: set[str]) -> None:
    """The guide's emergencies stay emergencies; a resident sets no priority and stops no clock of the law."""
    assert allowed(status, stand, "officer", hazard_is_open=True) == decisions
    assert allowed(status, stand, "resident", hazard_is_open=False) == decisions - {"priority"}
    assert allowed(status, stand, "resident", hazard_is_open=True) == set()
