"""Words and instants of a complaint: none is lost on the way, and no clock starts where it cannot."""

from typing import Any

from tests.services.complaints.complaining import ANSWER, COMPLAINT, UNDERSTOOD, Team


async def test_a_hazard_is_known_when_its_complaint_comes_in_at_the_latest(team: Team) -> None:
    """A letter of Friday that is typed in a week later does not start the clocks of Awaab's law that day."""
    hazard = {"hazard": "damp-and-mould", "severity": "emergency", "aware_at": "2026-11-27T09:00:00Z"}
    home = {"address": "3 High Street", "postcode": "RM1 1AB"}
    body = {**COMPLAINT, "hazard": hazard, "property": home}
    for received_at, status in (("2026-11-20T09:00:00Z", 422), ("2026-11-27T09:00:00Z", 201)):
        answer = await team.client.post(
            "/v1/complaints", json={**body, "received_at": received_at}, headers=team.officer()
        )
        assert answer.status_code == status, answer.text
        if status == 422:
            assert [error["pointer"] for error in answer.json()["errors"]] == ["/hazard/aware_at"]


async def test_stage_two_is_asked_for_after_the_answer_of_stage_one(team: Team) -> None:
    """Or its clocks would have run while stage one was at work."""
    reference = await team.complain(received_at="2026-11-23T09:00:00Z")  # a Monday
    await team.act("acknowledgement", reference, **UNDERSTOOD, occurred_at="2026-11-24T09:00:00Z")
    await team.act("response", reference, **ANSWER, occurred_at="2026-11-26T09:00:00Z")
    early = await team.try_to("escalation", reference, occurred_at="2026-11-25T09:00:00Z")
    assert [error["pointer"] for error in early.json()["errors"]] == ["/occurred_at"]
    await team.act("escalation", reference, occurred_at="2026-11-26T12:00:00Z")


async def test_stage_two_keeps_the_marks_of_the_points(team: Team) -> None:
    """Unless its acknowledgement gives others; a better definition is the one that the answer states."""
    reference = await team.complain(points=["The roof leaks.", "The bus is late."])
    not_ours = [{"point": 2, "reason": "The bus is not ours."}]
    await team.act("acknowledgement", reference, **UNDERSTOOD, not_ours=not_ours)
    decision = [{"point": 1, "outcome": "upheld", "findings": "It does."}]
    better = "Nobody came, and the roof leaks."
    case = await team.act("response", reference, **ANSWER, points=decision, understanding=better)
    assert case["stages"][0]["understanding"] == better
    assert better in (await team.letter(reference, "stage-1"))["text"]
    await team.act("escalation", reference)
    case = await team.act("acknowledgement", reference, **UNDERSTOOD)
    assert [point["reason"] for point in case["points"]] == [None, "The bus is not ours."]
    await team.act("response", reference, team.officer("bo"), **ANSWER, points=decision)


async def test_officers_read_their_notes_again_and_nobody_else_does(team: Team) -> None:
    """The approval of a long extension, the lesson, and how an action was completed."""
    reference = await team.complain(team.resident)
    boss = team.officer("max", "manager")
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    await team.act(
        "extension", reference, boss, reason="A survey.", working_days=11, good_reason="No surveyor."
    )
    done: dict[str, Any] = {"description": "Mend the roof.", "by": "2026-12-18"}
    await team.act("response", reference, **ANSWER, actions=[done], learning="We ring the firm.")
    await team.act("actions/1/completion", reference, notes="Mr Smith let us in.")
    for by, noted in (
        (team.officer(), ["max", "We ring the firm.", "Mr Smith let us in."]),
        (team.resident, [None, None, None]),
    ):
        case = await team.read(reference, by)
        stage, action = case["stages"][0], case["actions"][0]
        assert [stage["approved_by"], stage["learning"], action["notes"]] == noted
