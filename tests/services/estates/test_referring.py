"""Problems that are another service's: referred by one event, taken up, and followed to their end."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from sqlalchemy import text

from services.complaints.consumer import take_in as complaints_hears
from services.estates.models import TakenUp
from services.estates.service.asking import ask_about
from services.estates.service.following import follow
from services.repairs.actions.consume import take_in as repairs_hears
from services.repairs.referrals.models import Referral
from services.repairs.referrals.service import ask_about as repairs_asks
from services.residents.consumer import take_in as residents_hears
from services.residents.models import WelfareReferral
from services.residents.service.welfare import ask_about as residents_asks
from shared.app_state import AppState
from shared.cases.asking import ask_due
from shared.clock import Clock
from shared.directory import DIRECTORY, Directory
from shared.events import Event
from shared.work import UnitOfWork, unit_of_work
from tests.services.callers import Callers, Headers
from tests.services.complaints.complaining import Team
from tests.services.estates.caring import SAM, Estate
from tests.services.lines import Line
from tests.services.repairs.reporting import london
from tests.services.residents.moving_in import done, keeper, started
from tests.support.in_process import InProcess

HOME = {"uprn": "10008352", "address": "1 High Street, Romford", "postcode": "RM1 1AA"}
Hears = Callable[[UnitOfWork, Sequence[Event]], Awaitable[None]]


@pytest.fixture
def directory() -> Directory:
    """Every service."""
    return DIRECTORY


@pytest.fixture
async def residents_state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("residents", clock)


@pytest.fixture
async def residents(services: InProcess, residents_state: AppState) -> httpx.AsyncClient:
    return await services.serve(residents_state)


async def history(client: httpx.AsyncClient, callers: Callers, reference: str) -> list[Event]:
    answer = await client.get(f"/internal/cases/{reference}/events", headers=callers.service("cases"))
    return [Event.from_json(orjson.dumps(event)) for event in answer.raise_for_status().json()["events"]]


async def hear(state: AppState, hears: Hears, events: Sequence[Event], *kinds: str) -> None:
    """Hand a service what it waits for of these events, and twice."""
    meant = [event for event in events if event.type.partition(".")[2] in kinds]
    for _ in range(2):
        async with unit_of_work(state) as work:
            await hears(work, meant)


async def only_case(client: httpx.AsyncClient, path: str, by: Headers) -> dict[str, Any]:
    [case] = (await client.get(path, headers=by)).json()["items"]
    found: dict[str, Any] = case
    return found


@pytest.mark.parametrize(
    ("ending", "body", "status"),
    [
        ("updates", {"type": "completed", "clean_and_tidy": True, "identification_shown": True}, "resolved"),
        ("cancellation", {"reason": "It is not ours."}, "reported"),
    ],
)
async def test_a_communal_repair_is_raised_and_followed_to_its_end(
    estate: Estate,
    estates_state: AppState,
    repairs: httpx.AsyncClient,
    repairs_state: AppState,
    owner: Line,
    ending: str,
    body: dict[str, Any],
    status: str,
) -> None:
    """What repairs completes is dealt with, and what it calls off comes back to us."""
    site = await estate.site(caretaker=None)
    door = await estate.issue(kind="communal_repair", site=site, contact=SAM, location="The front door")
    case = await estate.done(f"issues/{door}/referral", to="repairs", reason="The lock is broken.")
    assert (case["status"], case["referrals"][0]["to"]) == ("referred", "repairs")
    assert (await estate.post(f"issues/{door}/referral", to="repairs")).status_code == 409
    await hear(
        repairs_state, repairs_hears, await history(estate.client, estate.callers, door), "issue-referred"
    )
    assert await ask_due(repairs_state, Referral, repairs_asks) == 1
    officer = estate.callers.officer()
    repair = await only_case(repairs, "/v1/repairs", officer)
    assert (
        repair["property"]["address"] == "The front door, Mercury House, 1 Mercury Gardens, Romford RM1 3SL"
    )
    assert repair["property"]["postcode"] == "RM1 3SL"
    assert repair["contact"]["email"] == "sam@example.org"
    assert repair["description"].startswith("Words on the wall.")
    reference = repair["reference"]
    await done(repairs, officer, f"/v1/repairs/{reference}/{ending}", **body)
    told = await history(repairs, estate.callers, reference)
    await hear(estates_state, follow, list(reversed(told)), "issue-taken-up", "issue-ended")
    case = await estate.read(f"issues/{door}")
    [referral] = case["referrals"]
    assert (case["status"], referral["taken_up_as"]) == (status, reference)
    assert referral["dealt_with"] is (status == "resolved")
    told_again = [event.type for event in await history(estate.client, estate.callers, door)]
    assert len(told_again) == len(set(told_again))


async def test_a_worry_about_a_resident_becomes_a_welfare_case_for_that_home(
    estate: Estate,
    estates_state: AppState,
    residents: httpx.AsyncClient,
    residents_state: AppState,
    owner: Line,
) -> None:
    """Assigned, visited and closed; whoever is worried reads nothing of it, and every reading is noted."""
    officer = keeper(estate.callers)
    await started(residents, officer, property=HOME, vulnerable=True)
    worry = await estate.issue(
        estate.resident, kind="welfare_concern", property=HOME, contact={**SAM, "address": "RM1 1AA"}
    )
    await estate.done(f"issues/{worry}/referral", to="residents")
    await hear(
        residents_state,
        residents_hears,
        await history(estate.client, estate.callers, worry),
        "issue-referred",
    )
    assert await ask_due(residents_state, WelfareReferral, residents_asks) == 1
    case = await only_case(residents, "/v1/welfare?uprn=10008352", officer)
    assert (case["reference"][:4], case["status"], case["made_from"]) == ("WEL-", "open", worry)
    assert case["household"]["vulnerable"] is True
    path = f"/v1/welfare/{case['reference']}"
    assert (await residents.get(path, headers=estate.resident)).status_code == 404
    claim = {"reference": case["reference"], "surname": "Jones", "postcode": "RM1 1AA"}
    claimed = await residents.post("/internal/claims", json=claim, headers=estate.resident)
    assert claimed.status_code == 404
    await done(residents, officer, f"{path}/assignment", handler={"name": "Ola Reyes", "subject": "ola"})
    await done(residents, officer, f"{path}/visit", seen=False, notes="Nobody was in.")
    seen = await done(residents, officer, f"{path}/visit", seen=True)
    assert (seen["status"], seen["seen"], seen["allowed"]) == (
        "visited",
        True,
        ["assignment", "closure", "visit"],
    )
    ended = await done(residents, officer, f"{path}/closure", outcome="helped", notes="A plan was made.")
    assert (ended["status"], ended["allowed"]) == ("closed", [])
    refused = await residents.post(f"{path}/visit", json={"seen": True}, headers=officer)
    assert (refused.status_code, refused.json()["allowed"]) == (409, [])
    told = await history(residents, estate.callers, case["reference"])
    await hear(estates_state, follow, told, "issue-taken-up", "issue-ended")
    mine = await estate.read(f"issues/{worry}", estate.resident)
    assert (mine["status"], mine["referrals"]) == ("resolved", [])
    async with unit_of_work(residents_state) as work:
        read = await reads_noted(work)
    assert read == ["read a list", "assigned it", "recorded a visit", "recorded a visit", "closed it"]


async def reads_noted(work: UnitOfWork) -> list[str]:
    rows = await work.session.execute(text("SELECT purpose FROM welfare_reads ORDER BY number"))
    return [row.purpose for row in rows]


async def test_graffiti_stays_ours_to_remove_whoever_looks_into_it(
    estate: Estate, estates_state: AppState
) -> None:
    """Its clock runs on; what was removed can still be passed on; by the scope alone is its case named."""
    wall = await estate.issue(kind="graffiti", offensive=True)
    case = await estate.done(f"issues/{wall}/referral", to="asb")
    assert [row["state"] for row in case["deadlines"]] == ["running"]
    assert [stop["reference"] for stop in (await estate.read("rounds"))["items"]] == [wall]
    referred = await history(estate.client, estate.callers, wall)
    taken_up = told("asb.issue-taken-up", "CAS-1", issue_reference=wall)
    ended = told("asb.issue-ended", "CAS-1", issue_reference=wall, dealt_with=True)
    await hear(estates_state, follow, [ended, taken_up], "issue-taken-up", "issue-ended")
    case = await estate.read(f"issues/{wall}")
    assert (case["status"], case["referrals"][0]["taken_up_as"]) == ("reported", None)
    assert [event.type for event in referred] == ["estates.issue-reported", "estates.issue-referred"]
    assert "CAS-1" not in str(await history(estate.client, estate.callers, wall))
    with_scope = await estate.read(f"issues/{wall}", estate.officer("eve", "asb"))
    assert with_scope["referrals"][0]["taken_up_as"] == "CAS-1"
    case = await estate.done(f"issues/{wall}/resolution")
    assert "referral" in case["allowed"]
    assert (await estate.done(f"issues/{wall}/referral", to="residents"))["status"] == "resolved"


def told(type: str, reference: str, **facts: Any) -> Event:
    moment = london("Friday 2026-11-27 23:20")
    return Event(
        id=uuid4(),
        type=type,
        reference=reference,
        sequence=1,
        occurred_at=moment,
        recorded_at=moment,
        facts=facts,
    )


async def test_what_a_complaint_asks_for_becomes_one_problem(
    estate: Estate, estates_state: AppState, complaints_state: AppState, team: Team, owner: Line
) -> None:
    """However often it is told; complaints is asked what it is, and told which problem it became."""
    complaint = await team.complain(about="estates", property=HOME)
    await team.act("triage", complaint, route="service_request", reason="They asked for a clean.")
    asked = [
        each for each in await history(team.client, estate.callers, complaint) if "requested" in each.type
    ]
    await hear(estates_state, follow, asked, "service-requested")
    assert await ask_due(estates_state, TakenUp, ask_about) == 1
    [case] = (await estate.read("issues"))["items"]
    assert (case["made_from"], case["description"]) == (complaint, "Nobody came to mend the roof.")
    assert (case["location"], case["property"]["uprn"]) == ("1 High Street, Romford", "10008352")
    mine = await history(estate.client, estate.callers, case["reference"])
    taken_up = [each for each in mine if each.type == "estates.referral-taken-up"]
    async with unit_of_work(complaints_state) as work:
        await complaints_hears(work, taken_up)
    case = await team.read(complaint)
    assert (case["status"], case["referrals"][0]["taken_up_as"]) == ("referred", taken_up[0].reference)
