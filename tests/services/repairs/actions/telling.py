"""Telling of a job in tests: updates, and the case as they leave it."""

from datetime import timedelta
from typing import Any

import httpx

from tests.services.callers import Headers
from tests.services.repairs.reporting import timed

COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}


def window(**span: float) -> dict[str, timedelta]:
    """A visit from so long ahead, for three hours."""
    start = timedelta(**span)
    return {"starts_at": start, "ends_at": start + timedelta(hours=3)}


AGREED_ON_SITE = window(days=2)
A_SLOT = {"slot_id": "00000000-0000-4000-8000-000000000000"}


def next_visit(**appointment: str | timedelta | None) -> dict[str, Any]:
    return {"type": "follow_on_needed", "appointment": appointment}


async def told(client: httpx.AsyncClient, reference: str, headers: Headers, **update: Any) -> httpx.Response:
    return await client.post(f"/v1/repairs/{reference}/updates", json=timed(update), headers=headers)


async def seen(client: httpx.AsyncClient, reference: str, officer: Headers) -> dict[str, Any]:
    case: dict[str, Any] = (await client.get(f"/v1/repairs/{reference}", headers=officer)).json()
    return case


def state(case: dict[str, Any], standard: str) -> str:
    """The state of one of the case's promises."""
    found: str = next(row["state"] for row in case["deadlines"] if row["standard"] == standard)
    return found


async def given_to(client: httpx.AsyncClient, reference: str, firm: str, officer: Headers) -> None:
    path = f"/v1/repairs/{reference}/assignment"
    assert (await client.post(path, json={"contractor": firm}, headers=officer)).status_code == 201
