"""Views of a repair for those who are not to learn of the household: firms and front ends."""

from typing import Any

import httpx

from services.repairs.views.schemas import FOLLOWED, RepairOut
from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import published
from tests.services.repairs.hazards.homes import SUMMARY
from tests.services.repairs.reporting import REPORT, ago, assigned, reported

KNOWN = {"surname": "Jones", "postcode": "RM1 1AA"}
MOULD = {"hazard": "damp-and-mould", "severity": "significant"}
INVESTIGATED = {"finding": "significant", "further_work_needed": True}
OF_THE_LAW = {
    "repairs.hazard.significant.investigated",
    "repairs.hazard.summary",
    "repairs.hazard.significant.made-safe",
    "repairs.hazard.preventive-work.steps-taken",
    "repairs.hazard.preventive-work.begun",
}


async def mouldy_home(client: httpx.AsyncClient, officer: Headers) -> dict[str, Any]:
    """Fixit's job in a home in which mould was found, with every clock that Awaab's law starts for it."""
    job = await assigned(client, officer, hazard=MOULD, received_at=ago(days=1))
    answer = await client.post(
        f"/v1/repairs/{job['reference']}/hazard/investigation", json=INVESTIGATED, headers=officer
    )
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    assert {row["standard"] for row in case["deadlines"]} > OF_THE_LAW
    return case


def due(case: dict[str, Any], standard: str) -> str:
    [found] = [row["due_at"] for row in case["deadlines"] if row["standard"] == standard]
    return str(found)


async def test_a_firm_is_given_the_dates_that_it_can_keep(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The safety work of the hazard is among them; the summary and what else is the officer's is not.

    The next date is the first of those, though the summary is due before it; what the firm tells meets it.
    """
    case = await mouldy_home(repairs, callers.officer())
    path, firm = f"/v1/repairs/{case['reference']}", callers.contractor()
    made_safe = "repairs.hazard.significant.made-safe"
    job = (await repairs.get(path, headers=firm)).json()
    kept = {"repairs.right-to-repair", "repairs.priority-3.completed"}
    assert {row["standard"] for row in job["deadlines"]} == kept | {made_safe}
    assert due(job, made_safe) == due(case, made_safe)
    assert job["hazard"] == {"hazard": "damp-and-mould", "severity": "significant"}
    assert case["next_deadline"]["standard"] == "repairs.hazard.summary"
    assert job["next_deadline"]["standard"] == made_safe
    told = (await repairs.post(f"{path}/updates", json={"type": "made_safe"}, headers=firm)).json()
    assert {row["standard"]: row["state"] for row in told["deadlines"]}[made_safe] == "met"
    assert told["next_deadline"]["standard"] in kept


async def test_an_emergency_hazard_on_a_routine_fault_is_an_emergency_to_everybody(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """To make safe in 24 hours, and to the firm nothing later; once it is safe the routine dates are back."""
    gas = {"hazard": "uncombusted-fuel-gas", "severity": "emergency"}
    job = await assigned(repairs, callers.officer(), fault="other", hazard=gas)
    path, made_safe = f"/v1/repairs/{job['reference']}", "repairs.hazard.emergency.made-safe"
    assert (job["priority"], job["emergency"], job["next_deadline"]["promise"]) == (
        3,
        True,
        "We will look into an emergency hazard within 24 hours of hearing of it.",
    )
    seen = (await repairs.get(path, headers=callers.contractor())).json()
    assert (seen["emergency"], seen["hazard"]) == (True, gas)
    assert [row["standard"] for row in seen["deadlines"]] == [made_safe]
    assert "28 working days" not in str(seen)
    residents = await reported(repairs, callers.resident(), fault="other", hazard=gas)
    assert "We will look into an emergency hazard within 24 hours" in str(residents)
    assert "28 working days" not in str(residents)
    assert "28 working days" in str(job)
    offers = await repairs.get(f"{path}/appointment-offers", headers=callers.officer())
    assert offers.json()["items"] == []
    safe = {"type": "made_safe"}
    seen = (await repairs.post(f"{path}/updates", json=safe, headers=callers.contractor())).json()
    assert (seen["emergency"], "28 working days" in str(seen)) == (False, True)


# Every field of a repair, and whether a front end that follows one sees it; of a new one somebody decides.
FRONT_ENDS_SEE = {
    "reference": True,
    "status": True,
    "summary": True,
    "channel": True,
    "received_at": True,
    "handler": True,
    "deadlines": True,
    "next_deadline": True,
    "imported": True,
    "version": True,
    "allowed": True,
    "updated_at": True,
    "priority": True,
    "emergency": True,
    "fault": True,
    "description": False,
    "property": True,
    "contact": False,
    "vulnerable": False,
    "access_needs": False,
    "visit_in_pairs": False,
    "contractor": False,
    "caused_by_resident": False,
    "hazard": False,
    "asb_damage": False,
    "recharge": True,
    "tenure": False,
    "estimate": False,
    "right_to_repair": False,
    "compensation": False,
    "handyperson": False,
    "appointment": True,
    "appointment_offers": True,
}
# The sums without the names and the story, and the dates without their reasons.
IN_OTHER_WORDS = {"recharge", "deadlines", "next_deadline"}
# The damage has a story of its own, in asb_damage; the slots are in the answer to a report only.
NOT_IN_THIS_STORY = {"asb_damage", "appointment_offers"}


async def troubled_home(client: httpx.AsyncClient, callers: Callers) -> dict[str, Any]:
    """A repair that a front end brought, with all that there can be to it, as an officer sees it."""
    officer = callers.officer()
    troubles: dict[str, Any] = {
        "vulnerable": True,
        "handyperson": True,
        "tenure": "secure",
        "hazard": MOULD,
    }
    job = await reported(
        client, callers.frontend(), fault="tap-not-turning", received_at=ago(days=30), **troubles
    )
    slot = await published(client, callers.contractor("Bodgit"), trade="handyperson")
    quote = {
        "reason": "The tap was kicked off.",
        "estimated_cost": "120.00",
        "administration_charge": "18.00",
    }
    for act, body in (
        ("assignment", {"contractor": "Fixit", "handler": "Pat Smith"}),
        ("second-contractor", {"contractor": "Bodgit", "occurred_at": ago(days=20)}),
        ("hazard/investigation", INVESTIGATED),
        ("hazard/summary", SUMMARY),
        ("estimate", {"amount": "120.00"}),
        ("recharge", quote),
        ("recharge/signature", {"signed_by": "Sam Jones", "signature": "Sam Jones"}),
        ("appointment", {"slot_id": slot["slot_id"]}),
    ):
        answer = await client.post(f"/v1/repairs/{job['reference']}/{act}", json=body, headers=officer)
        assert answer.status_code == 201, f"{act}: {answer.text}"
    case: dict[str, Any] = answer.json()
    assert {name for name, value in case.items() if value is None} == NOT_IN_THIS_STORY
    return case


def test_every_field_is_decided_about() -> None:
    """A field that somebody adds to a repair is not shown to front ends by oversight, nor kept back by it."""
    assert FRONT_ENDS_SEE.keys() == RepairOut.model_fields.keys()
    assert {name for name, seen in FRONT_ENDS_SEE.items() if seen} == FOLLOWED


async def test_a_front_end_follows_the_job_and_learns_nothing_of_the_household(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Whoever can track it learns when somebody comes, and no name, words or troubles."""
    case = await troubled_home(repairs, callers)
    path = f"/v1/repairs/{case['reference']}"
    answer = await repairs.post(f"{path}/tracking", json=KNOWN, headers=callers.frontend())
    seen = answer.json()
    assert seen.keys() == FRONT_ENDS_SEE.keys()
    for name, shown in FRONT_ENDS_SEE.items():
        if name not in IN_OTHER_WORDS | {"allowed", "appointment_offers"}:
            assert seen[name] == (case[name] if shown else None), name
    assert set(seen["allowed"]) <= {"appointment", "appointment/cancellation"}
    assert seen["appointment_offers"] == []
    job = (await repairs.get(path, headers=callers.contractor("Bodgit"))).json()
    assert [row["due_at"] for row in seen["deadlines"]] == [row["due_at"] for row in job["deadlines"]]
    assert {row["standard"] for row in seen["deadlines"]} >= {"repairs.job"}
    assert seen["recharge"] == {
        "status": "signed",
        "estimated_cost": "120.00",
        "administration_charge": "18.00",
        "total": "138.00",
    }
    for private in ("hazard", "mould", "Sam Jones", "kicked", REPORT["description"]):
        assert private not in answer.text.replace('"hazard":null', "")


async def test_an_act_shows_a_front_end_no_more_than_following_does(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It may arrange the visit of what it brought, and is told no more of it than before."""
    case = await troubled_home(repairs, callers)
    path = f"/v1/repairs/{case['reference']}"
    acted = await repairs.post(f"{path}/appointment/cancellation", json={}, headers=callers.frontend())
    assert acted.status_code == 201
    followed = (await repairs.post(f"{path}/tracking", json=KNOWN, headers=callers.frontend())).json()
    assert acted.json() == followed | {"appointment_offers": None}


async def test_a_front_ends_own_report_is_answered_whole(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It has just sent the words, and shows them to whoever typed them."""
    case = await reported(repairs, callers.frontend(), hazard=MOULD, caused_by_resident=True)
    assert (case["description"], case["contact"]["name"]) == (REPORT["description"], "Sam Jones")
    assert (case["hazard"]["hazard"], case["caused_by_resident"]) == ("damp-and-mould", True)
    assert "awaabs_law" in {row["regime"] for row in case["deadlines"]}
