"""Events that somebody is told of at once: emergencies, repairs without an appointment, visits."""

from collections import Counter
from datetime import datetime
from typing import Any

import httpx
import pytest

from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.events import Event
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, consume, consume_history, emergency, notices, swept
from tests.services.notifications.posting import deliver_all, mail
from tests.services.repairs.appointments.booking import booked, published
from tests.services.repairs.reporting import ago as zulu_ago, london, reported

NIGHT = london("Sunday 2025-03-30 03:10")
FUMES = {"hazard": "carbon-monoxide"}
FOUND = {**FUMES, "finding": "emergency", "further_work_needed": False}
QUOTE = {"estimated_cost_pence": 10000, "administration_charge_pence": 2000, "total_pence": 12000}
WINDOW = {"starts_at": "2025-12-05T09:00:00+00:00", "ends_at": "2025-12-05T12:00:00+00:00"}


def a_repair(priority: int, at: datetime = NIGHT, **facts: Any) -> Case:
    return emergency(at, priority=priority, **facts)


def told_at_once(case: Case, type: str, **facts: Any) -> list[Event]:
    """The case's history with one thing more."""
    case.event(type, NIGHT, **facts)
    return case.history


async def told(resources: AppState, case: Case) -> Counter[tuple[str, str]]:
    """The number of notices of each kind to each audience, but for the acknowledgement."""
    rows = [row for row in await notices(resources, case.reference) if row.kind != "acknowledgement"]
    return Counter((row.kind, row.audience) for row in rows)


async def test_an_emergency_rings_once_at_any_hour(resources: AppState) -> None:
    """At ten past three on a Sunday morning the repairs department is told, however often it is received."""
    case = a_repair(1)
    await consume(resources, *case.history)
    await consume(resources, *case.history)
    assert await told(resources, case) == {("emergency", "department"): 1}
    (rung,) = [row for row in await notices(resources, case.reference) if row.kind == "emergency"]
    assert (rung.owed_at, rung.status) == (NIGHT, Delivery.PENDING)


@pytest.mark.parametrize(
    ("priority", "type", "facts", "expected"),
    [
        (
            2,
            "priority-raised",
            {"priority": 1},
            {("emergency", "department"): 1, ("priority_raised", "resident"): 1},
        ),
        (3, "priority-raised", {"priority": 2}, {}),
        (
            3,
            "hazard-reported",
            {**FUMES, "severity": "emergency"},
            {("emergency", "department"): 1, ("hazard", "resident"): 1},
        ),
        (3, "hazard-reported", {**FUMES, "severity": "significant"}, {}),
        (3, "hazard-investigated", {**FOUND, "severity": "significant"}, {("emergency", "department"): 1}),
        (3, "hazard-investigated", {**FOUND, "severity": "emergency"}, {}),
        (3, "no-slot-offered", {"trade": "roofing", "priority": 3}, {("flagged", "department"): 1}),
        (3, "appointment-booked", {**WINDOW, "contractor": "Fixit"}, {("appointment_booked", "resident"): 1}),
        (
            3,
            "appointment-cancelled",
            {**WINDOW, "because": "asked"},
            {("appointment_cancelled", "resident"): 1},
        ),
        (
            3,
            "follow-on-needed",
            {"appointment_at": WINDOW["starts_at"]},
            {("follow_on_visit", "resident"): 1},
        ),
        (3, "recharge-quoted", QUOTE, {("recharge_quoted", "resident"): 1}),
        (3, "repair-completed", {}, {("completed", "resident"): 1}),
        (3, "repair-assigned", {"contractor": "Fixit", "department": "repairs"}, {}),
    ],
)
async def test_each_event_is_told_to_whom_it_concerns(
    resources: AppState, priority: int, type: str, facts: dict[str, Any], expected: dict[Any, int]
) -> None:
    """The department hears what it must act on, the resident when somebody comes."""
    case = a_repair(priority)
    await consume(resources, *told_at_once(case, f"repairs.{type}", **facts))
    assert await told(resources, case) == expected


@pytest.mark.parametrize("together", [True, False])
async def test_nobody_is_told_of_imported_history(resources: AppState, together: bool) -> None:
    """Old cases ring nobody and write to nobody, be the report taken in with the rest or before it."""
    case = a_repair(3, imported=True)
    case.event("repairs.priority-raised", NIGHT, priority=1)
    case.event("repairs.appointment-booked", NIGHT, **WINDOW, contractor="Fixit")
    for events in [case.history] if together else [[event] for event in case.history]:
        await consume(resources, *events)
    assert await notices(resources, case.reference) == []


async def test_every_appointment_is_told_anew(resources: AppState) -> None:
    """Booked, moved and moved again at one instant: three letters, none of them twice."""
    case = a_repair(3)
    for _ in range(3):
        case.event("repairs.appointment-booked", NIGHT, **WINDOW, contractor="Fixit")
    await consume(resources, *case.history)
    await consume(resources, *case.history[1:])
    assert await told(resources, case) == {("appointment_booked", "resident"): 3}


@pytest.mark.usefixtures("owner")
async def test_the_department_is_rung_about_an_emergency(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """With the case and by when it must be safe."""
    case = await reported(repairs, callers.resident(), fault="loss-of-gas")
    await consume_history(resources, case["reference"])
    assert await deliver_all(resources) == 2
    (ring,) = [letter for letter in mail(resources) if letter["Subject"].startswith("Emergency")]
    assert ring["To"] == "repairs department <repairs-department@council.example>"
    assert case["reference"] in ring.get_content()
    assert "make it safe within 4 hours" in ring.get_content()


@pytest.mark.usefixtures("owner")
async def test_nobody_is_rung_about_what_is_long_done(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """After an outage the night's emergencies are received with their ends: no alarm is raised for them."""
    officer = callers.officer()
    case = await reported(repairs, officer, fault="loss-of-gas", received_at=zulu_ago(hours=3))
    done = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
    await repairs.post(f"/v1/repairs/{case['reference']}/updates", json=done, headers=officer)
    await consume_history(resources, case["reference"])
    await deliver_all(resources)
    assert not [letter for letter in mail(resources) if letter["Subject"].startswith("Emergency")]
    (moot,) = [row for row in await notices(resources, case["reference"]) if row.kind == "emergency"]
    assert (moot.status, moot.sent_at) == (Delivery.WITHDRAWN, None)


@pytest.mark.usefixtures("owner")
async def test_a_resident_is_told_when_somebody_comes_and_when_nobody_does(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Date and window, the firm, and that they can choose again."""
    resident, slot = callers.resident(), await published(repairs, callers.contractor("Fixit"))
    case = await reported(repairs, resident)
    await booked(repairs, case["reference"], slot, resident)
    path = f"/v1/repairs/{case['reference']}/appointment/cancellation"
    await repairs.post(path, json={"reason": "I am away."}, headers=resident)
    await consume_history(resources, case["reference"])
    await deliver_all(resources)
    (letter,) = mail(resources)
    assert letter["To"] == "Sam Jones <sam@example.org>"
    coming, _, cancelled = letter.get_content().partition("It has been cancelled.")
    assert "Fixit will come" in coming
    assert " between " in coming
    assert "You can choose another time" in cancelled
    assert "I am away." not in letter.get_content()


@pytest.mark.usefixtures("owner")
async def test_a_missed_right_to_repair_is_told_to_the_resident(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """The tenant learns of the right to another contractor the moment they have it; the department too."""
    case = await reported(repairs, callers.officer(), fault="leaking-roof", received_at=zulu_ago(days=25))
    await consume_history(resources, case["reference"])
    await swept(resources)
    rows = [row for row in await notices(resources, case["reference"]) if row.kind == "breach"]
    about = {(row.standard, row.audience) for row in rows}
    right = "repairs.right-to-repair"
    assert {(right, "resident"), (right, "department")} <= about
    await deliver_all(resources)
    (letter,) = [letter for letter in mail(resources) if letter["To"] == "Sam Jones <sam@example.org>"]
    assert "We are sorry. We had to do this by " in letter.get_content()
    assert "You now have the right to repair." in letter.get_content()
