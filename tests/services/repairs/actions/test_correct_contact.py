"""A contact is corrected by officers and its resident, on every kind of case and at every time."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.appliances.registering import registered
from tests.services.repairs.appointments.booking import happened
from tests.services.repairs.reporting import REPORT, ago, reported

CONTACT = REPORT["contact"]


async def corrected(
    client: httpx.AsyncClient, reference: str, headers: Headers, **changes: Any
) -> httpx.Response:
    kind = "appliances" if reference.startswith("APP") else "repairs"
    return await client.post(f"/v1/{kind}/{reference}/contact", json=changes, headers=headers)


@pytest.mark.parametrize("who", ["resident", "officer"])
async def test_a_contact_is_corrected_and_its_case_is_one_version_on(
    repairs: httpx.AsyncClient, callers: Callers, who: str
) -> None:
    """Fields that are not named stay; the event that tells of it has nobody in it."""
    case = await reported(repairs, callers.resident())
    assert "contact" in case["allowed"]
    answer = await corrected(
        repairs,
        case["reference"],
        getattr(callers, who)(),
        phone="+44 (0) 7700 900123",
        name="Sam\u00a0Jones-Ray",
    )
    assert (answer.status_code, answer.headers["ETag"]) == (201, f'"{case["version"] + 1}"')
    assert answer.json()["contact"] == case["contact"] | {
        "name": "Sam Jones-Ray",
        "phone": "+44 (0) 7700 900123",
        "phone_e164": "+447700900123",
    }
    assert answer.json()["deadlines"] == case["deadlines"]
    read = await repairs.get(f"/v1/repairs/{case['reference']}", headers=callers.officer())
    assert read.json()["contact"] == answer.json()["contact"]
    assert (await happened(repairs, case["reference"], callers))[-1] == ("contact-corrected", {})


@pytest.mark.parametrize(
    ("who", "status"), [("alex", 404), ("contractor", 403), ("frontend", 403), ("ops", 403), ("estates", 404)]
)
async def test_nobody_else_corrects_it(
    repairs: httpx.AsyncClient, callers: Callers, who: str, status: int
) -> None:
    """A front end cannot know who speaks; another resident learns nothing."""
    others = {
        "alex": callers.resident("alex"),
        "contractor": callers.contractor(),
        "frontend": callers.frontend(),
        "ops": callers.ops(),
        "estates": callers.officer("estates"),
    }
    case = await reported(repairs, callers.frontend())
    answer = await corrected(repairs, case["reference"], others[who], name="Alex")
    assert answer.status_code == status


async def test_a_contact_is_corrected_after_the_end(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """People are written to after it, and may have moved."""
    case = await reported(repairs, callers.resident(), received_at=ago(hours=2))
    path = f"/v1/repairs/{case['reference']}/cancellation"
    ended = await repairs.post(path, json={"reason": "Mended it."}, headers=callers.resident())
    assert ended.json()["allowed"] == ["contact"]
    answer = await corrected(repairs, case["reference"], callers.resident(), address="2 High Street")
    assert (answer.status_code, answer.json()["contact"]["address"]) == (201, "2 High Street")


async def test_a_stale_or_impossible_correction_changes_nothing(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """If-Match, a time before the case, a number that is none, nobody left to reach."""
    case = await reported(repairs, callers.resident())
    reference, officer = case["reference"], callers.officer()
    stale = await corrected(repairs, reference, officer | {"If-Match": '"7"'}, name="Sam")
    assert stale.status_code == 412
    gone = dict.fromkeys(("email", "phone", "address"))
    for changes, pointer in (
        ({"phone": "Mrs Jones (neighbour)"}, "/phone"),
        ({"occurred_at": ago(days=9)}, "/occurred_at"),
        (gone, ""),
    ):
        answer = await corrected(repairs, reference, officer, **changes)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    read = await repairs.get(f"/v1/repairs/{reference}", headers=officer)
    assert (read.json()["version"], read.json()["contact"]) == (case["version"], case["contact"])


async def test_an_appliance_may_get_somebody_to_tell(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """It is registered without; only officers deal with it."""
    appliance = await registered(repairs, callers.officer())
    assert appliance["contact"]["name"] is None
    answer = await corrected(
        repairs, appliance["reference"], callers.officer(), name="Sam", phone="01708 434343"
    )
    shown = answer.json()["contact"]
    assert (answer.status_code, shown["name"], shown["phone_e164"]) == (201, "Sam", "+441708434343")
    resident = await corrected(repairs, appliance["reference"], callers.resident(), name="Alex")
    assert resident.status_code == 403
