"""A case in words: its flags, the safety of whoever goes there first, and who was told of a moved date."""

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from services.board.presenting.case_page import promises, reaching
from services.board.presenting.cases import flags
from services.board.presenting.timeline import named_in, timeline
from shared.references import check_character
from tests.services.board.desk import Desk
from tests.support.eventually import eventually

BROKEN = {
    "kind": "communal_repair",
    "location": "The front door",
    "description": "It does not close",
    "channel": "phone",
}
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


async def test_a_case_that_the_history_names_is_named_by_what_it_is_and_where(desk: Desk) -> None:
    """A repair that was raised from a problem on an estate says which, and not by its reference alone."""
    issue = await desk.report("/v1/estates/issues", replace=BROKEN)
    await desk.act(issue, "referral", {"to": "repairs"}, "/v1/estates/issues")
    api = await desk.acting()
    raised: dict[str, Any] = {}

    async def is_raised() -> bool:
        entries = (await api.get(f"/v1/cases/{issue['reference']}/timeline")).json()["entries"]
        found = [(each.get("facts") or {}).get("taken_up_as") for each in entries]
        raised["as"] = next(filter(None, found), None)
        return raised["as"] is not None

    await eventually(is_raised)
    page = (await (await desk.browser()).get(f"/board/cases/{issue['reference']}")).text
    noted = page.partition('id="timeline"')[2]
    row = unescape(noted.partition("Taken up as</dt>")[2].partition("</dd>")[0])
    assert row.endswith(f", {raised['as']}")
    assert ">Any other repair that is the council's to do, " in row


def test_of_a_case_that_gives_no_answer_the_reference_stands_alone() -> None:
    """Other facts are none of a case, whatever they say."""
    reference = f"REP-7K3M-Q9T{check_character('7K3MQ9T')}"
    facts = {"taken_up_as": reference, "reason": "rep-7k3m-q9tx or so", "number": 3, "days": ["a"]}
    entry = {
        "entry": "event",
        "type": "estates.referral-taken-up",
        "at": "2026-11-23T08:00:00Z",
        "facts": facts,
    }
    answer = {"entries": [entry, {**entry, "facts": None}]}
    assert named_in(answer) == {reference}
    assert named_in(None) == set()
    [_, happened] = timeline(answer, NOW, told_only=False)
    assert ("Taken up as", reference) in happened.facts
