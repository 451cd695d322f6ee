"""Sight of a complaint: what it tells of colleagues and of anti-social behaviour needs a scope."""

from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import select

from services.complaints.service.following import note_taken_up
from shared.app_state import AppState
from shared.db.tables import events
from shared.events import Event
from shared.work import unit_of_work
from tests.services.callers import Callers, Headers
from tests.services.complaints.complaining import COMPLAINT, Team
from tests.support.clock import house_clock


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


@pytest.mark.parametrize(("about", "scope"), [("asb", "asb"), ("staff", "manager")])
@pytest.mark.parametrize("joined_later", [False, True])
async def test_one_point_that_needs_a_scope_closes_the_whole_complaint(
    team: Team, callers: Callers, about: str, scope: str, joined_later: bool
) -> None:
    """Its words stand beside the rest; notifications is told, from the receipt or from the point on."""
    point = {"text": "He shouts at me at night.", "about": about}
    reference = await team.complain(team.resident, points=None if joined_later else ["It leaks.", point])
    if joined_later:
        await team.act("points", reference, team.resident, points=["It leaks.", point])
    assert (await team.try_to("withdrawal", reference)).status_code == 404
    assert (await team.read(reference, team.officer("ola", scope)))["points"][1]["text"] == point["text"]
    history = await team.client.get(f"/internal/cases/{reference}/events", headers=callers.service("cases"))
    *_, latest = [Event.from_json(orjson.dumps(event)) for event in history.json()["events"]]
    assert latest.facts["needs_scope"] == scope


async def test_what_needs_two_scopes_is_two_complaints(team: Team) -> None:
    """An officer with one of them would else see what needs the other."""
    boss = team.officer("max", "manager", "asb")
    rude: dict[str, Any] = {"text": "Your officer was rude.", "about": "staff"}
    reference = await team.complain(team.resident, about="asb")
    refused = await team.try_to("points", reference, team.resident, points=["They shout.", rude])
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/points/1/about"]
    assert (await team.read(reference, boss))["points"] == []


@pytest.mark.parametrize(
    ("about", "asks", "heard"),
    [
        ("repairs", None, True),
        ("asb", None, False),
        ("asb", "repairs", False),
        ("asb", "asb", True),
        ("staff", None, False),
        ("staff", "staff", False),
    ],
)
async def test_another_service_hears_only_words_that_its_own_cases_keep_as_close(
    team: Team, callers: Callers, about: str, asks: str | None, heard: bool
) -> None:
    """A hazard goes to repairs all the same, with the home and whom to tell."""
    home = {"address": "3 High Street", "postcode": "RM1 1AB"}
    hazard = {"hazard": "damp-and-mould", "severity": "emergency"}
    reference = await team.complain(about=about, property=home, hazard=hazard)
    answer = await team.client.get(
        f"/internal/referrals/{reference}",
        params={"asked_by": asks} if asks else {},
        headers=callers.service("contacts"),
    )
    told = answer.json()
    assert (told["description"] == COMPLAINT["description"]) is heard
    assert (told["property"]["address"], told["contact"]["name"]) == ("3 High Street", "Sam Jones")


async def test_notes_for_officers_are_not_told_to_the_complainant(team: Team) -> None:
    """Nor to a representative: what was noted of somebody's health, and what a refusal rests on."""
    reference = await team.complain(team.resident)
    notes: dict[str, Any] = {"considered": "He is ill.", "evidence": "Letter of the court."}
    told: dict[str, Any] = {"reason": "It is at court.", "ground": "filed_at_court"}
    await team.act("triage", reference, route="refused", handler="Ola Reyes", **told, **notes)
    assert (await team.read(reference))["triage"] == told | notes
    assert (await team.read(reference, team.resident))["triage"] == told


async def test_a_guarded_case_that_took_a_request_up_is_named_to_whoever_has_the_scope(
    complaints_state: AppState, team: Team
) -> None:
    """A complaint about repairs that asks for help with the neighbours; its timeline names no case."""
    reference = await team.complain(team.resident)
    asked: dict[str, Any] = {"route": "service_request", "service": "asb", "reason": "It is the neighbours."}
    await team.act("triage", reference, **asked)
    at = house_clock()
    taken_up = Event(
        id=uuid4(), type="asb.referral-taken-up", reference="CAS-7K3M-Q9TX", sequence=2, occurred_at=at,
        recorded_at=at, facts={"complaint_reference": reference, "referral": "service_request"},
    )  # fmt: skip
    async with unit_of_work(complaints_state) as work:
        await note_taken_up(work, [taken_up])
    readers = team.officer(), team.officer("ola", "asb"), team.resident
    named = [(await team.read(reference, by))["referrals"][0]["taken_up_as"] for by in readers]
    assert named == [None, "CAS-7K3M-Q9TX", "CAS-7K3M-Q9TX"]
    async with unit_of_work(complaints_state) as work:
        types = events.c.type == "complaints.referral-taken-up"
        assert await work.session.scalar(select(events.c.facts).where(types)) == {
            "referral": "service_request"
        }
