"""Cases of anti-social behaviour through the API, and the people who report and work them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.services.callers import Callers, Headers
from tests.services.repairs.reporting import timed

HOME = {"uprn": "10008352", "address": "1 High Street", "postcode": "RM1 1AA"}
REPORT: Mapping[str, Any] = {
    "category": "noise",
    "description": "Music until four in the morning.",
    "channel": "online",
    "contact": {"name": "Sam Jones", "email": "sam@example.org", "phone": "01708 434343"},
    "property": HOME,
    "alleged_perpetrator": {"name": "Robin Loud", "address": "3 High Street"},
}
HATE = {**REPORT, "category": "hate_crime", "description": "They shout at me because of who I am."}


@dataclass
class Cases:
    """What residents and officers do to cases; `client` is the service."""

    client: httpx.AsyncClient
    callers: Callers

    def officer(self, subject: str = "alex", *scopes: str) -> Headers:
        """An officer of the team's department who has the scope, and these besides."""
        return self.callers.named_officer(subject, "asb", scopes=["asb", *scopes])

    async def post(self, path: str, body: Any, by: Headers) -> httpx.Response:
        return await self.client.post(path, json=timed(body), headers=by)

    async def report(self, by: Headers | None = None, **changes: Any) -> dict[str, Any]:
        """A case that was accepted, by default of a resident, so that it has no team yet."""
        return await self._accepted("/v1/asb", {**REPORT, **changes}, by or self.callers.resident())

    async def act(
        self, reference: str, act: str, body: Any | None = None, by: Headers | None = None
    ) -> dict[str, Any]:
        """The case after an act that is allowed, by default of an officer."""
        return await self._accepted(f"/v1/asb/{reference}/{act}", body or {}, by or self.officer())

    async def refused(self, reference: str, act: str, body: Any, by: Headers | None = None) -> httpx.Response:
        """The answer to an act that is not."""
        answer = await self.post(f"/v1/asb/{reference}/{act}", body, by or self.officer())
        assert answer.status_code >= 400, answer.text
        return answer

    async def read(self, reference: str, by: Headers | None = None) -> dict[str, Any]:
        """The case as a caller sees it."""
        answer = await self.client.get(f"/v1/asb/{reference}", headers=by or self.officer())
        assert answer.status_code == 200, answer.text
        case: dict[str, Any] = answer.json()
        return case

    async def _accepted(self, path: str, body: Any, by: Headers) -> dict[str, Any]:
        answer = await self.post(path, body, by)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case


def dates(case: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The date and state of each of a case's promises."""
    return {each["standard"]: (each["due_at"], each["state"]) for each in case["deadlines"]}
