"""Mould in a home, from the report to the work that keeps it from coming back."""

from tests.end_to_end.houses import House, as_deployed
from tests.services.repairs.hazards.homes import SUMMARY
from tests.support.eventually import eventually

pytestmark = as_deployed

MOULD = {"hazard": "damp-and-mould", "severity": "significant"}
INVESTIGATED = "repairs.hazard.significant.investigated"
OF_THE_LAW = {
    INVESTIGATED,
    "repairs.hazard.summary",
    "repairs.hazard.significant.made-safe",
    "repairs.hazard.preventive-work.steps-taken",
    "repairs.hazard.preventive-work.begun",
}


async def watched(house: House, reference: str, state: str) -> set[str]:
    """The promises of the law to a case that notifications has in that state."""
    found = await house.deadlines(reference)
    return {name for name, row in found.items() if name in OF_THE_LAW and row["state"] == state}


async def test_a_home_with_mould_is_made_safe_by_the_law(house: House) -> None:
    """Every clock of Awaab's law starts and is met, where it is promised and where it is watched."""
    case = await house.report(fault="other", description="Mould in the bedroom.", hazard=MOULD)
    reference = case["reference"]
    assert INVESTIGATED in [row["standard"] for row in case["deadlines"]]
    await eventually(lambda: watched(house, reference, "running"))

    path = f"/v1/repairs/{reference}/hazard"
    await house.act(f"{path}/access-attempt", {"way": "knocked", "outcome": "nobody in"})
    await house.act(f"{path}/investigation", {"finding": "significant", "further_work_needed": True})
    await house.act(f"{path}/decant", {"reason": "Asthma.", "from": "2026-02-05"})
    await house.act(f"{path}/summary", {**SUMMARY, "action": "We mend the broken gutter."})
    await house.act(f"{path}/safety-work", {"work": "Mould removed and treated."})
    done = await house.act(f"{path}/preventive-work", {"begun": True})
    assert {row["standard"] for row in done["deadlines"] if row["state"] == "met"} == OF_THE_LAW

    async def all_are_met() -> bool:
        return await watched(house, reference, "met") == OF_THE_LAW

    await eventually(all_are_met)
    timeline = (await house.get(f"/v1/cases/{reference}/timeline")).json()
    assert "gutter" not in str(timeline)
