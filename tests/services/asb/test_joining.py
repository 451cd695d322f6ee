"""Reports about the same people: suggested, and joined by an officer."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.asb.cases import Cases
from tests.services.callers import Callers
from tests.support.clock import house_clock

WHY = "The same flat."
OVER = {"reason": "It has stopped.", "agreed_with_victim": True}


def hours_ago(hours: float) -> str:
    return (house_clock() - timedelta(hours=hours)).isoformat()


async def reported(cases: Cases, name: str, hours: float = 1, **changes: Any) -> str:
    by = cases.callers.resident(name)
    case = await cases.report(by, received_at=hours_ago(hours), **changes)
    return str(case["reference"])


async def join(cases: Cases, report: str, earlier: str) -> dict[str, Any]:
    return await cases.act(report, "joining", {"reference": earlier, "reason": WHY})


async def facts_of(asb: httpx.AsyncClient, callers: Callers, reference: str, type: str) -> list[Any]:
    path = f"/internal/cases/{reference}/events"
    told = (await asb.get(path, headers=callers.service("cases"))).json()["events"]
    return [event["data"] for event in told if event["type"] == type]


async def test_a_further_report_is_suggested_and_an_officer_joins_it(
    cases: Cases, asb: httpx.AsyncClient
) -> None:
    """Nothing is joined by itself, the likeliest comes first, and each keeps a reference of its own."""
    first = await reported(cases, "ada", 5)
    alike = await reported(cases, "bo", 4, property=None)
    elsewhere = {"uprn": "77", "address": "9 Long Lane", "postcode": "RM2 2BB"}
    other = await reported(cases, "cy", 3, property=elsewhere, alleged_perpetrator={"name": "Kim Quiet"})
    further = await reported(cases, "dee", 2)
    answer = await asb.get(f"/v1/asb/{further}/suggestions", headers=cases.officer())
    items = answer.json()["items"]
    assert [item["reference"] for item in items] == [first, alike]
    assert items[0]["matches"] > items[1]["matches"]
    assert other not in answer.text
    assert (await cases.read(further))["joined_to"] is None
    await join(cases, further, first)
    assert (await cases.read(first))["joined"] == [further]
    assert (await cases.read(further, cases.callers.resident("dee")))["reference"] == further


async def test_a_report_after_the_closing_is_a_new_case_that_points_to_the_old(
    cases: Cases, asb: httpx.AsyncClient, callers: Callers
) -> None:
    """By when it came, and not by how the old case stands when somebody joins it."""
    old = await reported(cases, "ada", 9)
    during = await reported(cases, "bo", 8)
    await cases.act(old, "closure", {**OVER, "occurred_at": hours_ago(7)})
    after = await reported(cases, "cy", 6)
    await cases.act(old, "review", {"outcome": "reopen", "reason": "Again.", "occurred_at": hours_ago(5)})
    reopened = await reported(cases, "dee", 4)
    await cases.act(old, "closure", OVER)
    for report, is_further in ((during, True), (after, False), (reopened, True)):
        case = await join(cases, report, old)
        assert (case["status"], case["joined_to"]) == ("open", old)
        assert await facts_of(asb, callers, report, "asb.report-joined") == [{"further_report": is_further}]
    refused = await cases.refused(old, "incidents", {"description": "Once more."})
    assert refused.status_code == 409, "a closed case takes none"


async def test_a_chain_of_joins_counts_as_a_whole(cases: Cases) -> None:
    """C was joined to B before B was to A; whichever is applied about, all three are one behaviour."""
    a, b, c = [await reported(cases, name, hours) for name, hours in (("ada", 3), ("bo", 2), ("cy", 1))]
    await join(cases, c, b)
    await join(cases, b, a)
    for reference in (a, b, c):
        [review] = (await cases.act(reference, "case-review"))["case_reviews"]
        assert (review["status"], review["qualifying_reports"]) == ("due", 3)


async def test_joins_lead_back_in_time_and_so_never_in_a_circle(cases: Cases) -> None:
    """An earlier report is joined to no later one, nor a report to itself."""
    a, b = [await reported(cases, name, hours) for name, hours in (("ada", 3), ("bo", 2))]
    await join(cases, b, a)
    for report, earlier in ((a, b), (a, a), (b, "CAS-7K3M-Q9TX")):
        refused = await cases.refused(report, "joining", {"reference": earlier, "reason": WHY})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reference")


@pytest.mark.parametrize("alleged", [{"name": "Robin Loud"}, {"subject": "robin"}])
async def test_a_report_against_a_reporter_is_not_joined_with_theirs(
    cases: Cases, alleged: dict[str, str]
) -> None:
    """Nor with any that theirs is joined with: one of the two sides would be told of the other."""
    robins = {"contact": {"name": "Robin Loud", "phone": "01708 434343"}, "alleged_perpetrator": None}
    first = await reported(cases, "robin", 5, **robins)
    second = await reported(cases, "bo", 4, alleged_perpetrator=None)
    await join(cases, second, first)
    against = await reported(cases, "ada", 3, alleged_perpetrator=alleged)
    for reference in (first, second):
        refused = await cases.refused(against, "joining", {"reference": reference, "reason": WHY})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reference")


async def test_two_joins_the_other_way_round_wait_for_each_other_in_no_ring(cases: Cases) -> None:
    """Both lock the two cases in one order; the one that leads back in time is done, the other refused."""
    pairs = [(await reported(cases, "ada", 3), await reported(cases, "bo", 2)) for _ in range(10)]

    async def attempt(report: str, earlier: str) -> int:
        body = {"reference": earlier, "reason": WHY}
        return (await cases.post(f"/v1/asb/{report}/joining", body, cases.officer())).status_code

    ways = [way for first, second in pairs for way in ((first, second), (second, first))]
    assert await asyncio.gather(*(attempt(*way) for way in ways)) == [422, 201] * len(pairs)
