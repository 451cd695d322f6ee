"""Updates that are owed while a reply is late: from the missed day on, every ten working days."""

from typing import Any

from services.complaints.service.updating import note_late_replies
from shared.app_state import AppState
from tests.services.complaints.complaining import ANSWER, Team
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
    """One in time is not; the update is kept for officers."""
    late = await team.complain(received_at="2026-11-02T10:00:00Z")  # a Monday
    in_time = await team.complain(received_at="2026-11-20T10:00:00Z")  # a Friday
    for _ in range(2):
        await note_late_replies(complaints_state)
    assert updates(await team.read(in_time)) == []
    assert updates(await team.read(late)) == [("running", "2026-11-30T23:59:59Z")]  # ten from Monday the 16th
    message = "We wait for the firm."
    case = await team.act("updates", late, message=message)
    assert [state for state, _ in updates(case)] == ["met", "running"]
    reasons = await team.client.get(f"/v1/complaints/{late}/reasons", headers=team.officer())
    assert [each["reason"] for each in reasons.json()["items"]] == [message]
    case = await team.act("response", late, **ANSWER, understanding="Nobody came.")
    assert [state for state, _ in updates(case)] == ["met", "cancelled"]


def updates(case: dict[str, Any]) -> list[tuple[str, str]]:
    """The state and the date of each update that a complaint is owed, in order."""
    rows = [row for row in case["deadlines"] if row["standard"] == "complaints.code.stage-1.update"]
    return sorted(((row["state"], row["due_at"]) for row in rows), key=lambda each: each[1])
