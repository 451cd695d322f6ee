"""Appointments: offered at first contact, booked once, moved."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import (
    booked,
    booking,
    free_places,
    happened,
    in_days,
    published,
)
from tests.services.repairs.reporting import REPORT, ago, assigned, reported

UNKNOWN = {"slot_id": "00000000-0000-4000-8000-000000000000"}


async def read(client: httpx.AsyncClient, reference: str, headers: Headers) -> dict[str, Any]:
    answer = await client.get(f"/v1/repairs/{reference}", headers=headers)
    case: dict[str, Any] = answer.json()
    return case


async def test_a_report_is_answered_with_slots_that_fit(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The earliest of the right trade, with a place free, before the date promised; and a few, not all."""
    fixit = callers.contractor("Fixit")
    await published(repairs, fixit, in_days(1), trade="plumbing")
    await published(repairs, fixit, in_days(60))
    fitting = [await published(repairs, fixit, in_days(days)) for days in (7, 3, 4, 2, 6, 5)]
    case = await reported(repairs, callers.resident())
    expected = sorted(fitting, key=lambda slot: str(slot["starts_at"]))[:5]
    fields = ("slot_id", "starts_at", "ends_at", "trade")
    assert case["appointment_offers"] == [{field: slot[field] for field in fields} for slot in expected]
    assert (case["appointment"], case["version"]) == (None, 1)


async def test_the_offers_of_a_report_that_is_sent_again_are_those_of_its_first_answer(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """They are stored with it, although the slot has been taken by somebody else since."""
    slot = await published(repairs, callers.contractor(), in_days(2))
    headers = callers.resident() | {"Idempotency-Key": "sent-twice"}
    first = await repairs.post("/v1/repairs", json=REPORT, headers=headers)
    other = await reported(repairs, callers.officer())
    await booked(repairs, other["reference"], slot, callers.officer())
    again = await repairs.post("/v1/repairs", json=REPORT, headers=headers)
    assert [offer["slot_id"] for offer in first.json()["appointment_offers"]] == [slot["slot_id"]]
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")


async def test_an_emergency_is_offered_none_and_needs_none(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Somebody comes at any hour; a front end that tries to book is told so."""
    slot = await published(repairs, callers.contractor(), trade="heating")
    case = await reported(repairs, callers.resident(), fault="loss-of-gas")
    assert (case["appointment_offers"], case["version"]) == ([], 1)
    answer = await booking(repairs, case["reference"], slot, callers.resident())
    assert (answer.status_code, "needs no appointment" in answer.json()["detail"]) == (409, True)
    assert "appointment" not in answer.json()["allowed"]
    assert "cancellation" in answer.json()["allowed"]


async def test_a_report_that_can_be_offered_nothing_says_so_to_the_department(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Section 6 promises an appointment at first contact: where there is none, somebody must see to it."""
    await published(repairs, callers.contractor(), in_days(60))
    case = await reported(repairs, callers.resident())
    assert case["appointment_offers"] == []
    flagged = [("no-slot-offered", {"trade": "roofing", "priority": 3})]
    assert await happened(repairs, case["reference"], callers) == flagged


async def test_history_from_an_old_system_is_offered_nothing_and_flags_nothing(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Its visits were agreed long ago."""
    officer = callers.officer(scopes=["import"])
    case = await reported(repairs, officer, imported=True, received_at=ago(days=400))
    assert case["appointment_offers"] == []
    assert await happened(repairs, case["reference"], callers) == []


async def test_a_booked_firm_has_the_job_and_sees_when_to_come(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The resident chooses; the firm sees the home, the window, and whom to ring."""
    fixit = callers.contractor("Fixit")
    slot = await published(repairs, fixit)
    case = await reported(repairs, callers.resident())
    assert (await repairs.get(f"/v1/repairs/{case['reference']}", headers=fixit)).status_code == 404
    mine = await booked(repairs, case["reference"], slot, callers.resident())
    assert (mine["contractor"], mine["version"]) == ("Fixit", case["version"] + 2)
    job = await read(repairs, case["reference"], fixit)
    assert job["appointment"]["starts_at"] == slot["starts_at"]
    assert REPORT["contact"]["email"] not in str(job)
    assert job["contact"] == {
        **{key: REPORT["contact"][key] for key in ("name", "phone")},
        "safe_times": None,
    }
    window = {"starts_at": slot["starts_at"], "ends_at": slot["ends_at"]}
    told = dict(await happened(repairs, case["reference"], callers))
    assert told["repair-assigned"]["contractor"] == "Fixit"
    assert {name: zulu_of(told["appointment-booked"][name]) for name in window} == window


def zulu_of(text: str) -> str:
    return text.replace("+00:00", "Z")


async def test_of_fifty_at_once_for_one_place_one_gets_it(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """No slot is ever overbooked; the other forty-nine are told at once what else they can have."""
    fixit, officer = callers.contractor("Fixit"), callers.officer()
    wanted, instead = (
        await published(repairs, fixit),
        await published(repairs, fixit, in_days(3), capacity=50),
    )
    cases = [await reported(repairs, callers.resident()) for _ in range(50)]
    answers = await asyncio.gather(
        *(booking(repairs, case["reference"], wanted, callers.resident()) for case in cases)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    for refused in (answer.json() for answer in answers if answer.status_code == 409):
        assert [offer["slot_id"] for offer in refused["appointment_offers"]] == [instead["slot_id"]]
        assert refused["type"].endswith(":slot-gone")
        assert "cancellation" in refused["allowed"]
    assert await free_places(repairs, wanted, officer) == 0
    shown = await repairs.get("/v1/repairs", headers=officer, params={"limit": 100})
    assert sum(case["appointment"] is not None for case in shown.json()["items"]) == 1


async def test_another_slot_takes_the_place_of_the_first(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Moving an appointment is one act: the old place is free for others, though another firm comes now."""
    resident, officer = callers.resident(), callers.officer()
    first = await published(repairs, callers.contractor("Fixit"), in_days(2))
    second = await published(repairs, callers.contractor("Other"), in_days(3))
    reference = (await reported(repairs, resident))["reference"]
    await booked(repairs, reference, first, resident)
    moved = await booked(repairs, reference, second, resident)
    assert moved["contractor"] == "Other"
    assert await free_places(repairs, first, officer) == 1
    assert await free_places(repairs, second, officer) == 0
    types = [type for type, _ in await happened(repairs, reference, callers)]
    assert types == ["repair-assigned", "appointment-booked", "repair-assigned", "appointment-booked"]
    again = await booked(repairs, reference, second, resident)
    assert again["version"] == moved["version"]
    assert await free_places(repairs, second, officer) == 0


async def test_a_full_slot_leaves_the_appointment_as_it_was(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """A resident who tries to move to a time that has just gone keeps the time they had."""
    resident, fixit = callers.resident(), callers.contractor("Fixit")
    mine, theirs = await published(repairs, fixit), await published(repairs, fixit, in_days(3))
    case, anothers = await reported(repairs, resident), await reported(repairs, resident)
    await booked(repairs, anothers["reference"], theirs, resident)
    await booked(repairs, case["reference"], mine, resident)
    assert (await booking(repairs, case["reference"], theirs, resident)).status_code == 409
    assert (await read(repairs, case["reference"], resident))["appointment"]["slot_id"] == mine["slot_id"]
    assert await free_places(repairs, mine, fixit) == 0


@pytest.mark.parametrize(
    ("days", "changes"), [(2, {"trade": "plumbing"}), (60, {}), (None, {})], ids=["trade", "late", "unknown"]
)
async def test_a_slot_that_does_not_fit_is_refused_with_those_that_do(
    repairs: httpx.AsyncClient, callers: Callers, days: int | None, changes: dict[str, Any]
) -> None:
    """The wrong trade, too late, or no slot at all: each is answered with what may be had."""
    fixit = callers.contractor("Fixit")
    good = await published(repairs, fixit)
    bad = await published(repairs, fixit, in_days(days), **changes) if days else UNKNOWN
    case = await reported(repairs, callers.resident())
    answer = await booking(repairs, case["reference"], bad, callers.resident())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/slot_id")
    assert [offer["slot_id"] for offer in answer.json()["appointment_offers"]] == [good["slot_id"]]


async def test_a_firm_that_an_officer_chose_keeps_the_job(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The resident is offered that firm's slots and no other's."""
    await published(repairs, callers.contractor("Other"), in_days(1))
    theirs = await published(repairs, callers.contractor("Fixit"), in_days(2))
    job = await assigned(repairs, callers.officer(), "Fixit")
    path = f"/v1/repairs/{job['reference']}/appointment-offers"
    offers = (await repairs.get(path, headers=callers.officer())).json()["items"]
    assert [offer["slot_id"] for offer in offers] == [theirs["slot_id"]]


async def test_a_front_end_books_for_repairs_that_it_brought_alone(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The website books at first contact; a report by telephone it may follow, and its resident claim."""
    website, slot = callers.frontend(), await published(repairs, callers.contractor(), capacity=9)
    own = await reported(repairs, website)
    await booked(repairs, own["reference"], slot, website)
    by_phone = await reported(repairs, callers.officer())
    reference = by_phone["reference"]
    assert (await booking(repairs, reference, slot, website)).status_code == 404
    offers = await repairs.get(f"/v1/repairs/{reference}/appointment-offers", headers=website)
    assert offers.status_code == 404
    cancellation = f"/v1/repairs/{reference}/appointment/cancellation"
    assert (await repairs.post(cancellation, headers=website)).status_code == 404
    claim = {"reference": reference, "surname": "jones", "postcode": "rm11aa"}
    ada = callers.resident("ada")
    assert (await repairs.post("/internal/claims", json=claim, headers=ada)).status_code == 201
    await booked(repairs, reference, slot, ada)


async def test_a_front_end_arranges_nothing_for_whom_it_is_not_safe_to_contact(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Whoever lives with a victim has surname and postcode, and finds the reference; its own reports too."""
    website, slot = callers.frontend(), await published(repairs, callers.contractor(), capacity=9)
    unsafe = {"contact": {**REPORT["contact"], "safe_to_contact": False}}
    by_phone = await reported(repairs, callers.officer(), **unsafe)
    assert (await booking(repairs, by_phone["reference"], slot, website)).status_code == 404
    own = await reported(repairs, website, **unsafe)
    assert (await booking(repairs, own["reference"], slot, website)).status_code == 404
    for case in (by_phone, own):
        offers = f"/v1/repairs/{case['reference']}/appointment-offers"
        assert (await repairs.get(offers, headers=website)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("neighbour", 404), ("contractor", 403), ("other officer", 404)])
async def test_nobody_else_arranges_a_visit(
    repairs: httpx.AsyncClient, callers: Callers, who: str, status: int
) -> None:
    """Another resident learns nothing, not even that the repair exists."""
    headers = {
        "neighbour": callers.resident("alex"),
        "contractor": callers.contractor("Fixit"),
        "other officer": callers.officer("complaints"),
    }[who]
    slot = await published(repairs, callers.contractor("Fixit"))
    case = await reported(repairs, callers.resident("sam"))
    assert (await booking(repairs, case["reference"], slot, headers)).status_code == status
    offers = await repairs.get(f"/v1/repairs/{case['reference']}/appointment-offers", headers=headers)
    assert offers.status_code == status


async def test_a_stale_booking_is_refused(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """Anybody who read the case before it changed reads it again first."""
    slot = await published(repairs, callers.contractor("Fixit"))
    job = await assigned(repairs, callers.officer(), "Fixit")
    stale = callers.officer() | {"If-Match": '"1"'}
    assert (await booking(repairs, job["reference"], slot, stale)).status_code == 412
