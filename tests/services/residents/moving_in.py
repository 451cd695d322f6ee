"""Tenancies and homes as tests record them."""

from typing import Any

import httpx

from tests.services.callers import Callers, Headers

HOME = {"uprn": "10008352", "address": "1 High Street, Romford", "postcode": "RM1 1AA"}
CONTACT = {"email": "ada@example.org", "phone": "01708 434343", "access_needs": "Ring twice."}
TENANCY = {"tenant": "Ada Okafor", "property": HOME, "started_on": "2026-11-02", "contact": CONTACT}
PLAN = {
    "needs": "Help with the electricity account.",
    "actions": "We ring together.",
    "review_on": "2027-01-11",
}


def keeper(callers: Callers) -> Headers:
    """An officer of the residents department."""
    return callers.officer("residents")


async def started(client: httpx.AsyncClient, officer: Headers, **changes: Any) -> dict[str, Any]:
    """A tenancy as it was recorded."""
    return await done(client, officer, "/v1/tenancies", **{**TENANCY, **changes})


async def households(
    client: httpx.AsyncClient, service: Headers, *questions: dict[str, str]
) -> httpx.Response:
    """The answer to a service that asks about the households in some homes."""
    asked = {"questions": [{"purpose": "a repair is reported", **question} for question in questions]}
    return await client.post("/internal/households", json=asked, headers=service)


async def events_of(client: httpx.AsyncClient, callers: Callers, reference: str) -> list[str]:
    """The types of a case's events, in order."""
    answer = await client.get(f"/internal/cases/{reference}/events", headers=callers.service("cases"))
    return [event["type"] for event in answer.json()["events"]]


async def done(client: httpx.AsyncClient, by: Headers, path: str, **body: Any) -> dict[str, Any]:
    """The answer to something that is allowed."""
    answer = await client.post(path, json=body, headers=by)
    assert answer.status_code == 201, answer.text
    result: dict[str, Any] = answer.json()
    return result
