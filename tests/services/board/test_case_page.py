"""A case in words: its flags, the safety of whoever goes there first, and who was told of a moved date."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.board.presenting.case_page import promises, reaching
from services.board.presenting.cases import flags

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
MOVE = {
    "moved_from": "2026-11-30T23:59:59Z",
    "moved_to": "2026-12-01T23:59:59Z",
    "because": "The office is closed.",
}
ROW = {
    "promise": "We finish it.",
    "due_at": "2026-12-01T23:59:59Z",
    "met_at": None,
    "source": "Repairs policy",
    "regime": "repairs",
    "state": "running",
}
MOVED = "Moved from the end of Monday 30 November to the end of Tuesday 1 December: The office is closed."


@pytest.mark.parametrize(
    ("told_at", "changes", "said"),
    [
        ("2026-11-20T16:40:00Z", {}, f"{MOVED} The resident was told Friday 20 November, 4:40pm."),
        (None, {}, f"{MOVED} The resident was not told yet."),
        (None, {"state": "met", "met_at": "2026-11-20T16:40:00Z"}, MOVED),
        (None, {"regime": "internal"}, MOVED),
    ],
)
def test_a_moved_date_says_if_the_resident_was_told(
    told_at: str | None, changes: dict[str, Any], said: str
) -> None:
    """Nobody is to be told any more of a promise that is over, nor of a rule for staff."""
    row = {**ROW, **changes, "working": {"moved": [{**MOVE, "told_at": told_at}]}}
    [promise] = promises({"deadlines": []}, {"deadlines": [row]}, NOW)
    assert promise.moves == [said]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"vulnerable": True, "visit_in_pairs": True}, ["Two people must go", "Vulnerable household"]),
        ({"visit_in_pairs": None, "vulnerable": False}, []),
        ({"risk": {"score": "high"}}, ["High risk"]),
        ({"risk": {"score": None}}, []),
        ({"urgent": True}, ["Urgent"]),
    ],
)
def test_flags_begin_with_the_safety_of_whoever_goes_there(case: dict[str, Any], said: list[str]) -> None:
    """A fact that a kind of case does not have raises no flag."""
    assert flags(case) == said


def test_whoever_goes_there_reads_the_needs_of_the_household_and_why_two_must_go() -> None:
    """The reason only where the case has it; a household's needs stand for those of the report."""
    case = {
        "contact": {"name": "Ada", "access_needs": "Ring twice", "language": "Welsh"},
        "access_needs": "Ring twice\nA dog",
        "visit_in_pairs": True,
        "visit_in_pairs_reason": "A visitor was threatened.",
    }
    found = reaching(case)
    assert found is not None
    assert found.needs == [
        "Two people must go: A visitor was threatened.",
        "Access needs: Ring twice\nA dog",
        "Language: Welsh",
    ]
