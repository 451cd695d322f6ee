"""Sites and problems as caretakers, estate officers and residents deal with them through the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.services.callers import Callers, Headers

SITE: Mapping[str, Any] = {
    "name": "Mercury House",
    "kind": "tower_block",
    "address": "1 Mercury Gardens, Romford RM1 3SL",
    "caretaker": {"name": "Kay Osei", "subject": "kay"},
    "landings": 3,
}
ISSUE: Mapping[str, Any] = {
    "kind": "graffiti",
    "location": "The back stairs",
    "description": "Words on the wall.",
    "channel": "online",
}
SAM: Mapping[str, Any] = {"name": "Sam Jones", "email": "sam@example.org"}
WHOLE: Mapping[str, Any] = {"inside": True, "outside": True, "lifts": True, "lobbies": True}


@dataclass
class Estate:
    """The estates team and residents, at the service."""

    client: httpx.AsyncClient
    callers: Callers

    @property
    def resident(self) -> Headers:
        return self.callers.resident()

    def officer(self, name: str = "eve", *scopes: str) -> Headers:
        return self.callers.officer_named(name, "estates", scopes=scopes)

    async def post(self, path: str, by: Headers | None = None, /, **body: Any) -> httpx.Response:
        return await self.client.post(f"/v1/estates/{path}", json=body, headers=by or self.officer())

    async def done(self, path: str, by: Headers | None = None, /, **body: Any) -> dict[str, Any]:
        """The case after something that is allowed."""
        answer = await self.post(path, by, **body)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case

    async def site(self, **changes: Any) -> str:
        """The reference of a site that was registered."""
        return str((await self.done("sites", **{**SITE, **changes}))["reference"])

    async def issue(self, by: Headers | None = None, **changes: Any) -> str:
        """The reference of a problem that was reported."""
        return str((await self.done("issues", by, **{**ISSUE, **changes}))["reference"])

    async def read(self, path: str, by: Headers | None = None, **query: str) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/estates/{path}", headers=by or self.officer(), params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def tick(self, *ticks: Mapping[str, Any]) -> list[int]:
        """The status of each tick."""
        answer = await self.done("rounds/ticks", ticks=list(ticks))
        return [result["status"] for result in answer["results"]]


def due(case: Mapping[str, Any]) -> dict[str, str]:
    """The instant of each promise of a case that is still to be kept."""
    open_ones = [row for row in case["deadlines"] if row["state"] in {"running", "breached"}]
    return {row["standard"].removeprefix("estates."): row["due_at"] for row in open_ones}
