"""Availability: who may publish, see and withdraw which slots."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.standards.periods import civil_date
from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import booked, in_days, published, slot_of
from tests.services.repairs.reporting import reported, timed, zulu


async def listed(client: httpx.AsyncClient, headers: Headers, **query: Any) -> list[str]:
    """The ids on all pages of the list."""
    found: list[str] = []
    while True:
        answer = await client.get("/v1/slots", headers=headers, params=query)
        assert answer.status_code == 200, answer.text
        found += [slot["slot_id"] for slot in answer.json()["items"]]
        if answer.json()["next"] is None:
            return found
        query["cursor"] = answer.json()["next"]


async def test_a_firm_publishes_when_it_can_come(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The slot is the firm's own, with all its places free, and can be read where the answer says."""
    fixit = callers.contractor("Fixit")
    answer = await repairs.post("/v1/slots", json=slot_of(in_days(2), capacity=4), headers=fixit)
    slot = answer.json()
    assert (answer.status_code, slot["contractor"], slot["free"]) == (201, "Fixit", 4)
    assert answer.headers["Location"] == f"/v1/slots/{slot['slot_id']}"
    read = await repairs.get(answer.headers["Location"], headers=fixit)
    assert read.json() == slot


async def test_an_officer_publishes_for_a_firm_that_they_name(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """If none is named, it is the council's own people who come."""
    unnamed = await repairs.post("/v1/slots", json=slot_of(in_days(2)), headers=callers.officer())
    assert (unnamed.status_code, unnamed.json()["contractor"]) == (201, "council operatives")
    assert (await published(repairs, callers.officer(), contractor="Fixit"))["contractor"] == "Fixit"


@pytest.mark.parametrize("who", ["another firm", "another department", "resident"])
async def test_nobody_publishes_what_is_not_theirs(
    repairs: httpx.AsyncClient, callers: Callers, who: str
) -> None:
    """A firm cannot fill another's diary, nor an officer of another department any."""
    callers_by_name = {
        "another firm": callers.contractor("Bodgers"),
        "another department": callers.officer("complaints"),
        "resident": callers.resident(),
    }
    body = slot_of(in_days(2), contractor="Fixit")
    answer = await repairs.post("/v1/slots", json=body, headers=callers_by_name[who])
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"trade": "alchemy"}, "/trade"),
        ({"capacity": 0}, "/capacity"),
        ({"ends_at": timedelta(0)}, "/ends_at"),
        ({"ends_at": timedelta(days=4)}, "/ends_at"),
        ({"starts_at": timedelta(days=-1), "ends_at": timedelta(hours=-21)}, "/starts_at"),
        ({"colour": "blue"}, ""),
    ],
    ids=["trade", "no place", "backwards", "two days long", "begun", "unknown"],
)
async def test_a_wrong_slot_is_refused_at_the_field(
    repairs: httpx.AsyncClient, callers: Callers, changes: dict[str, Any], pointer: str
) -> None:
    """A misspelt or impossible slot is pointed at, and none is made."""
    body = timed({**slot_of(in_days(2)), **changes})
    answer = await repairs.post("/v1/slots", json=body, headers=callers.contractor())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await listed(repairs, callers.contractor()) == []


async def test_slots_are_listed_by_time_and_filtered(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """A firm sees its own, an officer everybody's: by trade, by firm, from one day or instant to another."""
    fixit, other, officer = callers.contractor("Fixit"), callers.contractor("Other"), callers.officer()
    second = (await published(repairs, fixit, in_days(3)))["slot_id"]
    first = (await published(repairs, fixit, in_days(1), trade="plumbing"))["slot_id"]
    third = (await published(repairs, other, in_days(5)))["slot_id"]
    assert await listed(repairs, fixit) == [first, second]
    assert await listed(repairs, officer, limit=1) == [first, second, third]
    assert await listed(repairs, officer, trade="roofing") == [second, third]
    assert await listed(repairs, officer, contractor="Other") == [third]
    day = civil_date(in_days(3)).isoformat()
    assert await listed(repairs, officer, **{"from": day, "to": day}) == [second]
    instants = {"from": zulu(in_days(3, hours=4)), "to": zulu(in_days(5, hours=1))}
    assert await listed(repairs, officer, **instants) == [third]
    assert await listed(repairs, callers.officer("complaints")) == []


async def test_a_slot_is_withdrawn_only_while_nobody_has_booked(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A resident's appointment is not taken away unseen; and what is withdrawn is offered to nobody."""
    fixit, resident = callers.contractor("Fixit"), callers.resident()
    taken, free = await published(repairs, fixit), await published(repairs, fixit, in_days(3))
    case = await reported(repairs, resident)
    assert [offer["slot_id"] for offer in case["appointment_offers"]] == [taken["slot_id"], free["slot_id"]]
    await booked(repairs, case["reference"], taken, resident)

    async def withdrawal(slot: dict[str, Any], by: Headers) -> int:
        return (await repairs.post(f"/v1/slots/{slot['slot_id']}/withdrawal", headers=by)).status_code

    assert await withdrawal(taken, fixit) == 409
    assert await withdrawal(free, callers.contractor("Other")) == 404
    assert await withdrawal(free, fixit) == 201
    assert await withdrawal(free, fixit) == 404
    assert await listed(repairs, fixit) == [taken["slot_id"]]
    offers = await repairs.get(f"/v1/repairs/{case['reference']}/appointment-offers", headers=resident)
    assert offers.json() == {"items": []}


async def test_a_slot_of_another_firm_looks_like_none(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Nobody else may learn how busy a firm is."""
    slot = await published(repairs, callers.contractor("Fixit"), in_days(1) + timedelta(minutes=1))
    answer = await repairs.get(f"/v1/slots/{slot['slot_id']}", headers=callers.contractor("Other"))
    assert answer.status_code == 404
