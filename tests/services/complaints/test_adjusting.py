"""Reasonable adjustments: agreed, obeyed by whoever writes, and reviewed by a day that is watched."""

from typing import Any

import pytest

from services.complaints.models import Complaint
from shared.app_state import AppState
from shared.cases.queries import get_for_update
from shared.work import unit_of_work
from tests.services.complaints.complaining import ANSWER, UNDERSTOOD, Team

AGREED: dict[str, Any] = {
    "adjustments": ["Large print.", "Ring before you write."],
    "large_print": True,
    "reason": "She is losing her sight.",
    "review_on": "2027-05-04",
}


async def test_adjustments_are_reviewed_until_they_end(team: Team) -> None:
    """The complainant sees what was agreed; the need behind it is for officers."""
    reference = await team.complain(by=team.resident)
    refused = await team.try_to("adjustments", reference, **AGREED | {"review_on": "2026-11-02"})
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/review_on"]
    await team.act("adjustments", reference, **AGREED | {"review_on": "2027-02-01"})
    case = await team.act("adjustments", reference, **AGREED)
    assert reviews(case) == [("met", "2027-02-01"), ("running", "2027-05-04")]
    seen = await team.read(reference, team.resident)
    assert seen["adjustments"]["adjustments"] == AGREED["adjustments"]
    assert "losing her sight" not in str(seen)
    case = await team.act("adjustments", reference, adjustments=[], reason="She asked us to.")
    assert (case["adjustments"], [state for state, _ in reviews(case)]) == (None, ["met", "met"])


async def test_whoever_writes_makes_the_adjustments(team: Team) -> None:
    """Each act that speaks to the complainant says so; what is to be done is named in the refusal."""
    reference = await team.complain()
    await team.act("adjustments", reference, **AGREED)
    acts: list[tuple[str, dict[str, Any]]] = [
        ("acknowledgement", {**UNDERSTOOD}),
        ("extension", {"reason": "Many issues.", "working_days": 5}),
        ("updates", {"message": "We look."}),
        ("response", {**ANSWER}),
    ]
    for act, body in acts:
        refused = await team.try_to(act, reference, **body)
        assert refused.status_code == 422, act
        [error] = refused.json()["errors"]
        assert error["pointer"] == "/adjustments_made"
        assert "Ring before you write." in error["detail"]
        await team.act(act, reference, **body, adjustments_made=True)
    assert "font: 18pt" in (await team.letter(reference, "stage-1"))["html"]


async def test_letters_of_notifications_obey_them_too(complaints_state: AppState, team: Team) -> None:
    """With what was known of access needs before: a letter in another form is read out by the department."""
    contact = {"name": "Sam", "email": "sam@example.org", "access_needs": "Deaf"}
    reference = await team.complain(contact=contact)
    await team.act("adjustments", reference, **AGREED)
    async with unit_of_work(complaints_state) as work:
        complaint = await get_for_update(work, Complaint, reference)
        assert complaint.written_to["access_needs"] == "Deaf; Large print.; Ring before you write."
        assert complaint.contact["access_needs"] == "Deaf"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [({"review_on": None}, "/review_on"), ({"adjustments": [], "review_on": None}, "/large_print")],
)
async def test_adjustments_that_cannot_be_obeyed_are_refused(
    team: Team, changed: dict[str, Any], pointer: str
) -> None:
    reference = await team.complain()
    refused = await team.try_to("adjustments", reference, **AGREED | changed)
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def reviews(case: dict[str, Any]) -> list[tuple[str, str]]:
    """The state and the day of each review of adjustments, in order."""
    rows = [row for row in case["deadlines"] if row["standard"] == "complaints.adjustments.review"]
    return sorted(((row["state"], row["due_at"][:10]) for row in rows), key=lambda each: each[1])
