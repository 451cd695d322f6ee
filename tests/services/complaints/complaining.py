"""Complaints made and dealt with through the API, as officers and residents do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.services.callers import Callers, Headers

COMPLAINT: Mapping[str, Any] = {
    "about": "repairs",
    "description": "Nobody came to mend the roof.",
    "outcome_sought": "Mend the roof, and say sorry.",
    "channel": "online",
    "contact": {"name": "Sam Jones", "email": "sam@example.org"},
}
UNDERSTOOD: Mapping[str, Any] = {
    "method": "email",
    "understanding": "Nobody came to mend your roof.",
    "next_steps": "We ask the firm why.",
}
ANSWER: Mapping[str, Any] = {
    "outcome": "upheld",
    "findings": "We lost your report. Our repairs policy says ten days.",
}
STANDARDS = {
    "complaints.stage-1.contact": "contact",
    "complaints.stage-1.response": "reply",
    "complaints.stage-2.response": "reply at stage 2",
    "complaints.code.stage-1.acknowledgement": "Code: contact",
    "complaints.code.stage-1.response": "Code: reply",
    "complaints.code.stage-2.acknowledgement": "Code: contact at stage 2",
    "complaints.code.stage-2.response": "Code: reply at stage 2",
    "complaints.code.stage-1.update": "update",
    "complaints.code.stage-2.update": "update at stage 2",
    "complaints.code.action": "action",
    "complaints.code.order": "order",
    "complaints.code.remedy-update": "update on remedies",
    "complaints.lgsco-code.stage-1.acknowledgement": "LGSCO: contact",
    "complaints.lgsco-code.stage-1.response": "LGSCO: reply",
    "complaints.lgsco-code.stage-2.acknowledgement": "LGSCO: contact at stage 2",
    "complaints.lgsco-code.stage-2.response": "LGSCO: reply at stage 2",
    "complaints.lgsco-code.stage-1.update": "LGSCO: update",
    "complaints.lgsco-code.stage-2.update": "LGSCO: update at stage 2",
    "complaints.lgsco-code.action": "LGSCO: action",
    "complaints.lgsco-code.order": "LGSCO: order",
    "complaints.lgsco-code.remedy-update": "LGSCO: update on remedies",
}


@dataclass
class Team:
    """The complaints team and a complainant, at the service."""

    client: httpx.AsyncClient
    callers: Callers

    @property
    def resident(self) -> Headers:
        return self.callers.resident()

    def officer(self, name: str = "ola", *scopes: str) -> Headers:
        return self.callers.officer_named(name, "complaints", scopes=scopes)

    async def complain(self, by: Headers | None = None, **changes: Any) -> str:
        """The reference of a complaint that was accepted."""
        body = {**COMPLAINT, **changes}
        answer = await self.client.post("/v1/complaints", json=body, headers=by or self.officer())
        assert answer.status_code == 201, answer.text
        reference: str = answer.json()["reference"]
        return reference

    async def try_to(
        self, act: str, reference: str, by: Headers | None = None, **body: Any
    ) -> httpx.Response:
        path = f"/v1/complaints/{reference}/{act}"
        return await self.client.post(path, json=body, headers=by or self.officer())

    async def act(self, act: str, reference: str, by: Headers | None = None, **body: Any) -> dict[str, Any]:
        """The complaint after an act that is allowed."""
        answer = await self.try_to(act, reference, by, **body)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case

    async def read(self, reference: str, by: Headers | None = None) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/complaints/{reference}", headers=by or self.officer())
        assert answer.status_code == 200, answer.text
        case: dict[str, Any] = answer.json()
        return case

    async def letter(self, reference: str, kind: str) -> dict[str, str]:
        """A letter as it was sent."""
        path = f"/v1/complaints/{reference}/letters/{kind}"
        answer = await self.client.get(path, headers=self.officer())
        assert answer.status_code == 200, answer.text
        letter: dict[str, str] = answer.json()
        return letter

    async def answered(self, **changes: Any) -> str:
        """A complaint that was answered at stage one by Ola Reyes."""
        reference = await self.complain(**changes)
        await self.act("triage", reference, route="stage_1", handler={"name": "Ola Reyes", "subject": "ola"})
        await self.act("acknowledgement", reference, **UNDERSTOOD)
        await self.act("response", reference, **ANSWER)
        return reference


def states(case: Mapping[str, Any]) -> dict[str, str]:
    """The state of each promise of a case, by its short name."""
    return {STANDARDS[row["standard"]]: row["state"] for row in case["deadlines"]}


def due(case: Mapping[str, Any]) -> dict[str, str]:
    """The date of each promise of a case, by its short name."""
    return {STANDARDS[row["standard"]]: row["due_at"] for row in case["deadlines"]}
