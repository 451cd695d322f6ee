"""Appointments, priorities and the handyperson, through the front door."""

from tests.end_to_end.houses import (
    COMPLETED,
    CONTRACTOR,
    NEIGHBOUR,
    OFFICER,
    RESIDENT,
    SECONDS,
    House,
    as_deployed,
)
from tests.support.eventually import eventually

pytestmark = as_deployed

# Of a trade that no other story's repairs need, so that nobody else books these.
FAULT, TRADE = "worktops-and-sink-tops", "carpentry"


async def subjects(house: House, reference: str, kind: str) -> set[str]:
    """The subjects of the letters about a case, once those of one kind have gone out."""
    await house.notices(reference, kind)
    return {str(letter["Subject"]) for letter in house.letters(reference)}


async def test_a_visit_is_agreed_in_the_first_conversation(house: House) -> None:
    """Offered with the report, booked, told, moved, kept: and the repair counts as done in one visit."""
    first, second = await house.slot(days=1, trade=TRADE), await house.slot(days=2, trade=TRADE)
    case = await house.report(fault=FAULT)
    reference, job = case["reference"], f"/v1/repairs/{case['reference']}"
    assert [offer["slot_id"] for offer in case["appointment_offers"]] == [first["slot_id"], second["slot_id"]]

    stranger = await house.post(f"{job}/appointment", {"slot_id": first["slot_id"]}, by=NEIGHBOUR)
    assert stranger.status_code == 404
    agreed = await house.act(f"{job}/appointment", {"slot_id": first["slot_id"]}, by=RESIDENT)
    assert agreed["appointment"]["starts_at"] == first["starts_at"]
    assert f"Your appointment: {reference}" in await subjects(house, reference, "appointment_booked")

    other = await house.report(fault=FAULT)
    taken = await house.post(
        f"/v1/repairs/{other['reference']}/appointment", {"slot_id": first["slot_id"]}, by=RESIDENT
    )
    assert (taken.status_code, taken.headers["Content-Type"]) == (409, "application/problem+json")
    assert [offer["slot_id"] for offer in taken.json()["appointment_offers"]] == [second["slot_id"]]

    moved = await house.act(f"{job}/appointment", {"slot_id": second["slot_id"]}, by=RESIDENT)
    assert moved["appointment"]["slot_id"] == second["slot_id"]
    freed = await house.get(f"/v1/repairs/{other['reference']}/appointment-offers", by=RESIDENT)
    assert [offer["slot_id"] for offer in freed.json()["items"]] == [first["slot_id"]]

    seen = (await house.get(job, by=CONTRACTOR)).json()
    assert seen["appointment"]["starts_at"] == second["starts_at"]
    await house.act(f"{job}/updates", COMPLETED, by=CONTRACTOR)
    await house.deadlines(reference, state="met")
    indicators = (await house.get("/v1/performance")).json()["indicators"]
    [share] = [each for each in indicators if each["indicator"] == "repairs.first-visit"]
    assert share["goal"] == 0.9
    assert share["kept"] >= 1


async def test_a_report_without_a_visit_is_flagged_at_once(house: House) -> None:
    """No roofer has said when they can come: the department hears of it with the report."""
    case = await house.report(fault="leaking-roof")
    assert case["appointment_offers"] == []
    assert f"No appointment: {case['reference']}" in await subjects(house, case["reference"], "flagged")


async def test_danger_rings_the_department(house: House) -> None:
    """An officer raises the priority: four hours run from then, and the department is told at any hour."""
    case = await house.report(fault=FAULT)
    reference, job = case["reference"], f"/v1/repairs/{case['reference']}"
    words = {"priority": 1, "reason": "The worktop hangs over a cooker that a blind tenant uses."}
    raised = await house.act(f"{job}/priority", words, by=OFFICER)
    assert raised["next_deadline"]["standard"] == "repairs.emergency.made-safe"
    assert f"Emergency: {reference}" in await subjects(house, reference, "emergency")
    timeline = await house.get(f"/v1/cases/{reference}/timeline")
    assert "repairs.priority-raised" in timeline.text
    assert "blind tenant" not in timeline.text


async def test_a_mistaken_raise_is_taken_back(house: House) -> None:
    """Its four hours fall away everywhere, the guide's promise runs on, and the guide is never undercut."""
    case = await house.report(fault="tap-not-turning")
    reference, job = case["reference"], f"/v1/repairs/{case['reference']}"
    await house.act(f"{job}/priority", {"priority": 1, "reason": "Water near the fuse box."}, by=OFFICER)
    words = {"priority": 2, "reason": "That was another home's tap."}
    corrected = await house.act(f"{job}/priority", words, by=OFFICER)
    assert corrected["next_deadline"] == case["next_deadline"]

    async def kept_in_step() -> bool:
        states = {name: row["state"] for name, row in (await house.deadlines(reference)).items()}
        fallen_away = {
            states.get(f"repairs.{name}") for name in ("emergency.made-safe", "priority-1.completed")
        }
        return fallen_away == {"cancelled"} and states["repairs.priority-2.completed"] == "running"

    await eventually(kept_in_step, SECONDS)
    lowered = await house.post(f"{job}/priority", {"priority": 3, "reason": "It can wait."}, by=OFFICER)
    assert (lowered.status_code, lowered.json()["errors"][0]["pointer"]) == (422, "/priority")


async def test_a_resident_calls_a_repair_off(house: House) -> None:
    """Its promises fall away everywhere, and nobody comes."""
    slot = await house.slot(days=3, trade=TRADE)
    case = await house.report(fault=FAULT)
    job = f"/v1/repairs/{case['reference']}"
    await house.act(f"{job}/appointment", {"slot_id": slot["slot_id"]}, by=RESIDENT)
    over = await house.act(f"{job}/cancellation", {"reason": "We have mended it."}, by=RESIDENT)
    assert (over["status"], over["appointment"]) == ("cancelled", None)
    await house.deadlines(case["reference"], state="cancelled")
    told = await subjects(house, case["reference"], "appointment_cancelled")
    assert f"Your appointment is cancelled: {case['reference']}" in told
    refused = await house.post(f"{job}/cancellation", {"reason": "Again."}, by=RESIDENT)
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["contact"])


async def test_the_handyperson_is_for_vulnerable_tenants(house: House) -> None:
    """Asked for and eligible: in the queue. Asked for and not: told why, and repaired all the same."""
    wish = {"fault": FAULT, "handyperson": True}
    for vulnerable in (True, False):
        case = await house.report(**wish, vulnerable=vulnerable)
        assert case["handyperson"]["accepted"] is vulnerable
        queue = (await house.get("/v1/repairs", queue="handyperson")).json()["items"]
        assert (case["reference"] in {waiting["reference"] for waiting in queue}) is vulnerable
