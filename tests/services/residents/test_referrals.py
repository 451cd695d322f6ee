"""A complaint that asks for something of ours is dealt with under its home's tenancy, and hears of it."""

import httpx
import orjson

from services.complaints.consumer import take_in as complaints_hears
from services.residents.models import Referral
from services.residents.service.referrals import ask_about, take_in
from shared.app_state import AppState
from shared.cases.asking import ask_due
from shared.events import Event
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.complaints.complaining import Team
from tests.services.lines import Line
from tests.services.residents.moving_in import HOME, keeper, started


async def history(client: httpx.AsyncClient, callers: Callers, reference: str) -> list[Event]:
    answer = await client.get(f"/internal/cases/{reference}/events", headers=callers.service("cases"))
    return [Event.from_json(orjson.dumps(event)) for event in answer.raise_for_status().json()["events"]]


async def test_a_request_is_taken_up_under_the_tenancy_of_its_home(
    residents: httpx.AsyncClient,
    residents_state: AppState,
    complaints_state: AppState,
    team: Team,
    callers: Callers,
    owner: Line,
) -> None:
    """Once, however often it is told; until the home has a tenancy it waits, and complaints sees that."""
    complaint = await team.complain(about="residents", property=HOME)
    await team.act("triage", complaint, route="service_request", reason="They asked for a visit.")
    asked = [each for each in await history(team.client, callers, complaint) if "requested" in each.type]
    for _ in range(2):
        async with unit_of_work(residents_state) as work:
            await take_in(work, asked)
    assert await ask_due(residents_state, Referral, ask_about) == 0
    assert (await team.read(complaint))["status"] == "service_request"

    tenancy = (await started(residents, keeper(callers)))["reference"]
    async with unit_of_work(residents_state) as work:
        referral = await work.session.get_one(Referral, complaint)
    await ask_about(residents_state, referral)
    taken_up = [each for each in await history(residents, callers, tenancy) if "taken-up" in each.type]
    assert [each.facts["complaint_reference"] for each in taken_up] == [complaint]
    async with unit_of_work(complaints_state) as work:
        await complaints_hears(work, taken_up)
    case = await team.read(complaint)
    assert (case["status"], case["referrals"][0]["taken_up_as"]) == ("referred", tenancy)
