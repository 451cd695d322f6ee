"""A complaint from receipt to the ombudsman: both stages, their letters, and what is refused on the way."""

import asyncio
from typing import Any

import pytest

from tests.services.complaints.complaining import ANSWER, UNDERSTOOD, Team, states

MANY_NAMES = ["ola  reyes", "Ola\u00a0Reyes", "Reyes, Ola", {"name": "O. R.", "subject": "ola"}]


async def test_a_complaint_goes_through_both_stages_to_the_ombudsman(team: Team) -> None:
    """Each act leaves the case where it is shown, with the acts that are allowed next."""
    reference = await team.complain(points=["The roof leaks.", "Nobody rang."])
    case = await team.act(
        "triage", reference, route="stage_1", handler={"name": "Ola Reyes", "subject": "ola"}
    )
    assert (case["status"], case["stage"], case["ombudsman"]) == ("triaged", 1, "housing")
    case = await team.act("acknowledgement", reference, **UNDERSTOOD)
    assert states(case) == {
        "contact": "met", "Code: contact": "met", "reply": "running", "Code: reply": "running",
    }  # fmt: skip
    decisions = [{"point": number, "outcome": "upheld", "findings": "True."} for number in (1, 2)]
    money = {"kind": "money", "amount": "120.5", "basis": "Delay"}
    done = {"description": "Mend the roof.", "by": "2026-12-18", "owner": "Fixit"}
    case = await team.act(
        "response", reference, **ANSWER, points=decisions, remedies=["apology", money], actions=[done]
    )
    assert case["status"] == "stage_1_responded"
    assert case["stages"][0]["remedies"][1]["amount"] == "120.50"
    assert states(case)["reply"] == states(case)["Code: reply"] == "met"
    assert states(case)["action"] == "running", "the answer does not wait for it"
    assert "escalation" in case["allowed"]
    case = await team.act("escalation", reference)
    assert (case["stage"], case["handler"]) == (2, None)
    assert states(case)["reply at stage 2"] == "running"
    second = team.officer("bo")
    await team.act("assignment", reference, handler="Bo Adeyemi")
    await team.act("acknowledgement", reference, second, **UNDERSTOOD)
    case = await team.act("response", reference, second, **ANSWER, points=decisions)
    assert case["status"] == "stage_2_responded"
    assert states(case)["Code: reply at stage 2"] == "met"
    await team.act("ombudsman-referral", reference, their_reference="202600001")
    order = {"description": "Pay £50.", "by": "2026-12-31"}
    case = await team.act("ombudsman-determination", reference, outcome="maladministration", orders=[order])
    assert [action["origin"] for action in case["actions"]] == ["stage_1", "stage_1", "ombudsman"]
    case = await team.act("actions/3/completion", reference)
    assert states(case)["order"] == "met"


@pytest.mark.parametrize(
    ("about", "missing"),
    [("repairs", {"choice", "other_body", "ground", "evidence"}), ("other_service", set())],
)
async def test_what_the_code_wants_recorded_and_is_not_is_named(
    team: Team, about: str, missing: set[str]
) -> None:
    """No triage waits for it, the landlord's Code asks for it, and the other has no such duty."""
    routes: dict[str, dict[str, Any]] = {
        "service_request": {"service": "repairs", "choice": "service_request"},
        "other_body": {"other_body": {"name": "The water company", "told_by": "phone"}},
        "refused": {"ground": "considered_before", "evidence": "The answer of 2024."},
    }
    lacking: set[str] = set()
    for route, recorded in routes.items():
        needed = {"service": "repairs"} if route == "service_request" else {}
        for said in (needed, recorded):
            reference = await team.complain(team.resident, about=about)
            body: dict[str, Any] = {"route": route, "reason": "x", "handler": "Ola Reyes", **said}
            case = await team.act("triage", reference, **body)
            assert (await team.read(reference, team.resident))["not_recorded"] == []
            if said is recorded:
                assert case["not_recorded"] == []
            lacking |= {*case["not_recorded"]}
    assert lacking == missing


async def test_stage_two_is_anothers_however_the_name_is_typed(team: Team) -> None:
    """And so is its answer: whoever recorded the first may not record the second."""
    reference = await team.answered()
    await team.act("escalation", reference)
    for handler in MANY_NAMES:
        refused = await team.try_to("assignment", reference, handler=handler)
        assert refused.status_code == 409
        assert "Ola Reyes dealt with stage one" in refused.json()["detail"]
    await team.act("assignment", reference, handler="Bo Adeyemi")
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    refused = await team.try_to("response", reference, **ANSWER)
    assert (refused.status_code, "extension" in refused.json()["allowed"]) == (409, True)
    await team.act("response", reference, team.officer("bo"), **ANSWER)


async def test_an_officer_with_a_conflict_of_interest_does_not_decide(team: Team) -> None:
    """However their name is typed; the reason is for officers, and another's decision stands."""
    reference = await team.complain(by=team.resident)
    await team.act("assignment", reference, handler={"name": "Ola Reyes", "subject": "ola"})
    await team.act("acknowledgement", reference, **UNDERSTOOD)
    interest: dict[str, Any] = {
        "officer": {"name": "Ola Reyes", "subject": "ola"},
        "reason": "A neighbour of mine.",
    }
    case = await team.act("conflict-of-interest", reference, **interest)
    assert case["conflicts"] == ["Ola Reyes"]
    assert (await team.read(reference, team.resident))["conflicts"] == []
    refusal = {"route": "refused", "reason": "It is old."}
    for by in (team.officer("ola"), team.officer("bo")):
        for act, body in (("response", ANSWER), ("triage", refusal)):
            refused = await team.try_to(act, reference, by, **body)
            assert (refused.status_code, "conflict" in refused.json()["detail"]) == (409, True)
    for handler in MANY_NAMES:
        assert (await team.try_to("assignment", reference, handler=handler)).status_code == 409
    await team.act("assignment", reference, handler="Bo Adeyemi")
    assert (await team.try_to("response", reference, team.officer("ola"), **ANSWER)).status_code == 409
    await team.act("response", reference, team.officer("bo"), **ANSWER)


async def test_of_two_officers_who_answer_at_once_one_wins(team: Team) -> None:
    """The other is told so, and the text that stands is the winner's, whole."""
    reference = await team.complain()
    read = await team.act("acknowledgement", reference, **UNDERSTOOD)
    match = {"If-Match": f'"{read["version"]}"'}

    async def answer(name: str, headers: dict[str, str]) -> Any:
        return await team.try_to(
            "response",
            reference,
            {**team.officer(name), **headers},
            outcome="upheld",
            findings=f"Says {name}.",
        )

    answers = await asyncio.gather(answer("ola", match), answer("bo", {}), answer("cy", match))
    codes = sorted(each.status_code for each in answers)
    assert codes[0] == 201
    assert set(codes[1:]) <= {409, 412}
    [winner] = [each.json() for each in answers if each.status_code == 201]
    assert (await team.read(reference))["stages"] == winner["stages"]


@pytest.mark.parametrize(
    ("act", "body", "pointer"),
    [
        ("acknowledgement", {"method": "email", "understanding": "x", "next_steps": "y"}, "/outcome_sought"),
        ("response", ANSWER, "/understanding"),
        ("response", {**ANSWER, "understanding": "x"}, "/points"),
        ("response", {"outcome": "upheld"}, "/findings"),
        ("response", {**ANSWER, "remedies": [{"kind": "money"}]}, "/remedies/0/amount"),
        ("response", {**ANSWER, "remedies": [{"kind": "action", "description": "x"}]}, "/remedies/0/by"),
        ("triage", {"route": "refused", "handler": "Ola Reyes"}, "/reason"),
        ("triage", {"route": "refused", "reason": "Late."}, "/handler"),
        ("triage", {"route": "refused", "reason": "x", "ground": "filed_at_court"}, "/evidence"),
        ("triage", {"route": "refused", "reason": "x", "ground": "over_twelve_months", "evidence": "y"},
         "/discretion"),
        ("triage", {"route": "service_request", "reason": "x", "choice": "complaint"}, "/choice"),
        ("extension", {"reason": "x", "working_days": 11}, "/good_reason"),
    ],
)  # fmt: skip
async def test_what_lacks_a_part_is_refused_with_the_part_named(
    team: Team, act: str, body: dict[str, Any], pointer: str
) -> None:
    """Nothing of it is kept."""
    points = ["The roof leaks."] if pointer == "/points" else None
    reference = await team.complain(outcome_sought=None, points=points)
    before = await team.read(reference)
    refused = await team.try_to(act, reference, **body)
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert await team.read(reference) == before
