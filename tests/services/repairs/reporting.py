"""Repairs reported through the API, and times as the tests tell them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from services.repairs.contractors.policy import OWN_OPERATIVES
from services.repairs.contractors.queries import put_in
from shared.app_state import AppState
from shared.standards.calendar import LONDON
from shared.work import unit_of_work
from tests.services.callers import Headers
from tests.support.clock import house_clock

REPORT: Mapping[str, Any] = {
    "property": {"uprn": "10008352", "address": "1 High Street", "postcode": "RM1 1AA"},
    "fault": "leaking-roof",
    "description": "Water comes through the bedroom ceiling.",
    "channel": "online",
    "contact": {
        "name": "Sam Jones",
        "email": "sam@example.org",
        "phone": "01708 434343",
        "address": "1 High Street, Romford RM1 1AA",
        "access_needs": "Please knock loudly; the dog is friendly.",
    },
}

FIRMS = ("Fixit", "Bodgit", "Other", "Mendem", "Handy", "Late & Sons", "demo-contractor", OWN_OPERATIVES)

COMPLETED: Mapping[str, Any] = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}


async def register_firms(state: AppState) -> None:
    """Register the firms to which the tests give jobs."""
    async with unit_of_work(state) as work:
        await put_in(work, FIRMS)


async def reported(client: httpx.AsyncClient, headers: Headers, **changes: Any) -> dict[str, Any]:
    """A repair that was accepted, as its reporter sees it."""
    answer = await client.post("/v1/repairs", json=timed({**REPORT, **changes}), headers=headers)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


async def assigned(
    client: httpx.AsyncClient, officer: Headers, firm: str = "Fixit", **changes: Any
) -> dict[str, Any]:
    """A repair that was reported to an officer and given to a firm."""
    case = await reported(client, officer, **changes)
    body = {"contractor": firm, "handler": "Pat Smith"}
    answer = await client.post(f"/v1/repairs/{case['reference']}/assignment", json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


def timed(body: Any) -> Any:
    """A body as it is sent now: a span of time in it stands for the instant so far ahead.

    A table of bodies is made before any test has set its clock.
    """
    if isinstance(body, Mapping):
        return {name: timed(value) for name, value in body.items()}
    return zulu(house_clock() + body) if isinstance(body, timedelta) else body


def ago(**span: float) -> str:
    """The instant so long ago, as callers send it."""
    return zulu(house_clock() - timedelta(**span))


def zulu(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def london(text: str) -> datetime:
    """The instant at which London's clocks show "Friday 2024-11-01 09:00"; a wrong weekday is an error."""
    weekday, _, moment = text.partition(" ")
    local = datetime.fromisoformat(moment).replace(tzinfo=LONDON)
    assert f"{local:%A}" == weekday, f"{moment} is a {local:%A}"
    return local.astimezone(UTC)
