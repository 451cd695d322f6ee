"""The household in a home, as a report of a repair comes to know it."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import orjson
import pytest

from services.repairs.actions.consume import take_in
from shared.app_state import AppState
from shared.cases import address_book
from shared.events import Event
from shared.settings import Settings
from shared.work import unit_of_work
from tests.services.callers import Callers, Headers
from tests.services.lines import CountedLine, Line
from tests.services.repairs.reporting import assigned, reported
from tests.services.residents.moving_in import CONTACT, done, events_of, households, keeper, started
from tests.shared.cases.spellings import told

UNSAFE = {"tenant": "Ben Okafor", "contact": {"phone": "01708 434344", "safe_to_contact": False}}
NEEDS = "Ring twice."
KNOCK = "Please knock loudly; the dog is friendly."

pytestmark = pytest.mark.usefixtures("owner")


@pytest.fixture
def line_to_residents(settings: Settings, inside: dict[str, Line]) -> CountedLine:
    """The way by which residents is asked."""
    address = settings.service_url("residents")
    counted = CountedLine(inside[address])
    inside[address] = counted
    return counted


async def seen(repairs: httpx.AsyncClient, by: Headers, reference: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await repairs.get(f"/v1/repairs/{reference}", headers=by)).json()
    return shown


async def test_a_repair_for_a_vulnerable_household_knows_it(
    repairs: httpx.AsyncClient, residents: httpx.AsyncClient, callers: Callers
) -> None:
    """The officer and the firm are told, with the access needs; whoever reports at any home is not."""
    await started(residents, keeper(callers), vulnerable=True)
    officer, sam = callers.officer(), callers.resident()
    by_officer = await assigned(repairs, officer, channel="phone", handyperson=True, fault="window-frames")
    assert (by_officer["vulnerable"], by_officer["access_needs"]) == (True, f"{KNOCK}\n{NEEDS}")
    assert by_officer["handyperson"]["accepted"] is True
    job = await seen(repairs, callers.contractor(), by_officer["reference"])
    assert (job["vulnerable"], job["access_needs"]) == (True, f"{KNOCK}\n{NEEDS}")
    for wish in ({}, {"handyperson": True, "fault": "window-frames"}):
        own = await reported(repairs, sam, **wish)
        assert (own["vulnerable"], own["access_needs"]) == (False, None)
        assert own["contact"]["access_needs"] == KNOCK
        assert not (own["handyperson"] or {"accepted": False})["accepted"]
        assert (await seen(repairs, officer, own["reference"]))["vulnerable"] is True
    assert "repairs.household-not-known" not in await events_of(repairs, callers, own["reference"])


async def test_whoever_goes_to_a_home_where_two_must_go_is_told_so(
    repairs: httpx.AsyncClient, residents: httpx.AsyncClient, callers: Callers
) -> None:
    """The officer and the firm, without the reason; never whoever reports."""
    tenancy = await started(residents, keeper(callers))
    path = f"/v1/tenancies/{tenancy['reference']}/visiting-in-pairs"
    await done(
        residents,
        keeper(callers),
        path,
        visit_in_pairs=True,
        reason="A dog that bites.",
        review_on="2099-01-04",
    )
    by_officer = await assigned(repairs, callers.officer(), channel="phone")
    job = await seen(repairs, callers.contractor(), by_officer["reference"])
    assert (by_officer["visit_in_pairs"], job["visit_in_pairs"]) == (True, True)
    assert "A dog that bites." not in f"{by_officer} {job}"
    own = await reported(repairs, callers.resident())
    assert own["visit_in_pairs"] is None


async def test_open_repairs_learn_that_two_must_go(
    repairs: httpx.AsyncClient, repairs_state: AppState, residents: httpx.AsyncClient, callers: Callers
) -> None:
    """By the latest word on the home, where another household may need it; what has ended stays as it was."""
    officer = callers.officer()
    running, over = await reported(repairs, officer), await reported(repairs, officer)
    await done(repairs, officer, f"/v1/repairs/{over['reference']}/cancellation", reason="It came back.")
    tenancies = [await started(residents, keeper(callers)) for _ in range(2)]

    async def decide(tenancy: int, needed: bool) -> bool:
        """Decide for one household, have repairs hear it, and read what the open repair says."""
        reference = tenancies[tenancy]["reference"]
        said = {"visit_in_pairs": needed, "reason": "As told by the police.", "review_on": "2099-01-04"}
        await done(residents, keeper(callers), f"/v1/tenancies/{reference}/visiting-in-pairs", **said)
        path = f"/internal/cases/{reference}/events"
        history = (await residents.get(path, headers=callers.service("cases"))).json()["events"]
        decided = Event.from_json(orjson.dumps(history[-1]))
        async with unit_of_work(repairs_state) as work:
            await address_book.take_in(work, [told(1, {"id": decided.facts["home"], "uprn": "10008352"})])
            await take_in(work, [decided, decided])
        answer: bool = (await seen(repairs, officer, running["reference"]))["visit_in_pairs"]
        return answer

    assert running["visit_in_pairs"] is False
    assert [await decide(0, True), await decide(1, True)] == [True, True]
    assert [await decide(0, False), await decide(1, False)] == [True, False]
    await decide(0, True)
    assert (await seen(repairs, officer, over["reference"]))["visit_in_pairs"] is False


async def test_a_home_is_asked_about_by_either_spelling(
    repairs: httpx.AsyncClient, residents: httpx.AsyncClient, callers: Callers
) -> None:
    """And only those who live there now count: neither whose tenancy has ended, nor who moves in later."""
    place = {"address": "1 High Street", "postcode": "RM1 1AA"}
    home = await done(
        residents, keeper(callers), "/v1/properties", uprn="10", property_reference="A1", **place
    )
    assert home["property_reference"] == "A1"
    case = await started(residents, keeper(callers), property={"uprn": "10", **place}, vulnerable=True)
    spelt = {"property": {"property_reference": "a1", **place}}
    assert (await reported(repairs, callers.officer(), **spelt))["vulnerable"] is True
    await done(residents, keeper(callers), f"/v1/tenancies/{case['reference']}/end")
    coming = {"property": {"uprn": "10", **place}, "vulnerable": True, "started_on": "2027-01-04"}
    await started(residents, keeper(callers), **coming)
    assert (await reported(repairs, callers.officer(), **spelt))["vulnerable"] is False
    nowhere = await households(residents, callers.service("households"), {}, {"uprn": "999"})
    nobody = {"vulnerable": False, "access_needs": None, "safe_to_contact": True, "visit_in_pairs": False}
    assert nowhere.json() == {"answers": [nobody, nobody]}


async def test_nobody_is_written_to_where_it_is_not_safe(
    repairs: httpx.AsyncClient, residents: httpx.AsyncClient, callers: Callers
) -> None:
    """Whoever in the household it is not safe for; nor is the repair followed by whoever shares the home."""
    await started(residents, keeper(callers), joint_tenants=[UNSAFE])
    own = await reported(repairs, callers.resident())
    path = f"/internal/contacts/{own['reference']}"
    told = (await repairs.get(path, headers=callers.service("contacts"))).json()
    assert told["contact"]["safe_to_contact"] is False
    tracking = {"surname": "Jones", "postcode": "RM1 1AA"}
    followed = await repairs.post(
        f"/v1/repairs/{own['reference']}/tracking", json=tracking, headers=callers.frontend()
    )
    assert (followed.status_code, own["contact"]["safe_to_contact"]) == (404, True)


async def test_only_a_service_with_the_scope_may_ask(residents: httpx.AsyncClient, callers: Callers) -> None:
    """The needs of a household are read by nobody else, and the address book tells of none."""
    await started(residents, keeper(callers), contact=CONTACT)
    asked = {"uprn": "10008352", "purpose": "curiosity"}
    for caller in (callers.service("contacts", "cases"), keeper(callers), callers.ops()):
        assert (await households(residents, caller, asked)).status_code == 403
    answer = await households(residents, callers.service("households"), asked)
    needs = {"vulnerable": False, "access_needs": NEEDS, "safe_to_contact": True, "visit_in_pairs": False}
    assert answer.json() == {"answers": [needs]}


async def test_reports_that_come_together_ask_together_and_each_reading_is_noted(
    repairs: httpx.AsyncClient, residents: httpx.AsyncClient, line_to_residents: CountedLine, callers: Callers
) -> None:
    """Each case has the needs of its own household; the tenant sees which report each reading was for."""
    tenancy = await started(residents, keeper(callers), vulnerable=True)
    homes = [{"uprn": uprn, "address": "1 High Street", "postcode": "RM1 1AA"} for uprn in ("10008352", "12")]
    reporters = [{**callers.officer(), "X-Request-ID": f"report-{number}"} for number in range(20)]
    cases = await asyncio.gather(
        *(reported(repairs, by, property=home) for by, home in zip(reporters, homes * 10, strict=True))
    )
    assert [case["vulnerable"] for case in cases] == [True, False] * 10
    assert line_to_residents.asked["/internal/households"] < len(cases)
    path = f"/v1/tenancies/{tenancy['reference']}/reads"
    reads = (await residents.get(path, headers=keeper(callers))).json()["items"]
    of_repairs = [read for read in reads if read["purpose"] == "a repair is reported"]
    assert Counter(read["request_id"] for read in of_repairs) == {f"report-{n}": 1 for n in range(0, 20, 2)}
    assert {(read["role"], read["read_by"]) for read in of_repairs} == {("service", "repairs")}
