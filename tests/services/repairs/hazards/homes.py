"""Homes with a hazard, what is done about it, and what the law then promises."""

from typing import Any

import httpx

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import london, reported, zulu

MOULD = {"hazard": "damp-and-mould", "severity": "significant"}
GAS = {"hazard": "uncombusted-fuel-gas", "severity": "emergency"}
SUMMARY = {
    "hazard": "damp-and-mould",
    "action": "We treat the mould in the bathroom.",
    "begin_by": "2026-02-12",
    "complete_by": "2026-04-01",
    "contact": "Pat Smith, 01708 434343.",
    "how_to_complain": "Write to complaints@example.org.",
}
REPORTED = "Monday 2026-02-02 10:00"
INVESTIGATED = "Monday 2026-02-09 15:00"
COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}


def at(moment: str) -> str:
    return zulu(london(moment))


class Home:
    """A repair with a hazard, and what an officer does about it."""

    def __init__(self, client: httpx.AsyncClient, headers: Headers, reference: str) -> None:
        self._client, self._headers = client, headers
        self.path = f"/v1/repairs/{reference}"

    async def act(self, act: str, moment: str | None = None, **body: Any) -> dict[str, Any]:
        """The case after an act about its hazard that is allowed."""
        answer = await self.tried(act, moment, **body)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case

    async def tried(self, act: str, moment: str | None = None, **body: Any) -> httpx.Response:
        when = {"occurred_at": at(moment)} if moment else {}
        path = f"{self.path}/hazard/{act}" if act else f"{self.path}/hazard"
        return await self._client.post(path, json=when | body, headers=self._headers)


async def home_with(
    client: httpx.AsyncClient, callers: Callers, hazard: Any, received_at: str = REPORTED
) -> Home:
    """A repair reported at that time with that hazard, or with none."""
    named = {"hazard": hazard} if hazard else {}
    case = await reported(client, callers.resident(), received_at=at(received_at), **named)
    return Home(client, callers.officer(), case["reference"])


def due(case: dict[str, Any]) -> dict[str, str]:
    """The due date of each promise of the law on a case."""
    rows = [row for row in case["deadlines"] if row["regime"] == "awaabs_law"]
    return {row["standard"].removeprefix("repairs.hazard."): row["due_at"] for row in rows}


def states(case: dict[str, Any]) -> dict[str, str]:
    rows = [row for row in case["deadlines"] if row["regime"] == "awaabs_law"]
    return {row["standard"].removeprefix("repairs.hazard."): row["state"] for row in rows}
