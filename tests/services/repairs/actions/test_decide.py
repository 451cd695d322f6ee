"""A firm's earlier time than its own first word: that word stands until an officer decides."""

from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.repairs.actions.telling import COMPLETED, given_to, seen, state, told
from tests.services.repairs.reporting import ago, assigned

WHY = {"reason": "The log book shows it."}


def waiting(case: dict[str, Any]) -> bool:
    return "updates/{number}/decision" in case["allowed"]


async def decided(
    client: httpx.AsyncClient, callers: Callers, reference: str, number: int, *, accepted: bool
) -> httpx.Response:
    path = f"/v1/repairs/{reference}/updates/{number}/decision"
    return await client.post(path, json={**WHY, "accepted": accepted}, headers=callers.officer())


@pytest.mark.parametrize(
    ("accepted", "after"), [(True, ("met", "met")), (False, ("late", "late"))], ids=["accepted", "refused"]
)
async def test_the_first_word_stands_until_an_officer_decides(
    repairs: httpx.AsyncClient, callers: Callers, accepted: bool, after: tuple[str, str]
) -> None:
    """Done after eight days, said the firm; after two hours, it says later, and nothing moves by that."""
    job = await assigned(repairs, callers.officer(), fault="loss-of-gas", received_at=ago(days=9))
    reference, firm = job["reference"], callers.contractor()
    await told(repairs, reference, firm, **COMPLETED, occurred_at=ago(days=1))
    earlier = {**COMPLETED, "occurred_at": ago(days=8, hours=22)}
    for _ in range(2):  # a phone that lost our answer repeats itself
        answer = await told(repairs, reference, firm, **earlier)
        assert (answer.status_code, state(answer.json(), "repairs.priority-1.completed")) == (201, "late")
    case = await seen(repairs, reference, callers.officer())
    assert (waiting(case), state(case, "repairs.right-to-repair")) == (True, "late")
    updates = (await repairs.get(f"/v1/repairs/{reference}/updates", headers=callers.officer())).json()
    assert [update["decision"] for update in updates["items"]] == [None, "pending"]
    number = updates["items"][1]["number"]
    case = (await decided(repairs, callers, reference, number, accepted=accepted)).json()
    assert not waiting(case)
    standards = ("repairs.priority-1.completed", "repairs.right-to-repair")
    assert tuple(state(case, standard) for standard in standards) == after
    again = await decided(repairs, callers, reference, number, accepted=accepted)
    assert (again.status_code, again.json()["detail"]) == (409, "This update waits for no decision.")
    reasons = (await repairs.get(f"/v1/repairs/{reference}/reasons", headers=callers.officer())).json()
    assert reasons["items"][-1]["reason"] == WHY["reason"]


async def test_who_decides_and_on_what(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Officers, on an update of that job that waits for it; a number of another job is unknown."""
    job = await assigned(repairs, callers.officer(), received_at=ago(hours=6))
    reference, firm = job["reference"], callers.contractor()
    await told(repairs, reference, firm, **COMPLETED, occurred_at=ago(hours=1))
    path = f"/v1/repairs/{reference}/updates"
    first = (await repairs.get(path, headers=firm)).json()["items"][0]["number"]
    assert (await decided(repairs, callers, reference, first, accepted=True)).status_code == 409
    await told(repairs, reference, firm, **COMPLETED, occurred_at=ago(hours=3))
    assert (await decided(repairs, callers, reference, first, accepted=True)).status_code == 409
    assert (await decided(repairs, callers, reference, first + 10_000, accepted=True)).status_code == 404
    body = {**WHY, "accepted": True}
    refused = await repairs.post(f"{path}/{first}/decision", json=body, headers=firm)
    assert refused.status_code == 403


async def test_only_a_firms_own_first_word_stands_against_it(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Another firm's late first word counts, as an officer's does; made safe is a word of its own."""
    officer = callers.officer()
    job = await assigned(repairs, officer, fault="loss-of-gas", received_at=ago(hours=9))
    reference = job["reference"]
    await told(repairs, reference, callers.contractor(), type="attended", occurred_at=ago(hours=8))
    await given_to(repairs, reference, "Bodgit", officer)
    await told(repairs, reference, callers.contractor("Bodgit"), **COMPLETED, occurred_at=ago())
    safe = {"type": "made_safe", "occurred_at": ago(hours=7)}
    case = (await told(repairs, reference, officer, **safe)).json()
    assert (state(case, "repairs.emergency.made-safe"), waiting(case)) == ("met", False)
    case = (await told(repairs, reference, officer, **COMPLETED, occurred_at=ago(hours=6))).json()
    assert (state(case, "repairs.priority-1.completed"), waiting(case)) == ("met", False)
