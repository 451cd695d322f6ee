"""A complaint that asks for a repair, or tells of a hazard, becomes a repair once, and hears of it."""

from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import func, update

from services.complaints.service.following import note_taken_up
from services.repairs.actions.consume import take_in
from services.repairs.referrals.models import Referral
from services.repairs.referrals.service import ask_about
from shared.app_state import AppState
from shared.cases.asking import ask_due
from shared.db.transaction import transaction
from shared.events import Event
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.complaints.complaining import Team
from tests.services.lines import Line

HOME = {"address": "3 High Street", "postcode": "RM1 1AB"}
HAZARD = {"hazard": "damp-and-mould", "severity": "emergency", "aware_at": "2026-11-27T09:00:00Z"}
MADE_SAFE = "repairs.hazard.emergency.made-safe"


class Department:
    """What repairs and complaints hear of each other, and what an officer of repairs sees."""

    def __init__(self, state: AppState, team: Team, repairs: httpx.AsyncClient, callers: Callers) -> None:
        self.state, self.client, self.officer = state, repairs, callers.officer()
        self.clients = {"complaints": team.client, "repairs": repairs}
        self.reconciler = callers.service("cases")

    async def hear(self, complaint: str, kind: str) -> None:
        """Take in the events of a complaint of that kind, as its service has them."""
        events = [event for event in await self.history("complaints", complaint) if event.type.endswith(kind)]
        async with unit_of_work(self.state) as work:
            await take_in(work, events)

    async def history(self, service: str, reference: str) -> list[Event]:
        path = f"/internal/cases/{reference}/events"
        answer = await self.clients[service].get(path, headers=self.reconciler)
        return [Event.from_json(orjson.dumps(event)) for event in answer.raise_for_status().json()["events"]]

    async def repairs(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.client.get("/v1/repairs", headers=self.officer)).json()[
            "items"
        ]
        return items


@pytest.fixture
def department(
    repairs_state: AppState, team: Team, repairs: httpx.AsyncClient, callers: Callers, owner: Line
) -> Department:
    return Department(repairs_state, team, repairs, callers)


async def test_a_hazard_becomes_a_repair_whose_clocks_count_from_the_awareness(
    department: Department, team: Team, complaints_state: AppState
) -> None:
    """And the request that the complaint turns out to be is answered by the same repair."""
    reference = await team.complain(property=HOME, hazard=HAZARD)
    await department.hear(reference, "hazard-mentioned")
    await department.hear(reference, "hazard-mentioned")
    [repair] = await department.repairs()
    due = {row["standard"]: row["due_at"] for row in repair["deadlines"]}
    assert due[MADE_SAFE] == "2026-11-28T09:00:00Z"
    await ask_due(department.state, Referral, ask_about)
    [repair] = await department.repairs()
    assert repair["property"] == {"uprn": None, "property_reference": None, **HOME}
    assert repair["description"] == "Nobody came to mend the roof."

    await team.act("triage", reference, route="service_request", reason="They asked for a repair.")
    await department.hear(reference, "service-requested")
    [repair] = await department.repairs()
    told = [
        event
        for event in await department.history("repairs", repair["reference"])
        if event.type == "repairs.referral-taken-up"
    ]
    assert [event.facts["referral"] for event in told] == ["hazard", "hazard", "service_request"]
    async with unit_of_work(complaints_state) as work:
        await note_taken_up(work, told)
    case = await team.read(reference)
    assert case["status"] == "referred"
    assert {row["referral"]: row["taken_up_as"] for row in case["referrals"]} == {
        "hazard": repair["reference"],
        "service_request": repair["reference"],
    }


async def test_a_hazard_without_a_home_is_for_the_complaints_team(department: Department, team: Team) -> None:
    """Nothing can be raised for it; nor is what another service is asked for ours."""
    reference = await team.complain(hazard=HAZARD)
    await department.hear(reference, "hazard-mentioned")
    other = await team.complain(about="estates")
    await team.act("triage", other, route="service_request", reason="They asked for a clean.")
    await department.hear(other, "service-requested")
    assert await department.repairs() == []


async def test_complaints_is_asked_again_until_it_answers(
    department: Department, team: Team, inside: dict[str, Line]
) -> None:
    """The repair stands meanwhile, and nobody is written to."""
    reference = await team.complain(property=HOME)
    await team.act("triage", reference, route="service_request", reason="They asked for a repair.")
    await department.hear(reference, "service-requested")
    way = inside[department.state.settings.service_url("complaints")]
    way.is_cut = True
    assert await ask_due(department.state, Referral, ask_about) == 0
    assert await ask_due(department.state, Referral, ask_about) == 0, "it is left alone for a while"
    way.is_cut = False
    async with transaction(department.state.database) as session:
        await session.execute(update(Referral).values(ask_again_at=func.now()))
    assert await ask_due(department.state, Referral, ask_about) == 1
    [repair] = await department.repairs()
    assert repair["contact"]["name"] == "Sam Jones"
