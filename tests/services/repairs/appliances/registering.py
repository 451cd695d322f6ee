"""Appliances put on the register through the API."""

from typing import Any

import httpx

from tests.services.callers import Headers

BOILER = {
    "kind": "heating",
    "property": {"address": "1 High Street, Romford", "postcode": "RM1 1AA"},
    "last_serviced_on": "2026-03-02",
}


async def registered(client: httpx.AsyncClient, officer: Headers, **changes: Any) -> dict[str, Any]:
    """An appliance that was accepted."""
    answer = await client.post("/v1/appliances", json=BOILER | changes, headers=officer)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


async def loaded(client: httpx.AsyncClient, officer: Headers, file: str | bytes) -> dict[str, Any]:
    """The outcome of a file."""
    answer = await sent(client, officer, file)
    assert answer.status_code == 201, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def sent(client: httpx.AsyncClient, officer: Headers, file: str | bytes) -> httpx.Response:
    """The answer to a file."""
    headers = officer | {"Content-Type": "text/csv"}
    return await client.post("/v1/appliances/register", content=file, headers=headers)


async def on_the_register(client: httpx.AsyncClient, officer: Headers, **query: Any) -> list[dict[str, Any]]:
    """Every page of the list, two at a time."""
    found: list[dict[str, Any]] = []
    asked = query | {"limit": 2}
    while True:
        answer = await client.get("/v1/appliances", params=asked, headers=officer)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return found
        asked["cursor"] = answer.json()["next"]
