"""Which priorities a repair can be given, from what was decided about it before."""

import pytest

from services.repairs.decisions.policy import (
    acts_allowed,
    can_be_given,
    last_change,
    may_cancel,
    standing,
    taken_back_to,
)
from services.repairs.policy import Status
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


@pytest.mark.parametrize(
    ("status", "stand", "allowed"),
    [
        (Status.REPORTED, [3], {"priority", "cancellation"}),
        (Status.ATTENDED, [3, 1], {"priority", "cancellation"}),
        (Status.REPORTED, [1], {"cancellation"}),
        (Status.COMPLETED, [3], set()),
        (Status.CANCELLED, [3, 2], set()),
    ],
)
def test_which_decisions_are_open(status: Status, stand: list[int], allowed: set[str]) -> None:
    """What the guide calls an emergency stays one."""
    assert acts_allowed(status, stand, {"officer"}, hazard_is_open=True) == allowed
    assert acts_allowed(status, stand, {"resident"}, hazard_is_open=False) == allowed
    assert acts_allowed(status, stand, {"resident"}, hazard_is_open=True) == allowed - {"cancellation"}


@pytest.mark.parametrize(
    ("role", "hazard_is_open", "may"),
    [("resident", False, True), ("resident", True, False), ("officer", False, True), ("officer", True, True)],
)
def test_only_an_officer_calls_a_repair_off_while_a_hazard_stands_open(
    role: str, hazard_is_open: bool, may: bool
) -> None:
    """A resident who will not have it done stops no clock of the law."""
    assert may_cancel({role}, hazard_is_open=hazard_is_open) is may
