"""Updates that are owed while a reply is late or a remedy outstanding, at the interval that was agreed."""

from typing import Any

import pytest

from services.complaints.service.updating import note_late_replies
from shared.app_state import AppState
from tests.services.complaints.complaining import ANSWER, UNDERSTOOD, Team
from tests.shared.standards.histories import Happening, fold, only, told

LATE: Happening = ("complaints.reply-overdue", "Monday 2026-02-16 23:59:59", {"stage": 1})
UPDATED: Happening = ("complaints.update-given", "Friday 2026-02-20 10:00")
ANSWERED: Happening = (
    "complaints.complaint-responded",
    "Monday 2026-02-23 10:00",
    {"stage": 1, "outcome": "upheld"},
)


def test_each_update_owes_the_next_until_the_reply_is_sent() -> None:
    """Ten working days from the missed day, then from each update."""
    first = only(fold(LATE), "complaints.code.stage-1.update")
    assert told(first.due_at) == "Monday 2026-03-02 23:59:59"
    _, following = (row for row in fold(LATE, UPDATED) if row.standard == "complaints.code.stage-1.update")
    assert told(following.due_at) == "Friday 2026-03-06 23:59:59"
    ended = [row for row in fold(LATE, UPDATED, ANSWERED) if row.standard == "complaints.code.stage-1.update"]
    assert [row.open for row in ended] == [False, False]
    in_time: Happening = (ANSWERED[0], "Monday 2026-02-16 10:00", {"stage": 1, "outcome": "upheld"})
    assert not any(row.open for row in fold(in_time, LATE)), "it was recorded after it was found late"


async def test_a_late_reply_is_noted_once(complaints_state: AppState, team: Team) -> None:
    """One in time is not; the update is a letter, and says when the next one comes."""
    late = await team.complain(received_at="2026-11-02T10:00:00Z")  # a Monday
    in_time = await team.complain(received_at="2026-11-20T10:00:00Z")  # a Friday
    for _ in range(2):
        await note_late_replies(complaints_state)
    assert updates(await team.read(in_time)) == []
    assert updates(await team.read(late)) == [("running", "2026-11-30T23:59:59Z")]  # ten from Monday the 16th
    message = "We wait for the firm."
    case = await team.act("updates", late, message=message)
    assert [state for state, _ in updates(case)] == ["met", "running"]
    text = (await team.letter(late, "update"))["text"]
    assert message in text
    assert "We will write to you again by Friday 11 December 2026" in text
    case = await team.act("response", late, **ANSWER, understanding="Nobody came.")
    assert [state for state, _ in updates(case)] == ["met", "cancelled"]


@pytest.mark.parametrize(
    ("every", "due"),
    [
        ("weekly", "Friday 2026-02-27 23:59:59"),
        ("fortnightly", "Friday 2026-03-06 23:59:59"),
        ("monthly", "Friday 2026-03-20 23:59:59"),
    ],
)
def test_the_interval_is_the_one_agreed(every: str, due: str) -> None:
    """Agreed before the answer was late; an update counts the next."""
    agreed: Happening = ("complaints.update-interval-agreed", "Monday 2026-02-09 10:00", {"every": every})
    _, following = (
        row for row in fold(agreed, LATE, UPDATED) if row.standard == "complaints.code.stage-1.update"
    )
    assert told(following.due_at) == due


async def test_a_remedy_that_is_outstanding_owes_updates(team: Team) -> None:
    """At the interval agreed, until the last is done; then there is nothing to tell of."""
    reference = await team.complain()
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    mend = {"description": "Mend the roof.", "by": "2027-01-29"}
    paint = {"description": "Paint the wall.", "by": "2027-02-12"}
    case = await team.act("response", reference, **ANSWER, actions=[mend, paint])
    assert updates(case, "remedy-update") == [("running", "2026-12-11T23:59:59Z")]  # a Friday
    case = await team.act("update-interval", reference, every="weekly")
    assert updates(case, "remedy-update") == [("running", "2026-12-04T23:59:59Z")]
    assert case["update_interval"] == "weekly"
    await team.act("updates", reference, message="The firm has the tiles.")
    await team.act("actions/1/failure", reference, reason="No tiles.", alternative="A new roof.")
    case = await team.act("actions/2/completion", reference)
    assert [state for state, _ in updates(case, "remedy-update")] == ["met", "running"]
    case = await team.act("actions/3/completion", reference)
    assert [state for state, _ in updates(case, "remedy-update")] == ["met", "cancelled"]
    refused = await team.try_to("updates", reference, message="Done.")
    assert (refused.status_code, "update-interval" in refused.json()["allowed"]) == (409, False)


def updates(case: dict[str, Any], which: str = "stage-1.update") -> list[tuple[str, str]]:
    """The state and the date of each update that a complaint is owed, in order."""
    rows = [row for row in case["deadlines"] if row["standard"] == f"complaints.code.{which}"]
    return sorted(((row["state"], row["due_at"]) for row in rows), key=lambda each: each[1])
