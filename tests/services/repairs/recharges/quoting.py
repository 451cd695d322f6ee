"""Charges that are quoted for repairs, and read again."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.services.callers import Headers
from tests.services.repairs.reporting import assigned

QUOTE = {"reason": "The door was kicked in.", "estimated_cost": "120.00", "administration_charge": "18.00"}
SIGNATURE = {"signed_by": "Sam Jones", "signature": "Sam Jones"}


async def act(
    client: httpx.AsyncClient, reference: str, path: str, headers: Headers, body: Mapping[str, Any]
) -> httpx.Response:
    return await client.post(f"/v1/repairs/{reference}/{path}", json=body, headers=headers)


async def quoted(client: httpx.AsyncClient, officer: Headers, **changes: Any) -> dict[str, Any]:
    """Fixit's job, for which the resident is asked £138."""
    job = await assigned(client, officer, **changes)
    answer = await act(client, job["reference"], "recharge", officer, QUOTE)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


async def seen(client: httpx.AsyncClient, reference: str, headers: Headers) -> dict[str, Any]:
    case: dict[str, Any] = (await client.get(f"/v1/repairs/{reference}", headers=headers)).json()
    return case


def about_charge(refused: httpx.Response) -> list[str]:
    """The acts about the charge among those that a refusal says are allowed."""
    return [act for act in refused.json()["allowed"] if act.startswith("recharge")]
