"""A tenancy, from the first day to the settling-in visit, and what a repair at its home knows of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from shared.clock import system_clock
from tests.end_to_end.houses import CONTRACTOR, REPORT, RESIDENT, House, by
from tests.support.eventually import eventually

PLAN = {"needs": "Help with the electricity.", "review_on": "2027-01-11"}


async def test_a_tenant_settles_in_and_a_repair_knows_the_household(house: House) -> None:
    """The promise is written to the tenant, kept by the visit, and counted; the firm learns how to get in."""
    uprn, email = str(uuid4().int % 10**11 + 1), f"{uuid4().hex}@example.org"
    home = {"uprn": uprn, "address": "5 Mill Lane", "postcode": "RM1 1AA"}
    contact = {"email": email, "access_needs": "Uses a wheelchair."}
    body = {"tenant": "Ada Okafor", "property": home, "vulnerable": True, "contact": contact}
    today = system_clock().date().isoformat()
    tenancy = await house.act("/v1/tenancies", {**body, "started_on": today})
    reference = tenancy["reference"]
    running = await house.deadlines(reference)
    promise = running["residents.settling-in-visit"]
    assert promise["due_at"] == tenancy["deadlines"][0]["due_at"]
    assert promise["working"]["period"] == "3 weeks"
    await house.notices(reference, kind="acknowledgement")
    [letter] = house.letters(reference, to=email)
    assert by(promise["due_at"]) in letter.get_content()

    repair = await house.act("/v1/repairs", {**REPORT, "property": home}, by=RESIDENT)
    assert repair["vulnerable"] is False  # to whoever reports at any home nothing tells of the household
    path = f"/v1/repairs/{repair['reference']}"
    assert (await house.get(path)).json()["vulnerable"] is True
    await house.act(f"{path}/assignment", {"contractor": CONTRACTOR})
    job = (await house.get(path, by=CONTRACTOR)).json()
    assert (job["vulnerable"], job["access_needs"]) == (True, "Uses a wheelchair.")

    await _is_found_by_either_spelling(house, home, repair["reference"])

    soon = (system_clock() + timedelta(days=1)).isoformat()
    await house.act(f"/v1/tenancies/{reference}/settling-in-visit/booking", {"at": soon})
    await house.notices(reference, kind="appointment_booked")
    visited = await house.act(f"/v1/tenancies/{reference}/settling-in-visit", {"support_plan": PLAN})
    assert visited["deadlines"][0]["state"] == "met"
    assert await house.deadlines(reference, state="met")
    figures = (await house.get("/v1/performance")).json()["indicators"]
    [share] = [row for row in figures if row["indicator"] == "residents.plan-in-the-visit"]
    assert share["kept"] >= 1


async def _is_found_by_either_spelling(house: House, home: dict[str, Any], repair: str) -> None:
    """Repairs hears by an event that the home has a reference too, and finds what was reported before."""
    known = f"HAV-{home['uprn']}"
    await house.act("/v1/properties", {**home, "property_reference": known})

    async def found() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (
            await house.get("/v1/repairs", property_reference=known.lower())
        ).json()["items"]
        return items

    [item] = await eventually(found)
    assert (item["reference"], item["property"]["property_reference"]) == (repair, known)
