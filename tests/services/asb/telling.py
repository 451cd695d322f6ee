"""A case of anti-social behaviour told through all of its acts, with canaries in every text."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.services.callers import Headers
from tests.services.strict.schemas import Walk
from tests.services.strict.valid.asb import ASB
from tests.support.apps import app_of
from tests.support.canaries import Canaries, with_canaries

ON = "/v1/asb/{reference}"
DAYS = frozenset({"occurred_at", "sent_on", "told_on", "completed_on"})
"""By default today: those of the valid requests fit no story."""
# in an order that the lifecycle allows; each with a value that the next needs
ACTS: Mapping[str, dict[str, Any]] = {
    "victim-contact": {},
    "visit": {},
    "action-plan": {},
    "updates": {},
    "update-frequency": {},
    "priority": {},
    "category": {},
    "risk": {},
    "risk/review": {},
    "actions": {},
    "home": {},
    "damage": {},
    "damage/outcome": {},
    "joining": {},
    "case-review": {"consent": True},
    "case-review/referrals": {},
    "case-review/decision": {"threshold_met": True},
    "case-review/outcome": {},
    "case-review/completion": {},
    "incidents": {},  # a third report would make the review due, and leave nothing to be decided
    "contact": {},
    "closure": {},
    "survey": {},
    "survey/answers": {},
    "review": {},
    "alleged-perpetrators": {},
    "team": {},
    "break-glass": {},
}


class Story:
    """A case that is opened and acted on, with canaries in every text; each request under a key.

    `by` are the headers of an officer and manager of the team, `outside` those of an officer who breaks the
    glass. `members` are the subjects that the team has in the end.
    """

    def __init__(
        self, client: httpx.AsyncClient, by: Headers, outside: Headers, members: tuple[str, ...]
    ) -> None:
        document = app_of("asb").openapi()
        self._client, self._paths = client, document["paths"]
        self._walk = Walk(document["components"]["schemas"])
        self.by, self.outside, self.members = by, outside, members
        self.canaries = Canaries()
        self.done: set[tuple[str, str]] = set()

    def body(self, path: str, **changes: Any) -> dict[str, Any]:
        """A valid body of a route, with canaries and these changes."""
        schema = self._paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = with_canaries(self._walk, schema, ASB["post", path].bodies[0], self.canaries, path)
        return {name: said for name, said in {**body, **changes}.items() if name not in DAYS}

    async def post(self, path: str, reference: str, by: Headers, /, **changes: Any) -> httpx.Response:
        """The answer to a valid request with canaries, sent twice under one key."""
        valid, at = ASB["post", path], path.replace("{reference}", reference)
        headers = {**by, "Idempotency-Key": f"{path} {reference} {len(self.canaries.sent)}"}
        if valid.file is not None:
            content = valid.file[1] + self.canaries.word(f"{path} file").encode()
            headers["Content-Type"] = valid.file[0]
            answer = await self._client.post(at, params=dict(valid.query), content=content, headers=headers)
            assert answer.status_code == 201, f"{path}: {answer.text}"
        else:
            body = self.body(path, **changes)
            answer = await self._client.post(at, json=body, headers=headers)
            assert answer.status_code == 201, f"{path}: {answer.text}"
            again = await self._client.post(at, json=body, headers=headers)
            assert again.text == answer.text, "a stored answer is the answer"
            assert again.headers["idempotent-replayed"] == "true", again.text
        self.done.add(("post", path))
        return answer

    async def tell(self, **changes: Any) -> str:
        """A case through all of its acts; gives its reference."""
        before = {"received_at": "2026-11-20T09:00:00Z", "incidents": []}
        earlier = (await self.post("/v1/asb", "", self.by, **before)).json()["reference"]
        opened = {"category": "noise", "reporter": "victim", **changes}
        reference = str((await self.post("/v1/asb", "", self.by, **opened)).json()["reference"])
        for act, needed in ACTS.items():
            own = {"joining": {"reference": earlier}, "team": {"members": [*self.members]}}.get(act, {})
            who = self.outside if act == "break-glass" else self.by
            await self.post(f"{ON}/{act}", reference, who, **needed, **own)
        await self.post(f"{ON}/attachments", reference, self.by)
        return reference
