"""Enquiries made and dealt with through the API, as officers and residents do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.services.callers import Callers, Headers

ENQUIRY: Mapping[str, Any] = {
    "channel": "email",
    "subject": "Bins",
    "message": "Where do the bins go?",
    "contact": {"name": "Sam Jones", "email": "sam@example.org"},
}
OLA: Mapping[str, str] = {"name": "Ola Reyes", "subject": "ola"}


@dataclass
class Desk:
    """The enquiries team and an enquirer, at the service."""

    client: httpx.AsyncClient
    callers: Callers

    @property
    def resident(self) -> Headers:
        return self.callers.resident()

    def officer(self, *scopes: str) -> Headers:
        return self.callers.officer_named("ola", "enquiries", scopes=scopes)

    async def try_to_ask(self, by: Headers | None = None, **changes: Any) -> httpx.Response:
        body = {**ENQUIRY, **changes}
        return await self.client.post("/v1/enquiries", json=body, headers=by or self.officer())

    async def ask(self, by: Headers | None = None, **changes: Any) -> dict[str, Any]:
        """An enquiry that was accepted."""
        return self._accepted(await self.try_to_ask(by, **changes))

    async def try_to(
        self, act: str, reference: str, by: Headers | None = None, **body: Any
    ) -> httpx.Response:
        path = f"/v1/enquiries/{reference}/{act}"
        return await self.client.post(path, json=body, headers=by or self.officer())

    async def act(self, act: str, reference: str, by: Headers | None = None, **body: Any) -> dict[str, Any]:
        """The enquiry after an act that is allowed."""
        return self._accepted(await self.try_to(act, reference, by, **body))

    async def post(self, path: str, headers: Headers | None = None, /, **body: Any) -> dict[str, Any]:
        """The case of another kind, after what was posted about it."""
        answer = await self.client.post(f"/v1/{path}", json=body, headers=headers or self.officer())
        return self._accepted(answer)

    async def read(self, path: str, by: Headers | None = None, **query: str) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/{path}", headers=by or self.officer(), params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    @staticmethod
    def _accepted(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case


def due(case: Mapping[str, Any]) -> dict[str, str]:
    """The date of each promise of a case that is still to be kept."""
    open_ones = [row for row in case["deadlines"] if row["state"] in {"running", "breached"}]
    return {row["standard"].removeprefix("enquiries."): row["due_at"][:10] for row in open_ones}
