"""Appliances put on the register through the API, serviced and removed."""

from typing import Any

import httpx

from tests.services.callers import Headers
from tests.services.repairs.reporting import london, zulu

BOILER = {
    "kind": "heating",
    "property": {"address": "1 High Street, Romford", "postcode": "RM1 1AA"},
    "last_serviced_on": "2026-03-02",
}
REGISTERED = zulu(london("Tuesday 2026-03-03 09:00"))


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


async def serviced(client: httpx.AsyncClient, officer: Headers, reference: str, **body: Any) -> Any:
    """The appliance after a service that was accepted."""
    answer = await client.post(f"/v1/appliances/{reference}/services", json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def services(client: httpx.AsyncClient, officer: Headers, reference: str) -> list[tuple[Any, ...]]:
    """Every service that it has had: the day, the certificate, the notes."""
    answer = await client.get(f"/v1/appliances/{reference}/services", headers=officer)
    return [(row["serviced_on"], row["certificate"], row["notes"]) for row in answer.json()["items"]]


async def removed(client: httpx.AsyncClient, officer: Headers, reference: str) -> dict[str, Any]:
    """The appliance, taken off the register."""
    path = f"/v1/appliances/{reference}/removal"
    answer = await client.post(path, json={"reason": "Replaced by a heat pump."}, headers=officer)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case
