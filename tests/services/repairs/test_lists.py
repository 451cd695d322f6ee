"""The list contract, as callers of the two lists of repairs meet it."""

from datetime import datetime, time, timedelta
from typing import Any

import httpx
import pytest

from shared.references import new_reference
from shared.standards.calendar import LONDON
from tests.services.callers import Callers, Headers
from tests.services.repairs.appliances.registering import registered
from tests.services.repairs.appointments.booking import booked, in_days, published
from tests.services.repairs.reporting import ago, assigned, reported
from tests.support.eventually import eventually

PAT = {"name": "Pat Smith", "subject": "officer-7"}


async def got(
    client: httpx.AsyncClient, headers: Headers, path: str = "/v1/repairs", **query: Any
) -> httpx.Response:
    return await client.get(path, params=query, headers=headers)


async def listed(
    client: httpx.AsyncClient, headers: Headers, path: str = "/v1/repairs", **query: Any
) -> list[str]:
    """The references of all pages, each of which names the next in its Link."""
    found: list[str] = []
    answer = await got(client, headers, path, limit=2, **query)
    while True:
        assert answer.status_code == 200, answer.text
        found += [case["reference"] for case in answer.json()["items"]]
        following = answer.links.get("next", {}).get("url")
        assert (following is None) is (answer.json()["next"] is None)
        if following is None:
            return found
        answer = await client.get(following, headers=headers)


async def test_an_officer_finds_their_own_cases(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """By the subject of their token, which the assignment names; until then nobody deals with a case."""
    officer = callers.officer()
    mine = (await reported(repairs, officer))["reference"]
    named = (await assigned(repairs, officer))["reference"]
    nobodys = (await reported(repairs, officer))["reference"]
    body = {"contractor": "Bodgit", "handler": PAT}
    await repairs.post(f"/v1/repairs/{mine}/assignment", json=body, headers=officer)
    assert await listed(repairs, officer, handler="me") == [mine]
    assert await listed(repairs, officer, handler="officer-7") == [mine]
    assert await listed(repairs, officer, unassigned=True) == [nobodys]
    assert await listed(repairs, officer, unassigned=False) == [named, mine]
    assert await listed(repairs, officer, contractor="Bodgit") == [mine]
    body["handler"] = "Ola Reyes"
    await repairs.post(f"/v1/repairs/{mine}/assignment", json=body, headers=officer)
    assert await listed(repairs, officer, handler="me") == []


async def test_only_officers_are_shown_the_subject_of_a_handler(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It is the name of an account; residents and firms are told who deals with a case, and where."""
    officer = callers.officer()
    case = await reported(repairs, callers.resident())
    path = f"/v1/repairs/{case['reference']}"
    body = {"contractor": "Fixit", "handler": PAT}
    given = await repairs.post(f"{path}/assignment", json=body, headers=officer)
    assert given.json()["handler"] == PAT | {"department": "repairs"}
    for reader in (callers.resident(), callers.contractor("Fixit")):
        handler = (await repairs.get(path, headers=reader)).json()["handler"]
        assert handler == {"name": "Pat Smith", "department": "repairs", "subject": None}


async def test_cases_of_a_home_and_of_a_time_are_found(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """By UPRN, postcode and the instants, both included, between which they were received."""
    officer = callers.officer()
    home = {"uprn": "77", "address": "2 High Street", "postcode": "RM2 2AA"}
    first = (await reported(repairs, officer, received_at=(early := ago(days=3))))["reference"]
    second = (await reported(repairs, officer, property=home, received_at=(late := ago(days=1))))["reference"]
    assert await listed(repairs, officer, uprn="0077") == [second]
    assert await listed(repairs, officer, postcode="rm11aa") == [first]
    assert await listed(repairs, officer, received_from=early, received_to=late) == [second, first]
    assert await listed(repairs, officer, received_from=late) == [second]
    assert await listed(repairs, officer, received_to=early, sort="received_at") == [first]
    assert await listed(repairs, officer, sort="received_at", imported=False) == [first, second]
    assert await listed(repairs, officer, imported=True) == []


async def test_visits_of_a_day_are_found(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A day in London; a visit over midnight is on both, and one that was called off on none."""
    officer, firm = callers.officer(), callers.contractor("Fixit")
    day = (in_days(3).astimezone(LONDON)).date()
    starts_at = datetime.combine(day, time(23), LONDON)
    visited, called_off = [(await reported(repairs, officer))["reference"] for _ in range(2)]
    for reference in (visited, called_off):
        await booked(repairs, reference, await published(repairs, firm, starts_at), officer)
    path = f"/v1/repairs/{called_off}/appointment/cancellation"
    answer = await repairs.post(path, json={"reason": "Away."}, headers=officer)
    assert answer.status_code == 201
    for days, found in ((-1, []), (0, [visited]), (1, [visited]), (2, [])):
        on = (day + timedelta(days=days)).isoformat()
        assert await listed(repairs, officer, visit_on=on) == found, on
        assert await listed(repairs, firm, visit_on=on) == found, on


async def test_many_are_read_at_once(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Those of a resident that there are; a cursor goes on with the same references only."""
    sam = callers.resident()
    own = [(await reported(repairs, sam))["reference"] for _ in range(3)]
    anothers = (await reported(repairs, callers.resident("alex")))["reference"]
    asked = [own[0].lower(), own[1], own[2], anothers, new_reference("REP"), "nonsense"]
    assert sorted(await listed(repairs, sam, reference=asked)) == sorted(own)
    first = await got(repairs, sam, reference=own, limit=1)
    for changes in ({"reference": own[:2]}, {"reference": own, "sort": "received_at"}, {}):
        answer = await got(repairs, sam, cursor=first.json()["next"], **changes)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")
    too_many = await got(repairs, sam, reference=[new_reference("REP") for _ in range(101)])
    assert (too_many.status_code, too_many.json()["errors"][0]["pointer"]) == (422, "/reference")


async def test_what_changed_is_followed(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """In the order of the changes, page by page; going on from the largest updated_at misses nothing."""
    officer = callers.officer()
    begin = ago(days=1)
    cases = [(await reported(repairs, officer))["reference"] for _ in range(4)]
    await repairs.post(f"/v1/repairs/{cases[1]}/cancellation", json={"reason": "Mended."}, headers=officer)
    in_order = [cases[0], cases[2], cases[3], cases[1]]

    async def changed() -> bool:
        return await listed(repairs, officer, updated_since=begin) == in_order

    await eventually(changed)
    shown = (await got(repairs, officer, updated_since=begin)).json()["items"]
    assert [case["updated_at"] for case in shown] == sorted(case["updated_at"] for case in shown)
    act = await repairs.post(
        f"/v1/repairs/{cases[0]}/assignment", json={"contractor": "Fixit"}, headers=officer
    )
    largest = max(case["updated_at"] for case in shown)
    assert act.json()["updated_at"] > largest

    async def last() -> bool:
        return (await listed(repairs, officer, updated_since=largest))[-1:] == [cases[0]]

    await eventually(last)
    assert cases[0] in await listed(repairs, callers.contractor("Fixit"), updated_since=largest)


async def test_whoever_follows_the_register_learns_of_a_removal(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A removed appliance is found by its status and reference too, and on the register no more."""
    officer, begin = callers.officer(), ago(days=1)
    stays, gone = [(await registered(repairs, officer))["reference"] for _ in range(2)]
    removal = await repairs.post(f"/v1/appliances/{gone}/removal", headers=officer)
    read = await repairs.get(f"/v1/appliances/{gone}", headers=officer)
    assert removal.json()["updated_at"] == read.json()["updated_at"]
    path = "/v1/appliances"
    assert await listed(repairs, officer, path) == [stays]
    assert await listed(repairs, officer, path, status="removed") == [gone]
    assert await listed(repairs, officer, path, reference=[gone, stays]) == [gone, stays]

    async def changed() -> bool:
        return await listed(repairs, officer, path, updated_since=begin) == [stays, gone]

    await eventually(changed)


@pytest.mark.parametrize(
    ("role", "query"),
    [
        ("resident", {"handler": "me"}),
        ("resident", {"unassigned": "true"}),
        ("resident", {"department": "repairs"}),
        ("contractor", {"handler": "officer-7"}),
        ("contractor", {"contractor": "Bodgit"}),
        ("contractor", {"queue": "handyperson"}),
    ],
)
async def test_nobody_filters_by_what_they_are_not_shown(
    repairs: httpx.AsyncClient, callers: Callers, role: str, query: dict[str, str]
) -> None:
    """The answer would tell a firm or a resident; it says which filter, whatever there is."""
    headers = callers.resident() if role == "resident" else callers.contractor()
    answer = await got(repairs, headers, **query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/v1/repairs", {"sort": "priority"}, "/sort"),
        ("/v1/repairs", {"updated_since": "2026-11-23T09:30:00Z", "sort": "received_at"}, "/sort"),
        (
            "/v1/repairs",
            {"received_from": "2026-11-24T00:00:00Z", "received_to": "2026-11-23T00:00:00Z"},
            "/received_to",
        ),
        ("/v1/repairs", {"visit_on": "Monday"}, "/visit_on"),
        ("/v1/repairs", {"handler": "a\0b"}, "/handler"),
        ("/v1/repairs", {"uprn": ""}, "/uprn"),
        ("/v1/repairs", {"status": "removed"}, "/status"),
        ("/v1/appliances", {"status": "reported"}, "/status"),
        ("/v1/appliances", {"overdue": "true", "sort": "-received_at"}, "/sort"),
    ],
    ids=lambda given: str(given) if isinstance(given, dict) else None,
)
async def test_a_list_that_cannot_be_is_refused(
    repairs: httpx.AsyncClient, callers: Callers, path: str, query: dict[str, str], pointer: str
) -> None:
    """At the parameter that is wrong."""
    answer = await got(repairs, callers.officer(), path, **query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
