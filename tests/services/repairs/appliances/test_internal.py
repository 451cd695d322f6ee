"""Notifications asks one service about its cases of every kind, and is told in one list."""

import httpx

from shared.clients.service_client import ServiceClient
from shared.settings import Settings
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.repairs.appliances.registering import loaded, registered
from tests.services.repairs.reporting import reported
from tests.support.clock import house_clock


async def test_an_appliance_has_a_department_and_nobody_to_write_to(
    repairs: httpx.AsyncClient, callers: Callers, owner: Line, settings: Settings, inside: dict[str, Line]
) -> None:
    """Whoever asks for its contact learns who deals with it; its history is there as a repair's is."""
    services = ServiceClient("notifications", settings, dict(inside))
    reference = (await registered(repairs, callers.officer()))["reference"]
    answer = await services.get("repairs", f"/internal/contacts/{reference}")
    told = answer.json()
    assert (told["contact"], told["handler"]) == ({}, {"name": None, "department": "repairs"})
    assert told["summary"]["what"] == "The yearly service of the heating"
    history = await services.get("repairs", f"/internal/cases/{reference}/events")
    [event] = history.json()["events"]
    assert event["type"] == "repairs.appliance-registered"
    unknown = await services.get("repairs", "/internal/contacts/APP-0000-0000")
    assert unknown.status_code == 404
    await services.close()


async def test_open_cases_of_both_kinds_come_in_one_order(
    repairs: httpx.AsyncClient, callers: Callers, owner: Line, settings: Settings, inside: dict[str, Line]
) -> None:
    """Page after page by reference, without those that have ended."""
    services = ServiceClient("notifications", settings, dict(inside))
    officer = callers.officer()
    file = "kind,address,postcode\n" + "".join(f"heating,{door} High Street,RM1 1AA\n" for door in range(5))
    there = {line["reference"] for line in (await loaded(repairs, officer, file))["lines"]}
    there |= {(await reported(repairs, officer))["reference"] for _ in range(3)}
    gone = (await registered(repairs, officer))["reference"]
    path = f"/v1/appliances/{gone}/removal"
    await repairs.post(path, json={"reason": "Replaced."}, headers=officer)

    found: list[str] = []
    while len(found) < len(there) + 1:
        query = {"after": found[-1] if found else "", "limit": 3}
        before = house_clock().isoformat()
        answer = await services.get("repairs", "/internal/open-cases", recorded_before=before, **query)
        page = [case["reference"] for case in answer.json()["items"]]
        found += page
        if len(page) < 3:
            break
    assert found == sorted(there)
    await services.close()
