"""Those complained of: named when they become known, several of them, corrected, and never in the team."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from shared.app_state import AppState
from shared.clock import Clock
from shared.db.tables import events
from shared.text import digest_of
from shared.work import unit_of_work
from tests.services.asb.cases import Cases
from tests.services.callers import Callers, Headers
from tests.support.in_process import InProcess

ROBIN, CY = {"name": "Robin Loud", "subject": "robin"}, {"subject": "cy"}
TOLD = "The police told us."


@pytest.fixture
async def state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("asb", clock)


@pytest.fixture
async def asb(services: InProcess, state: AppState) -> httpx.AsyncClient:
    return await services.serve(state)


async def name(cases: Cases, reference: str, *people: dict[str, str], by: Headers | None = None) -> Any:
    return await cases.act(reference, "alleged-perpetrators", {"people": people, "reason": TOLD}, by)


async def status(cases: Cases, reference: str, by: Headers) -> int:
    return (await cases.client.get(f"/v1/asb/{reference}", headers=by)).status_code


async def test_named_later_they_lose_the_case_at_once(cases: Cases, state: AppState) -> None:
    """Two officers of the team turn out to be those complained of, one of them its handler."""
    reference = (await cases.report())["reference"]
    handler = {"name": "Cy Young", "subject": "cy"}
    await cases.act(reference, "team", {"members": ["alex", "robin", "cy"], "handler": handler})
    case = await name(cases, reference, ROBIN, CY)
    assert (case["team"], case["handler"]) == (["alex"], None)
    assert [each["subject"] for each in case["alleged_perpetrators"]] == ["robin", "cy"]
    for subject in ("robin", "cy"):
        named = cases.officer(subject, "manager")
        assert await status(cases, reference, named) == 404
        refused = await cases.refused(reference, "break-glass", {"reason": "Let me in."}, named)
        assert refused.status_code == 404
        assert (await cases.client.get("/v1/asb", headers=named)).json()["items"] == []
    async with unit_of_work(state) as work:
        query = select(events.c.facts).where(events.c.type == "asb.alleged-perpetrators-named")
        [told] = await work.session.scalars(query)
    kept_from = sorted(map(digest_of, ("robin", "cy")))
    assert told == {"kept_from": kept_from, "team": ["alex"], "unassigned": True}


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"members": ["alex", "robin"]}, "/members/1"),
        (
            {"members": ["alex"], "handler": {"name": "Robin Loud", "subject": "robin"}},
            "/handler/subject",
        ),
    ],
)
async def test_nobody_named_is_a_member_or_a_handler(
    cases: Cases, given: dict[str, Any], pointer: str
) -> None:
    reference = (await cases.report())["reference"]
    await name(cases, reference, ROBIN)
    refused = await cases.refused(reference, "team", given)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_whoever_takes_a_report_about_themselves_is_no_member(cases: Cases) -> None:
    """It is everybody's with the scope, and never theirs again."""
    robin = cases.officer("robin")
    reference = (await cases.report(robin, alleged_perpetrator=ROBIN))["reference"]
    assert await status(cases, reference, robin) == 404
    assert (await cases.read(reference))["team"] == []


async def test_a_mistake_is_taken_back_and_leaves_no_name(cases: Cases) -> None:
    """Whoever was named by mistake sees what their scope and the team allow again."""
    reference = (await cases.report(alleged_perpetrator=ROBIN))["reference"]
    assert await status(cases, reference, cases.officer("robin")) == 404
    case = await name(cases, reference)
    assert case["alleged_perpetrators"] == []
    assert await status(cases, reference, cases.officer("robin")) == 200
    diary = await cases.client.get(f"/v1/asb/{reference}/diary", headers=cases.officer())
    assert [entry["said"] for entry in diary.json()["items"]] == [{"reason": TOLD}]


async def test_those_named_later_are_matched_too(cases: Cases, asb: httpx.AsyncClient) -> None:
    """A suggestion goes by whoever is named now, and no longer by whoever was."""
    nobody = {"property": None, "alleged_perpetrator": None}
    first, second = [
        (await cases.report(cases.callers.resident(each), **nobody))["reference"] for each in ("sam", "bo")
    ]

    async def suggested() -> list[str]:
        found = await asb.get(f"/v1/asb/{first}/suggestions", headers=cases.officer())
        return [each["reference"] for each in found.json()["items"]]

    assert await suggested() == []
    for reference in (first, second):
        await name(cases, reference, {"name": "Robin Loud"})
    assert await suggested() == [second]
    await name(cases, second, {"name": "Kim Quiet"})
    assert await suggested() == []


async def test_the_person_complained_of_is_not_its_reporter(cases: Cases, callers: Callers) -> None:
    """Nobody reads what is said about themselves, not in a case that began with their own report either."""
    sam = callers.resident("sam")
    reference = (await cases.report(sam))["reference"]
    assert await status(cases, reference, sam) == 200
    await name(cases, reference, {"subject": "sam"})
    assert await status(cases, reference, sam) == 404
    for query in ({}, {"mine": "true"}):
        listed = await cases.client.get("/v1/asb", params=query, headers=sam)
        assert listed.json()["items"] == []


async def test_a_victim_who_is_an_officer_reads_their_case_as_a_resident(
    cases: Cases, callers: Callers
) -> None:
    """`mine` shows an officer no risk, no team and nobody's name, and in no order that would tell."""
    both = callers.somebody("sam", "resident", "officer", departments=["repairs"])
    high, latest = [(await cases.report(both))["reference"] for _ in range(2)]
    await cases.act(high, "risk", {"score": "high", "reason": "Threats."})
    listed = await cases.client.get("/v1/asb", params={"mine": "true"}, headers=both)
    shown = listed.json()["items"]
    assert [case["reference"] for case in shown] == [latest, high]
    for hidden in ("risk", "team", "alleged_perpetrators", "joined"):
        assert {case[hidden] for case in shown} == {None}
    assert {each["regime"] for case in shown for each in case["deadlines"]} == {"havering"}
