"""A clock is put forward two hours and back: all that happens to a case stays in its order."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.clocks import SteppedClock
from tests.services.repairs.appliances.registering import registered
from tests.services.repairs.appointments.booking import in_days, published
from tests.services.repairs.hazards.homes import COMPLETED, MOULD, SUMMARY
from tests.services.repairs.recharges.quoting import QUOTE, SIGNATURE
from tests.services.repairs.reporting import ago, reported

ASSIGNED = ("assignment", {"contractor": "Fixit"})
QUOTED = ("recharge", QUOTE)
NAMED = ("hazard", MOULD)
INVESTIGATED = ("hazard/investigation", {"finding": "significant", "further_work_needed": True})
WHY = {"reason": "It was a mistake."}

Act = tuple[str, Mapping[str, Any]]
# what happens with the clock two hours ahead, and then with the clock put right
STORIES: dict[str, tuple[Sequence[Act], Sequence[Act]]] = {
    "assignment": ([], [ASSIGNED]),
    "attended": ([ASSIGNED], [("updates", {"type": "attended"})]),
    "completed": ([ASSIGNED], [("updates", COMPLETED)]),
    "raised": ([], [("priority", {"priority": 1, **WHY})]),
    "raised twice": ([("priority", {"priority": 2, **WHY})], [("priority", {"priority": 1, **WHY})]),
    "cancelled": ([ASSIGNED], [("cancellation", WHY)]),
    "quoted": ([], [QUOTED, QUOTED]),
    "signed": ([QUOTED], [("recharge/signature", SIGNATURE), ("recharge/waiver", WHY)]),
    "declined": ([QUOTED], [("recharge/decline", WHY)]),
    "hazard named": ([], [NAMED, INVESTIGATED]),
    "investigated": ([NAMED], [INVESTIGATED]),
    "made safe": (
        [NAMED, INVESTIGATED],
        [("hazard/summary", SUMMARY), ("hazard/safety-work", {})],
    ),
}


async def told(repairs: httpx.AsyncClient, callers: Callers, reference: str) -> list[dict[str, Any]]:
    """Every event of a case, in the order in which they were recorded."""
    answer = await repairs.get(f"/internal/cases/{reference}/events", headers=callers.service("cases"))
    found: list[dict[str, Any]] = answer.json()["events"]
    return found


async def do(repairs: httpx.AsyncClient, callers: Callers, reference: str, acts: Sequence[Act]) -> None:
    """Acts of an officer, none of which says when it happened."""
    for path, body in acts:
        answer = await repairs.post(
            f"/v1/repairs/{reference}/{path}", json=dict(body), headers=callers.officer()
        )
        assert answer.status_code == 201, (path, answer.text)


@pytest.mark.parametrize("story", STORIES)
async def test_an_act_without_a_time_is_never_dated_before_what_it_follows(
    repairs: httpx.AsyncClient, callers: Callers, stepped: SteppedClock, story: str
) -> None:
    """Neither before the report nor before the act that it follows; and it is not refused."""
    before, after = STORIES[story]
    stepped.ahead = timedelta(hours=2)
    reference = (await reported(repairs, callers.officer()))["reference"]
    await do(repairs, callers, reference, before)
    stepped.ahead = timedelta(0)
    await do(repairs, callers, reference, after)
    events = await told(repairs, callers, reference)
    assert len(events) >= 1 + len(before) + len(after)
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    for event in events:
        assert event["time"] > ago(hours=-1.9), event["type"]


async def test_a_visit_is_booked_and_called_off_after_the_report(
    repairs: httpx.AsyncClient, callers: Callers, stepped: SteppedClock
) -> None:
    """A resident says no time when they book."""
    slots = [await published(repairs, callers.contractor(), in_days(days)) for days in (2, 3)]
    stepped.ahead = timedelta(hours=2)
    reference = (await reported(repairs, callers.resident()))["reference"]
    stepped.ahead = timedelta(0)
    for slot in slots:
        await do(repairs, callers, reference, [("appointment", {"slot_id": slot["slot_id"]})])
    await do(repairs, callers, reference, [("appointment/cancellation", WHY)])
    events = await told(repairs, callers, reference)
    assert [event["type"] for event in events[-3:]] == [
        "repairs.appointment-booked",
        "repairs.appointment-booked",
        "repairs.appointment-cancelled",
    ]
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)


async def test_what_comes_after_the_end_is_no_history(
    repairs: httpx.AsyncClient, callers: Callers, stepped: SteppedClock
) -> None:
    """A repair called off with the clock ahead is not completed by what is told as done now."""
    stepped.ahead = timedelta(hours=2)
    reference = (await reported(repairs, callers.officer()))["reference"]
    await do(repairs, callers, reference, [("cancellation", WHY)])
    stepped.ahead = timedelta(0)
    path = f"/v1/repairs/{reference}/updates"
    answer = await repairs.post(path, json=COMPLETED, headers=callers.officer())
    assert answer.status_code == 409, answer.text


async def test_unsigned_work_waits_whatever_the_clock_did(
    repairs: httpx.AsyncClient, callers: Callers, stepped: SteppedClock
) -> None:
    """Work done now is not taken for work from before the quote."""
    reference = (await reported(repairs, callers.officer(), received_at=ago(days=1)))["reference"]
    stepped.ahead = timedelta(hours=2)
    await do(repairs, callers, reference, [QUOTED])
    stepped.ahead = timedelta(0)
    path = f"/v1/repairs/{reference}/updates"
    answer = await repairs.post(path, json=COMPLETED, headers=callers.officer())
    assert answer.status_code == 409, answer.text


async def test_a_time_given_from_before_the_case_stays_refused(
    repairs: httpx.AsyncClient, callers: Callers, stepped: SteppedClock
) -> None:
    """A time that was given is refused, with its reason."""
    stepped.ahead = timedelta(hours=2)
    reference = (await reported(repairs, callers.officer()))["reference"]
    stepped.ahead = timedelta(0)
    done = {**COMPLETED, "occurred_at": ago(minutes=1)}
    path = f"/v1/repairs/{reference}/updates"
    answer = await repairs.post(path, json=done, headers=callers.officer())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/occurred_at"


async def test_an_appliance_is_serviced_and_removed_after_its_registration(
    repairs: httpx.AsyncClient, callers: Callers, stepped: SteppedClock
) -> None:
    """A day without an hour is a day: a service of today is after today's registration."""
    stepped.ahead = timedelta(minutes=1)
    reference = (await registered(repairs, callers.officer(), last_serviced_on=None))["reference"]
    stepped.ahead = timedelta(0)
    today = f"{stepped():%Y-%m-%d}"
    for path, body in (("services", {"serviced_on": today}), ("removal", {"reason": "It is scrap."})):
        answer = await repairs.post(
            f"/v1/appliances/{reference}/{path}", json=body, headers=callers.officer()
        )
        assert answer.status_code == 201, answer.text
    events = await told(repairs, callers, reference)
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    assert len(events) == 3
