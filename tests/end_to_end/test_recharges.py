"""A repair that its resident pays for, through the front door."""

from typing import Any

from tests.end_to_end.houses import COMPLETED, CONTRACTOR, RESIDENT, House, as_deployed

pytestmark = as_deployed

QUOTE = {"reason": "The sink was dropped.", "estimated_cost": "120.00", "administration_charge": "18.50"}
SIGNATURE = {"signed_by": "Sam Jones", "signature": "Sam Jones"}


async def quoted(house: House) -> str:
    """The path of a job that the resident caused and is asked £138.50 for."""
    case = await house.report(caused_by_resident=True)
    job = f"/v1/repairs/{case['reference']}"
    await house.act(f"{job}/assignment", {"contractor": CONTRACTOR})
    shown: dict[str, Any] = (await house.act(f"{job}/recharge", QUOTE))["recharge"]
    assert (shown["status"], shown["total"]) == ("quoted", "138.50")
    return job


async def test_work_starts_when_the_resident_has_signed(house: House) -> None:
    """Unsigned 409; signed at home, the work is done; and the timeline tells it without a word of why."""
    job = await quoted(house)
    refused = await house.post(f"{job}/updates", COMPLETED, by=CONTRACTOR)
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")
    signed = await house.act(f"{job}/recharge/signature", SIGNATURE, by=RESIDENT)
    assert signed["recharge"]["status"] == "signed"
    done = await house.act(f"{job}/updates", COMPLETED, by=CONTRACTOR)
    assert done["status"] == "completed"

    reference = done["reference"]
    await house.deadlines(reference, state="met")
    entries = (await house.get(f"/v1/cases/{reference}/timeline")).json()["entries"]
    told = [entry["type"] for entry in entries if entry["type"].startswith("repairs.recharge")]
    assert told == ["repairs.recharge-quoted", "repairs.recharge-signed"]
    assert "The sink was dropped." not in str(entries)


async def test_a_declined_quote_ends_every_promise(house: House) -> None:
    """The resident will not pay: the repair is closed, and notifications watches nothing of it any more."""
    job = await quoted(house)
    declined = await house.act(f"{job}/recharge/decline", {"reason": "Too dear."}, by=RESIDENT)
    assert declined["status"] == "cancelled"
    assert await house.deadlines(declined["reference"], state="cancelled")
