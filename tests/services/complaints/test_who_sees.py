"""Sight of a complaint: what it tells of colleagues and of anti-social behaviour needs a scope."""

import pytest

from tests.services.callers import Callers, Headers
from tests.services.complaints.complaining import Team


@pytest.mark.parametrize(("about", "scope"), [("asb", "asb"), ("staff", "manager"), ("repairs", None)])
async def test_only_officers_with_the_scope_see_it(
    team: Team, callers: Callers, about: str, scope: str | None
) -> None:
    """Neither in a list nor by its reference, and they cannot act on it; its complainant sees it."""
    reference = await team.complain(team.resident, about=about)

    async def sees(by: Headers) -> bool:
        answer = await team.client.get(f"/v1/complaints/{reference}", headers=by)
        listed = (await team.client.get("/v1/complaints", headers=by)).json()["items"]
        assert (answer.status_code == 200) is bool(listed)
        return answer.status_code == 200

    plain, other = team.officer(), "manager" if scope == "asb" else "asb"
    assert await sees(plain) is (scope is None)
    assert await sees(team.officer("ola", other)) is (scope is None)
    if scope is not None:
        assert await sees(team.officer("ola", scope))
        assert (await team.try_to("withdrawal", reference, plain)).status_code == 404
    assert await sees(team.resident)
    assert not await sees(callers.resident("kim"))
    assert not await sees(callers.officer("repairs", scopes=("asb", "manager")))


async def test_a_representative_follows_the_case_they_brought(team: Team, callers: Callers) -> None:
    """With the resident's consent on record; without it there is no such complaint."""
    daughter, resident = callers.resident("kim"), {"name": "Sam Jones", "phone": "01708 434343"}
    body = {"name": "Kim Jones", "relationship": "daughter", "consent": True}
    reference = await team.complain(daughter, representative=body, contact=resident)
    assert (await team.read(reference, daughter))["representative"] == body
    await team.act("withdrawal", reference, daughter)
    refused = await team.client.post(
        "/v1/complaints",
        json={
            "about": "repairs", "description": "x", "channel": "online", "contact": resident,
            "representative": {**body, "consent": False},
        },
        headers=daughter,
    )  # fmt: skip
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/representative/consent"]
