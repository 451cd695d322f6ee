"""A complaint from receipt to the final answer: its dates, its letters, and the repair it asks for."""

from typing import Any

from tests.end_to_end.houses import OFFICER, RESIDENT, House
from tests.support.eventually import eventually

SECOND = "demo-officer-2"
COMPLAINT = {
    "about": "repairs",
    "description": "There is mould, and nobody came.",
    "outcome_sought": "Treat it, and say sorry.",
    "property": {"address": "3 High Street", "postcode": "RM1 1AB"},
    "hazard": {"hazard": "damp-and-mould", "severity": "significant"},
    "channel": "online",
    "contact": {"name": "Sam Jones", "email": "sam@example.org"},
}
UNDERSTOOD = {"method": "email", "understanding": "There is mould.", "next_steps": "We look at it."}
ANSWER = {"outcome": "upheld", "findings": "Nobody came. Our policy says that somebody does."}


async def taken_up(house: House, path: str) -> str:
    """The repair for the hazard, once repairs has raised it and referred back."""

    async def look() -> Any:
        [referral] = (await house.get(path)).json()["referrals"]
        return referral["taken_up_as"]

    return str(await eventually(look))


async def test_a_complaint_and_the_hazard_in_it_are_answered(house: House) -> None:
    """Its hazard's clocks start with it; each letter arrives as it is kept, and stage two is another's."""
    case = await house.act("/v1/complaints", COMPLAINT, by=RESIDENT)
    reference, path = case["reference"], f"/v1/complaints/{case['reference']}"
    hazard = await house.deadlines(await taken_up(house, path))
    assert hazard["repairs.hazard.significant.investigated"]["started_at"] == case["received_at"]

    await house.act(f"{path}/triage", {"route": "stage_1", "handler": "Ola Reyes"})
    case = await house.act(f"{path}/acknowledgement", UNDERSTOOD)
    quoted = {row["standard"]: row["due_at"] for row in case["deadlines"]}

    async def both_replies() -> Any:
        found = await house.deadlines(reference)
        return found if "complaints.code.stage-1.response" in found else None

    watched = await eventually(both_replies)
    for standard in ("complaints.stage-1.response", "complaints.code.stage-1.response"):
        assert watched[standard]["due_at"] == quoted[standard]
        assert "10 working days after that" in watched[standard]["because"]

    await house.act(f"{path}/response", {**ANSWER, "remedies": ["apology"]})
    await house.act(f"{path}/escalation", {}, by=RESIDENT)
    refused = await house.post(f"{path}/response", {**ANSWER, "understanding": "There is mould."}, by=OFFICER)
    assert refused.status_code == 409
    await house.act(f"{path}/acknowledgement", UNDERSTOOD, by=SECOND)
    case = await house.act(f"{path}/response", ANSWER, by=SECOND)
    assert (case["status"], case["letters"]) == (
        "stage_2_responded",
        ["acknowledgement", "stage-1", "stage-2"],
    )

    async def final() -> Any:
        [*letters] = [each for each in house.letters(reference) if "final answer" in each["Subject"]]
        return letters

    [letter] = await eventually(final)
    kept = (await house.get(f"{path}/letters/stage-2", by=RESIDENT)).json()
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == kept["text"]
    assert "Housing Ombudsman Service" in kept["text"]
