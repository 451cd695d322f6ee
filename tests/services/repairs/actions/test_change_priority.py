"""Taking back a raise that was a mistake: what falls away with it, and what it cannot undo."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import booked, happened, published
from tests.services.repairs.reporting import ago, assigned, reported

MISTAKE = "A slip of the keyboard."
STANDARDS: Mapping[int | str, str] = {
    "made-safe": "repairs.emergency.made-safe",
    1: "repairs.priority-1.completed",
    2: "repairs.priority-2.completed",
    3: "repairs.priority-3.completed",
}


async def given(
    client: httpx.AsyncClient, reference: str, headers: Headers, priority: int, **more: Any
) -> httpx.Response:
    body = {"priority": priority, "reason": MISTAKE, **more}
    return await client.post(f"/v1/repairs/{reference}/priority", json=body, headers=headers)


def clocks(case: dict[str, Any], standard: int | str) -> list[str]:
    """The states of the case's clocks under one standard, in the order in which they were started."""
    return [row["state"] for row in case["deadlines"] if row["standard"] == STANDARDS[standard]]


@pytest.mark.parametrize(
    ("fault", "priorities", "told", "running"),
    [
        ("leaking-roof", (1, 3), [("raised", 1), ("corrected", 3)], {3}),
        ("leaking-roof", (2, 3), [("raised", 2), ("corrected", 3)], {3}),
        # what it should have been raised to runs from the correction
        ("leaking-roof", (1, 2), [("raised", 1), ("corrected", 3), ("raised", 2)], {3, 2}),
        # the first raise was none of the mistake, and its clock has run all the time
        ("leaking-roof", (2, 1, 2), [("raised", 2), ("raised", 1), ("corrected", 2)], {3, 2}),
        ("leaking-roof", (2, 1, 3), [("raised", 2), ("raised", 1), ("corrected", 3)], {3}),
        ("leaking-roof", (1, 3, 1), [("raised", 1), ("corrected", 3), ("raised", 1)], {3, 1, "made-safe"}),
        ("tap-not-turning", (1, 2), [("raised", 1), ("corrected", 2)], {2}),
    ],
)
async def test_only_the_clocks_of_the_raise_fall_away(
    repairs: httpx.AsyncClient,
    callers: Callers,
    fault: str,
    priorities: tuple[int, ...],
    told: list[tuple[str, int]],
    running: set[int | str],
) -> None:
    """Those that ran before it were never stopped, and the history keeps the raise and the correction."""
    case = await reported(repairs, callers.resident(), fault=fault)
    for priority in priorities:
        answer = await given(repairs, case["reference"], callers.officer(), priority)
        assert answer.status_code == 201, answer.text
    now = answer.json()
    assert now["priority"] == priorities[-1]
    assert {standard for standard in STANDARDS if "running" in clocks(now, standard)} == running
    happenings = await happened(repairs, case["reference"], callers)
    changes = [(type, facts) for type, facts in happenings if type.startswith("priority")]
    assert changes == [(f"priority-{change}", {"priority": priority}) for change, priority in told]
    path = f"/v1/repairs/{case['reference']}/reasons"
    reasons = (await repairs.get(path, headers=callers.officer())).json()["items"]
    assert [reason["act"] for reason in reasons] == ["priority"] * len(priorities)


async def test_what_was_met_or_broken_meanwhile_stays(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Somebody came and made it safe in time, nobody finished it: the correction hides neither."""
    officer = callers.officer()
    reference = (await assigned(repairs, officer, received_at=ago(days=1)))["reference"]
    await given(repairs, reference, officer, 1, occurred_at=ago(hours=6))
    safe = {"type": "made_safe", "occurred_at": ago(hours=5)}
    await repairs.post(f"/v1/repairs/{reference}/updates", json=safe, headers=callers.contractor())
    now = (await given(repairs, reference, officer, 3)).json()
    assert (clocks(now, "made-safe"), clocks(now, 1), clocks(now, 3)) == (["met"], ["breached"], ["running"])
    assert now["next_deadline"]["standard"] != STANDARDS[1]


async def test_a_priority_changes_forwards_in_time(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A mistake is not taken back before it was made, nor is a raise slipped in before its correction."""
    officer = callers.officer()
    reference = (await reported(repairs, officer, received_at=ago(days=1)))["reference"]
    assert (await given(repairs, reference, officer, 1, occurred_at=ago(hours=2))).status_code == 201
    early = await given(repairs, reference, officer, 3, occurred_at=ago(hours=3))
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/occurred_at")
    assert (await given(repairs, reference, officer, 3, occurred_at=ago(hours=1))).status_code == 201
    early = await given(repairs, reference, officer, 2, occurred_at=ago(hours=1.5))
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/occurred_at")


async def test_what_is_no_emergency_any_more_waits_and_is_visited_as_before(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It is back in the handyperson's queue, and a visit can be booked again for the one called off."""
    officer, resident = callers.officer(), callers.resident()
    wish = {"fault": "tap-not-turning", "vulnerable": True, "handyperson": True}
    slot = await published(repairs, officer, trade="handyperson", contractor="Handy")
    reference = (await reported(repairs, resident, **wish))["reference"]
    await given(repairs, reference, officer, 1)
    now = (await given(repairs, reference, officer, 2)).json()
    assert now["handyperson"]["accepted"] is True
    queue = await repairs.get("/v1/repairs?queue=handyperson", headers=officer)
    assert [waiting["reference"] for waiting in queue.json()["items"]] == [reference]
    await booked(repairs, reference, slot, resident)
