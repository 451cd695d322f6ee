"""Raising a priority, and calling a repair off: each with its reason."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import booked, free_places, published
from tests.services.repairs.reporting import ago, reported

DANGER = "The ceiling is about to come down on a child's bed."


async def raised(
    client: httpx.AsyncClient, reference: str, priority: int, headers: Headers, **more: Any
) -> httpx.Response:
    body = {"priority": priority, "reason": DANGER, **more}
    return await client.post(f"/v1/repairs/{reference}/priority", json=body, headers=headers)


async def cancelled(
    client: httpx.AsyncClient, reference: str, headers: Headers, **more: Any
) -> httpx.Response:
    body = {"reason": "We have moved out.", **more}
    return await client.post(f"/v1/repairs/{reference}/cancellation", json=body, headers=headers)


def states(case: dict[str, Any]) -> dict[str, str]:
    return {row["standard"]: row["state"] for row in case["deadlines"]}


async def test_danger_makes_an_emergency_of_a_routine_repair(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Its four hours run from the raising; the slower promise falls away; nobody waits for the visit."""
    officer, slot = callers.officer(), await published(repairs, callers.contractor("Fixit"))
    case = await reported(repairs, callers.resident(), received_at=ago(days=1))
    await booked(repairs, case["reference"], slot, callers.resident())
    answer = await raised(repairs, case["reference"], 1, officer, occurred_at=ago(hours=1))
    now = answer.json()
    assert (answer.status_code, now["priority"], now["appointment"]) == (201, 1, None)
    assert states(now)["repairs.priority-3.completed"] == "running"
    assert states(now)["repairs.emergency.made-safe"] == "running"
    assert now["next_deadline"]["due_at"] > ago(hours=-2.9)
    assert await free_places(repairs, slot, officer) == 1


async def test_the_reason_is_for_officers_and_in_no_event(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The reason why somebody is vulnerable stays in the owner's database."""
    case = await reported(repairs, callers.resident())
    await raised(repairs, case["reference"], 2, callers.officer())
    path = f"/v1/repairs/{case['reference']}/reasons"
    (reason,) = (await repairs.get(path, headers=callers.officer())).json()["items"]
    assert (reason["act"], reason["reason"], reason["given_by"]) == ("priority", DANGER, "officer-7")
    assert (await repairs.get(path, headers=callers.resident())).status_code == 403
    assert (await repairs.get(path, headers=callers.officer("complaints"))).status_code == 404
    events = f"/internal/cases/{case['reference']}/events"
    published = await repairs.get(events, headers=callers.service("cases"))
    assert "priority-raised" in published.text
    assert DANGER not in published.text


@pytest.mark.parametrize(
    ("fault", "to", "said"),
    [
        ("leaking-roof", 3, "priority 3, and 3 by the guide; it can be given 1 or 2."),
        ("tap-not-turning", 3, "priority 2, and 2 by the guide; it can be given 1."),
    ],
)
async def test_a_priority_is_never_less_urgent_than_by_the_guide(
    repairs: httpx.AsyncClient, callers: Callers, fault: str, to: int, said: str
) -> None:
    """Nor is it given the one that it has; the refusal says which it can be given."""
    case = await reported(repairs, callers.resident(), fault=fault)
    answer = await raised(repairs, case["reference"], to, callers.officer())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/priority")
    assert said in answer.json()["detail"]


async def test_what_the_guide_calls_an_emergency_stays_one(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """There is nothing above it and nothing to take back, whatever is asked for."""
    case = await reported(repairs, callers.resident(), fault="loss-of-gas")
    for priority in (1, 2):
        answer = await raised(repairs, case["reference"], priority, callers.officer())
        assert (answer.status_code, "priority" in answer.json()["allowed"]) == (409, False)


async def test_an_emergency_leaves_the_handypersons_queue(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It waits for nobody."""
    wish = {"fault": "tap-not-turning", "vulnerable": True, "handyperson": True}
    case = await reported(repairs, callers.resident(), **wish)
    now = (await raised(repairs, case["reference"], 1, callers.officer())).json()
    assert now["handyperson"]["accepted"] is False
    queue = await repairs.get("/v1/repairs?queue=handyperson", headers=callers.officer())
    assert queue.json()["items"] == []


async def test_a_resident_calls_their_repair_off(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Its promises fall away, its visit is free for others, and nothing more can be done to it."""
    resident, slot = callers.resident(), await published(repairs, callers.contractor("Fixit"))
    case = await reported(repairs, resident)
    await booked(repairs, case["reference"], slot, resident)
    answer = await cancelled(repairs, case["reference"], resident)
    over = answer.json()
    assert (answer.status_code, over["status"], over["appointment"]) == (201, "cancelled", None)
    assert set(states(over).values()) == {"cancelled"}
    assert over["next_deadline"] is None
    assert await free_places(repairs, slot, callers.officer()) == 1
    for act, body in {
        "cancellation": {"reason": "Again."},
        "priority": {"priority": 1, "reason": DANGER},
        "assignment": {"contractor": "Other"},
        "updates": {"type": "attended"},
        "appointment": {"slot_id": slot["slot_id"]},
    }.items():
        path = f"/v1/repairs/{case['reference']}/{act}"
        refused = await repairs.post(path, json=body, headers=callers.officer())
        assert (refused.status_code, refused.json()["allowed"]) == (409, ["contact"]), act


async def test_cancelling_hides_no_breach(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A promise broken before the repair was called off stays broken."""
    case = await reported(repairs, callers.officer(), fault="loss-of-gas", received_at=ago(hours=5))
    over = (await cancelled(repairs, case["reference"], callers.officer())).json()
    assert states(over)["repairs.emergency.made-safe"] == "breached"


@pytest.mark.parametrize(("who", "status"), [("neighbour", 404), ("contractor", 403), ("frontend", 403)])
async def test_nobody_else_calls_a_repair_off(
    repairs: httpx.AsyncClient, callers: Callers, who: str, status: int
) -> None:
    """It is the resident's, or the council's, to say that it is not wanted."""
    case = await reported(repairs, callers.resident("sam"))
    headers = {
        "neighbour": callers.resident("alex"),
        "contractor": callers.contractor(),
        "frontend": callers.frontend(),
    }[who]
    assert (await cancelled(repairs, case["reference"], headers)).status_code == status


@pytest.mark.parametrize("act", ["priority", "cancellation"])
async def test_a_reason_must_be_given(repairs: httpx.AsyncClient, callers: Callers, act: str) -> None:
    """Nobody decides without saying why."""
    case = await reported(repairs, callers.resident())
    body = {"reason": "  ", **({"priority": 1} if act == "priority" else {})}
    path = f"/v1/repairs/{case['reference']}/{act}"
    answer = await repairs.post(path, json=body, headers=callers.officer())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")
