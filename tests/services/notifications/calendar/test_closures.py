"""An officer enters a day on which the council is closed: stored, announced to every service, and undone."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.notifications.deadlines.changed_days import ChangedDay
from services.notifications.models import CalendarChange
from shared import calendar_sync
from shared.app_state import AppState
from shared.clock import Clock
from shared.db.transaction import transaction
from shared.events import CALENDAR_CHANGED, Event
from shared.messaging.outbox import history
from tests.services.callers import Callers, Headers
from tests.services.clocks import SteppedClock
from tests.services.repairs.reporting import london

CLOSURES = "/v1/calendar/closures"


@pytest.fixture
def clock() -> Clock:
    """These stories play in the week of Christmas, whatever the year of this run."""
    return lambda: london("Tuesday 2026-12-22 15:00")


def keeper(callers: Callers) -> Headers:
    """An officer who keeps the calendar."""
    return callers.officer(scopes=["calendar"])


async def enter(
    client: httpx.AsyncClient, callers: Callers, day: str, reason: str = "stocktaking"
) -> httpx.Response:
    body = {"date": day, "reason": reason}
    return await client.post(CLOSURES, json=body, headers=keeper(callers))


async def withdraw(client: httpx.AsyncClient, callers: Callers, day: str) -> httpx.Response:
    body = {"reason": "we open after all"}
    return await client.post(f"{CLOSURES}/{day}/withdrawal", json=body, headers=keeper(callers))


async def announced(resources: AppState) -> list[Event]:
    """The events by which every service is told of the calendar, in order."""
    async with transaction(resources.database) as session:
        told = (await history(session, ["calendar"]))["calendar"]
    assert {event.type for event in told} <= {CALENDAR_CHANGED}
    return told


async def to_plan(resources: AppState) -> list[dict[str, Any]]:
    """The changed days that open deadlines are yet to be planned again for."""
    async with transaction(resources.database) as session:
        changes = (await session.get(CalendarChange, number) for number in range(1, 10))
        return [day async for change in changes if change for day in change.days]


async def test_a_closure_is_shown_announced_and_planned_for(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Wednesday 2026-12-30, between the years: in the calendar at once, with its reason."""
    answer = await enter(notifications, callers, "2026-12-30")
    assert answer.status_code == 201
    shown = answer.json()
    assert shown["closures"] == [{"date": "2026-12-30", "reason": "stocktaking"}]
    assert {"date": "2026-12-25", "reason": "Christmas Day"} in shown["bank_holidays"]

    [told] = await announced(resources)
    assert (told.facts["version"], told.facts["closures"]) == (1, {"2026-12-30": "stocktaking"})
    words = "we are closed on Wednesday 30 December 2026 (stocktaking)"
    closed = ChangedDay(day=date(2026, 12, 30), words=words, closure=True)
    assert [ChangedDay.of_row(row) for row in await to_plan(resources)] == [closed]


async def test_entering_a_closure_again_changes_nothing(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Two officers who enter the same day do it once; another reason is a correction, and announced."""
    for _ in range(2):
        assert (await enter(notifications, callers, "2026-12-30")).json()["version"] == 1
    corrected = await enter(notifications, callers, "2026-12-30", "burst main")
    assert corrected.json()["closures"] == [{"date": "2026-12-30", "reason": "burst main"}]
    assert [event.facts["version"] for event in await announced(resources)] == [1, 2]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-12-26", "Saturday"),
        ("2026-12-27", "Sunday"),
        ("2026-12-25", "Christmas Day"),
        ("2026-12-28", "Boxing Day"),
        ("1989-12-29", "1990 to 2100"),
        ("2101-01-04", "1990 to 2100"),
    ],
)
async def test_a_day_that_does_not_count_anyway_is_refused(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers, day: str, why: str
) -> None:
    """A weekend, a bank holiday, a year that no calendar knows: the answer says why."""
    refused = await enter(notifications, callers, day)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/date"
    assert why in error["detail"]
    assert await announced(resources) == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/date", "/reason"}),
        ({"date": "2026-12-30"}, {"/reason"}),
        ({"date": "30/12/2026", "reason": "x"}, {"/date"}),
        ({"date": "2026-02-30", "reason": "x"}, {"/date"}),
        ({"date": "2026-12-30", "reason": " "}, {"/reason"}),
        ({"date": "2026-12-30", "reason": "x", "until": "2026-12-31"}, {""}),
    ],
)
async def test_a_closure_needs_a_day_and_a_reason(
    notifications: httpx.AsyncClient, callers: Callers, body: dict[str, Any], pointers: set[str]
) -> None:
    """Anything else is refused, with a pointer to the field, or to where an unknown one is."""
    refused = await notifications.post(CLOSURES, json=body, headers=keeper(callers))
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json()["errors"]} == pointers


async def test_a_closure_is_withdrawn_once(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """The day counts again, and that is announced too; what is not there cannot be withdrawn."""
    assert (await withdraw(notifications, callers, "2026-12-30")).status_code == 404
    await enter(notifications, callers, "2026-12-30")
    await enter(notifications, callers, "2026-12-31")

    withdrawn = await withdraw(notifications, callers, "2026-12-30")
    assert withdrawn.status_code == 201
    assert withdrawn.json()["closures"] == [{"date": "2026-12-31", "reason": "stocktaking"}]
    assert (await withdraw(notifications, callers, "2026-12-30")).status_code == 404

    assert (await announced(resources))[-1].facts["closures"] == {"2026-12-31": "stocktaking"}
    words = "we are open on Wednesday 30 December 2026 after all (we open after all)"
    open_again = ChangedDay(day=date(2026, 12, 30), words=words, worked=False, works=True, closure=True)
    assert ChangedDay.of_row((await to_plan(resources))[-1]) == open_again


@pytest.mark.parametrize("path", [CLOSURES, f"{CLOSURES}/2026-12-30/withdrawal", f"{CLOSURES}?dry_run=true"])
async def test_an_officer_who_does_not_keep_the_calendar_may_not(
    notifications: httpx.AsyncClient, callers: Callers, path: str
) -> None:
    """One day moves the promises of every department, so it takes a scope of its own."""
    body = {"reason": "stocktaking"} | ({} if "withdrawal" in path else {"date": "2026-12-30"})
    refused = await notifications.post(path, json=body, headers=callers.officer())
    assert refused.status_code == 403
    assert "calendar" in refused.json()["detail"]


async def test_closures_entered_at_once_are_all_kept(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Four officers enter four days in the same moment, the first that this house knows."""
    days = ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-04"]
    answers = await asyncio.gather(*(enter(notifications, callers, day) for day in days))
    assert {answer.status_code for answer in answers} == {201}
    async with transaction(resources.database) as session:
        assert sorted((await calendar_sync.stored(session)).closures) == days
    told = await announced(resources)
    assert [event.facts["version"] for event in told] == [1, 2, 3, 4]
    assert sorted(told[-1].facts["closures"]) == days


async def test_calendars_are_announced_in_their_order_whatever_the_clock_did(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers, stepped: SteppedClock
) -> None:
    """A closure is entered with the clock two hours ahead, and withdrawn after it was put right."""
    resources.clock = stepped
    day = "2026-12-30"  # a Wednesday
    stepped.ahead = timedelta(hours=2)
    assert (await enter(notifications, callers, day)).status_code == 201
    stepped.ahead = timedelta(0)
    assert (await withdraw(notifications, callers, day)).status_code == 201
    entered, withdrawn = await announced(resources)
    assert entered.occurred_at < withdrawn.occurred_at
