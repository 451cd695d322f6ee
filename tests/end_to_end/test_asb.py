"""A hate crime in a whole house: what leaves the service that keeps it, and what does not.

The person complained of is a tenant with a telephone and cases of their own.
"""

import json
import re
from typing import Any

from tests.end_to_end.houses import ASB_OFFICER, CONTRACTOR, FRONTEND, NEIGHBOUR, OFFICER, RESIDENT, House
from tests.support.eventually import eventually

CANARY = "Zephyrine Quillfeather"
PHONE = "07700 900471"
TELLING = re.compile(r"anti-social|\bhate|victim", re.IGNORECASE)
REPORT = {
    "category": "hate_crime",
    "description": f"{CANARY} is shouted at.",
    "channel": "phone",
    "contact": {
        "name": CANARY,
        "phone": PHONE,
        "email": "zephyrine@example.org",
        "preferred_channel": "phone",
        "safe_to_contact": False,
    },
    "property": {"address": "7 Quillfeather Way", "postcode": "RM7 7ZQ"},
    "alleged_perpetrator": {"name": "Demo Resident", "address": "9 Quillfeather Way"},
}
DAMAGE = {
    "fault": "insecure-window-door-or-lock",
    "for_contractor": "The lock of the front door.",
    "description": f"{CANARY}'s door was kicked in.",
    "repair_responsibility": True,
}


async def made_safe(house: House, reference: str) -> dict[str, Any] | None:
    """The damage of a case, once repairs has told that it is safe."""
    [damage] = (await house.get(f"/v1/asb/{reference}", by=ASB_OFFICER)).json()["damages"]
    return damage if damage["made_safe_at"] else None


async def the_repair(house: House, reference: str) -> dict[str, Any] | None:
    """The repair of a case's damage, once its home is known."""
    rows = (await house.get("/v1/repairs", by=OFFICER, limit="100")).json()["items"]
    located = [row for row in rows if row["asb_damage"] and "Quillfeather" in row["property"]["address"]]
    return located[0] if located else None


async def test_nothing_of_a_victim_leaves(house: House) -> None:
    """Reported, damaged, made safe, told back: the firm reads an address and a lock, the accused nothing."""
    case = await house.act("/v1/asb", REPORT, by=ASB_OFFICER)
    reference, path = case["reference"], f"/v1/asb/{case['reference']}"
    assert (case["priority"], case["team"]) == (1, [ASB_OFFICER])
    await house.act(f"{path}/risk", {"score": "high", "reason": CANARY}, by=ASB_OFFICER)
    await house.act(f"{path}/damage", DAMAGE, by=ASB_OFFICER)

    repair = await eventually(lambda: the_repair(house, reference), 20)
    job = f"/v1/repairs/{repair['reference']}"
    await house.act(f"{job}/assignment", {"contractor": CONTRACTOR}, by=OFFICER)
    seen = await house.get(job, by=CONTRACTOR)
    assert seen.json()["fault"] == "insecure-window-door-or-lock"
    assert not TELLING.search(seen.text)
    assert "asb" not in seen.text.lower()
    assert CANARY not in seen.text
    await house.act(f"{job}/updates", {"type": "made_safe"}, by=CONTRACTOR)
    await eventually(lambda: made_safe(house, reference), 20)

    for by in (RESIDENT, NEIGHBOUR, OFFICER):
        for hidden in (path, f"/v1/cases/{reference}/timeline", f"/v1/cases/{reference}/deadlines"):
            assert (await house.get(hidden, by=by)).status_code in {403, 404}
    for by, hidden in ((RESIDENT, "/v1/asb"), (RESIDENT, "/v1/me/cases"), (OFFICER, "/v1/notices")):
        assert reference not in (await house.get(hidden, by=by)).text
    tracking = {"surname": "Quillfeather", "postcode": "RM7 7ZQ"}
    claim = {"reference": reference, **tracking}
    assert (await house.post("/v1/me/cases/claims", claim, by=RESIDENT)).status_code == 404
    assert (await house.post(f"{path}/tracking", tracking, by=FRONTEND)).status_code in {403, 404, 405}

    [high_risk] = await house.notices(reference, kind="high_risk", by=ASB_OFFICER)
    assert high_risk["audience"] == "manager"
    told = await house.notices(reference, kind="acknowledgement", by=ASB_OFFICER)
    assert [notice["audience"] for notice in told] == ["department"], "it is not safe to write to her"
    mail = [letter.as_string() for letter in house.letters(reference)]
    assert mail
    left = [*mail, *map(json.dumps, house.log()), (await house.get(job, by=OFFICER)).text]
    assert not [text for text in left if CANARY in text or PHONE in text or "zephyrine" in text]
