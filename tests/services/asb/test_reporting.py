"""Reports: whose they are, and what is done about them."""

from datetime import timedelta

import httpx
import pytest

from shared.standards.periods import civil_date
from tests.services.asb.cases import Cases, dates
from tests.services.callers import Callers
from tests.support.clock import house_clock


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


async def test_a_priority_is_raised_with_a_reason_and_never_lowered(cases: Cases) -> None:
    """Neither by an officer, nor by a tamer incident, nor by a corrected category."""
    reference = (await cases.report())["reference"]
    same = await cases.refused(reference, "priority", {"priority": 2, "reason": "Noise."})
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (422, "/priority")
    assert (await cases.refused(reference, "priority", {"priority": 1})).status_code == 422
    raised = await cases.act(reference, "priority", {"priority": 1, "reason": "Threats."})
    assert raised["priority"] == 1
    assert dates(raised)["asb.priority-1.victim-contact"][1] == "running"
    lowered = await cases.refused(reference, "priority", {"priority": 2, "reason": "Calm now."})
    assert (lowered.status_code, "priority" in lowered.json()["allowed"]) == (409, False)
    incident = {"description": "Rubbish.", "category": "rubbish"}
    assert (await cases.act(reference, "incidents", incident))["priority"] == 1
    corrected = {"category": "rubbish", "reason": "As it proved."}
    assert (await cases.act(reference, "category", corrected))["priority"] == 1


async def test_a_category_that_is_corrected_raises_the_priority(cases: Cases) -> None:
    """Somebody perceives hate only later, and says at last that it was none."""
    reference = (await cases.report())["reference"]
    assert (await cases.refused(reference, "category", {"reason": "Nothing."})).status_code == 422
    hate = {"hate_incident": True, "reason": "She told us what they shout."}
    case = await cases.act(reference, "category", hate)
    assert (case["category"], case["hate_incident"], case["priority"]) == ("noise", True, 1)
    assert dates(case)["asb.priority-1.victim-contact"][1] == "running"
    case = await cases.act(reference, "category", {"category": "harassment", "reason": "More than noise."})
    assert (case["category"], case["hate_incident"]) == ("harassment", True), "what was perceived stays"
    none = {"hate_incident": False, "reason": "The wrong case was corrected."}
    case = await cases.act(reference, "category", none)
    assert (case["hate_incident"], case["priority"]) == (False, 1)
    await cases.act(reference, "closure", {"reason": "Over.", "agreed_with_victim": True})
    assert (await cases.act(reference, "category", hate))["hate_incident"] is True, (
        "figures follow late facts"
    )


async def test_partners_and_tools_are_kept_with_their_days(cases: Cases, asb: httpx.AsyncClient) -> None:
    """In the order in which they were told; none is of a day to come."""
    reference = (await cases.report())["reference"]
    used = [
        {"kind": "referral to the police", "reference": "CAD 123", "date": "2026-11-02"},
        {"kind": "warning letter", "date": "2026-11-10", "notes": "By hand."},
    ]
    for tool in used:
        await cases.act(reference, "actions", tool)
    tomorrow = str(civil_date(house_clock()) + timedelta(days=1))
    refused = await cases.refused(reference, "actions", {"kind": "injunction", "date": tomorrow})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/date")
    diary = (await asb.get(f"/v1/asb/{reference}/diary", headers=cases.officer())).json()["items"]
    assert [entry["said"] for entry in diary if entry["act"] == "actions"] == used
