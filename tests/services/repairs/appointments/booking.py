"""Slots that firms publish, and bookings of them, in these tests."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import zulu
from tests.support.clock import house_clock


def in_days(days: float, hours: float = 0) -> datetime:
    return house_clock() + timedelta(days=days, hours=hours)


def slot_of(starts_at: datetime, **changes: Any) -> dict[str, Any]:
    """A window of three hours for one roofer, unless changed."""
    ends_at = starts_at + timedelta(hours=3)
    slot = {"trade": "roofing", "starts_at": zulu(starts_at), "ends_at": zulu(ends_at), "capacity": 1}
    return {**slot, **changes}


async def published(
    client: httpx.AsyncClient, headers: Headers, starts_at: datetime | None = None, **changes: Any
) -> dict[str, Any]:
    """A slot that is open for booking, two days ahead unless said otherwise."""
    body = slot_of(starts_at or in_days(2), **changes)
    answer = await client.post("/v1/slots", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    slot: dict[str, Any] = answer.json()
    return slot


async def booking(
    client: httpx.AsyncClient, reference: str, slot: dict[str, Any], headers: Headers, **known: str
) -> httpx.Response:
    """The answer to somebody's choosing a slot."""
    path = f"/v1/repairs/{reference}/appointment"
    return await client.post(path, json={"slot_id": slot["slot_id"], **known}, headers=headers)


async def booked(
    client: httpx.AsyncClient, reference: str, slot: dict[str, Any], headers: Headers
) -> dict[str, Any]:
    """The repair, with its appointment."""
    answer = await booking(client, reference, slot, headers)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    assert case["appointment"]["slot_id"] == slot["slot_id"]
    return case


async def free_places(client: httpx.AsyncClient, slot: dict[str, Any], headers: Headers) -> int:
    answer = await client.get(f"/v1/slots/{slot['slot_id']}", headers=headers)
    free: int = answer.json()["free"]
    return free


async def happened(client: httpx.AsyncClient, reference: str, callers: Callers) -> list[tuple[str, Any]]:
    """The events of a repair, but for its report: each type with its facts."""
    path = f"/internal/cases/{reference}/events"
    answer = await client.get(path, headers=callers.service("cases"))
    told = [(event["type"].removeprefix("repairs."), event["data"]) for event in answer.json()["events"]]
    return told[1:]
