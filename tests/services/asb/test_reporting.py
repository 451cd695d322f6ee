"""Reports: whose they are, and what is done about them."""

import httpx
import pytest

from tests.services.asb.cases import Cases
from tests.services.callers import Callers


@pytest.mark.parametrize("reporter", ["witness", "professional"])
async def test_whoever_saw_it_reads_nothing_of_the_victim(
    cases: Cases, callers: Callers, asb: httpx.AsyncClient, reporter: str
) -> None:
    """Officers add where the victim lives and how to reach them; the neighbour who rang in may be anybody."""
    neighbour = callers.resident("neighbour")
    case = await cases.report(neighbour, reporter=reporter)
    assert case["reference"].startswith("CAS-")
    path = f"/v1/asb/{case['reference']}"
    assert (await asb.get(path, headers=neighbour)).status_code == 404
    assert (await asb.get("/v1/asb", headers=neighbour)).json()["items"] == []
    for act, body in (("contact", {"safe_to_contact": True}), ("incidents", {"description": "Again."})):
        assert (await cases.refused(case["reference"], act, body, neighbour)).status_code == 404
    assert (await cases.read(case["reference"]))["reporter"] == reporter


async def test_a_victim_reads_their_own_report(cases: Cases, callers: Callers) -> None:
    """Without this the test before would show nothing."""
    victim = callers.resident("ada")
    case = await cases.report(victim)
    assert (await cases.read(case["reference"], victim))["contact"]["name"] == "Sam Jones"


async def test_damage_to_a_case_that_was_brought_over_is_repaired(
    cases: Cases, callers: Callers, asb: httpx.AsyncClient
) -> None:
    """The case is history; the door that was kicked in this morning is not."""
    case = await cases.report(cases.officer("alex", "import"), imported=True)
    damage = {
        "fault": "insecure-window-door-or-lock",
        "description": "The door.",
        "repair_responsibility": True,
    }
    await cases.act(case["reference"], "damage", damage)
    path = f"/internal/cases/{case['reference']}/events"
    told = (await asb.get(path, headers=callers.service("cases"))).json()["events"]
    [fact] = [event["data"] for event in told if event["type"] == "asb.damage-reported"]
    assert fact["imported"] is False
