"""Follow-on visits that are agreed on site: in a slot, or at any time that suits both."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers, Headers
from tests.services.repairs.appointments.booking import booked, free_places, happened, in_days, published
from tests.services.repairs.reporting import ago, assigned, reported, zulu

UNKNOWN = {"slot_id": "00000000-0000-4000-8000-000000000000"}


async def agreed(
    client: httpx.AsyncClient, reference: str, headers: Headers, appointment: dict[str, Any], **more: Any
) -> httpx.Response:
    """The answer to an operative who says when they come again; of a slot only its id is sent."""
    when = {"slot_id": appointment["slot_id"]} if "slot_id" in appointment else appointment
    body = {"type": "follow_on_needed", "appointment": when, **more}
    return await client.post(f"/v1/repairs/{reference}/updates", json=body, headers=headers)


def window(days: float) -> dict[str, str]:
    return {"starts_at": zulu(in_days(days)), "ends_at": zulu(in_days(days, hours=2))}


async def test_a_visit_agreed_on_site_is_the_appointment(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It takes the place of the visit it follows; news of an earlier one, told late, does not undo it."""
    fixit = callers.contractor("Fixit")
    job = await assigned(repairs, callers.officer(), "Fixit", received_at=ago(days=2))
    later, earlier = window(days=5), window(days=1)
    first = await agreed(repairs, job["reference"], fixit, later, occurred_at=ago(hours=2))
    visit = first.json()["appointment"]
    assert (visit["starts_at"], visit["slot_id"]) == (later["starts_at"], None)
    late_news = await agreed(repairs, job["reference"], fixit, earlier, occurred_at=ago(hours=20))
    assert late_news.json()["appointment"]["starts_at"] == later["starts_at"]


async def test_a_visit_agreed_in_a_slot_takes_a_place_in_it(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Everybody reads when it is, and the phone that sends it again takes no second place."""
    fixit, officer = callers.contractor("Fixit"), callers.officer()
    slot = await published(repairs, fixit, capacity=2)
    job = await assigned(repairs, officer, "Fixit", received_at=ago(hours=2))
    when = ago(hours=1)
    for _ in range(2):
        answer = await agreed(repairs, job["reference"], fixit, slot, occurred_at=when)
        assert answer.status_code == 201, answer.text
    visit = {name: slot[name] for name in ("slot_id", "starts_at", "ends_at")}
    assert answer.json()["appointment"].items() >= visit.items()
    assert await free_places(repairs, slot, officer) == 1
    told = await repairs.get(f"/v1/repairs/{job['reference']}/updates", headers=fixit)
    assert [each["appointment"] for each in told.json()["items"]] == [visit]
    *_, (last, facts) = await happened(repairs, job["reference"], callers)
    assert (last, facts["appointment_at"]) == (
        "follow-on-needed",
        slot["starts_at"].replace("Z", "+00:00"),
    )


async def test_of_twenty_at_once_for_one_place_one_gets_it(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """No slot is ever overbooked from a doorstep either; the others are told what else there is."""
    fixit, officer = callers.contractor("Fixit"), callers.officer()
    wanted = await published(repairs, fixit)
    instead = await published(repairs, fixit, in_days(3), capacity=50)
    jobs = [await assigned(repairs, officer, "Fixit") for _ in range(20)]
    answers = await asyncio.gather(*(agreed(repairs, job["reference"], fixit, wanted) for job in jobs))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    for refused in (answer.json() for answer in answers if answer.status_code == 409):
        assert [offer["slot_id"] for offer in refused["appointment_offers"]] == [instead["slot_id"]]
    assert await free_places(repairs, wanted, officer) == 0


@pytest.mark.parametrize(
    ("days", "firm", "changes"),
    [(2, "Fixit", {"trade": "plumbing"}), (60, "Fixit", {}), (2, "Bodgit", {}), (None, "Fixit", {})],
    ids=["trade", "late", "another firm's", "unknown"],
)
async def test_a_slot_that_does_not_fit_is_refused_with_those_that_do(
    repairs: httpx.AsyncClient, callers: Callers, days: int | None, firm: str, changes: dict[str, Any]
) -> None:
    """The same as when a resident books; nothing of the update is kept, so that it can be sent anew."""
    fixit, officer = callers.contractor("Fixit"), callers.officer()
    good = await published(repairs, fixit)
    job = await assigned(repairs, officer, "Fixit")
    before = await booked(repairs, job["reference"], good, callers.officer())
    other = await published(repairs, fixit, in_days(3))
    bad = await published(repairs, callers.contractor(firm), in_days(days), **changes) if days else UNKNOWN
    answer = await agreed(repairs, job["reference"], fixit, bad)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/appointment/slot_id")
    offered = [offer["slot_id"] for offer in answer.json()["appointment_offers"]]
    assert offered == [other["slot_id"]]
    after = (await repairs.get(f"/v1/repairs/{job['reference']}", headers=officer)).json()
    assert (after["version"], after["appointment"]) == (before["version"], before["appointment"])
    assert await free_places(repairs, good, officer) == 0


async def test_the_place_of_the_visit_before_is_free_again(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An operative who comes early and must come again frees the time that was booked, or keeps it."""
    fixit, officer = callers.contractor("Fixit"), callers.officer()
    first, second = await published(repairs, fixit), await published(repairs, fixit, in_days(3))
    job = await assigned(repairs, officer, "Fixit")
    await booked(repairs, job["reference"], first, officer)
    kept = await agreed(repairs, job["reference"], fixit, first)
    assert kept.json()["appointment"]["slot_id"] == first["slot_id"]
    assert await free_places(repairs, first, officer) == 0
    await agreed(repairs, job["reference"], fixit, second)
    places = [await free_places(repairs, slot, officer) for slot in (first, second)]
    assert places == [1, 0]


async def test_what_was_agreed_before_a_later_booking_takes_no_place(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The phone was without signal, and the resident has chosen another time since: theirs stands."""
    resident, fixit, officer = callers.resident(), callers.contractor("Fixit"), callers.officer()
    theirs, ours = await published(repairs, fixit), await published(repairs, fixit, in_days(3))
    case = await reported(repairs, resident, received_at=ago(hours=6))
    await booked(repairs, case["reference"], theirs, resident)
    answer = await agreed(repairs, case["reference"], fixit, ours, occurred_at=ago(hours=5))
    assert (answer.status_code, answer.json()["status"]) == (201, "follow_on_needed")
    assert answer.json()["appointment"]["slot_id"] == theirs["slot_id"]
    assert await free_places(repairs, ours, officer) == 1
    hidden = await published(repairs, callers.contractor("Bodgit"))
    refused = await agreed(repairs, case["reference"], fixit, hidden, occurred_at=ago(hours=4))
    assert refused.status_code == 422


async def test_an_emergency_made_safe_is_finished_in_a_slot_of_another_day(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Its four hours do not forbid it: whoever was there has seen that it can wait."""
    fixit = callers.contractor("Fixit")
    slot = await published(repairs, fixit, trade="heating")
    job = await assigned(repairs, callers.officer(), "Fixit", fault="loss-of-gas")
    answer = await agreed(repairs, job["reference"], fixit, slot)
    assert (answer.status_code, answer.json()["appointment"]["slot_id"]) == (201, slot["slot_id"])


async def test_the_firm_of_the_slot_gets_a_job_that_is_nobodys(
    repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """An officer tells it for their own operative; as with a booking, whoever comes has the job."""
    slot = await published(repairs, callers.contractor("Fixit"))
    case = await reported(repairs, callers.resident())
    answer = await agreed(repairs, case["reference"], callers.officer(), slot)
    assert (answer.status_code, answer.json()["contractor"]) == (201, "Fixit")
    types = [type for type, _ in await happened(repairs, case["reference"], callers)]
    assert types[-2:] == ["repair-assigned", "follow-on-needed"]


async def test_in_a_batch_a_full_slot_is_refused_alone(repairs: httpx.AsyncClient, callers: Callers) -> None:
    """The first takes the place, the second hears what else there is, and the third is untouched by it."""
    fixit, officer = callers.contractor("Fixit"), callers.officer()
    slot, instead = await published(repairs, fixit), await published(repairs, fixit, in_days(3))
    jobs = [(await assigned(repairs, officer, "Fixit"))["reference"] for _ in range(3)]
    earlier = await published(repairs, fixit, in_days(1))
    mine = await booked(repairs, jobs[1], earlier, officer)
    follow_on = {"type": "follow_on_needed", "appointment": {"slot_id": slot["slot_id"]}}
    updates = [{"reference": reference, **follow_on} for reference in jobs[:2]]
    body = {"updates": [*updates, {"reference": jobs[2], "type": "accepted"}]}
    answer = await repairs.post("/v1/repairs/updates", json=body, headers=fixit)
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 409, 201]
    offered = [offer["slot_id"] for offer in results[1]["problem"]["appointment_offers"]]
    assert offered == [instead["slot_id"]]
    assert "appointment/cancellation" in results[1]["problem"]["allowed"]  # of the visit that it keeps
    after = (await repairs.get(f"/v1/repairs/{jobs[1]}", headers=officer)).json()
    assert (after["version"], after["appointment"]) == (mine["version"], mine["appointment"])
    assert [await free_places(repairs, each, officer) for each in (slot, earlier)] == [0, 0]
