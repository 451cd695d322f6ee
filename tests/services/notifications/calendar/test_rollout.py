"""The answer to a closure names the services that count with it, and the status those that lag."""

import asyncio
from dataclasses import replace
from time import monotonic

import httpx
import pytest

from services.notifications.figures.status import ROLLOUT
from shared import calendar_sync
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.directory import DIRECTORY, Directory
from shared.messaging.outbox import history
from tests.services.callers import Callers
from tests.services.clocks import SteppedClock
from tests.services.lines import Line
from tests.support.eventually import eventually

CLOSURES = "/v1/calendar/closures"
CLOSURE = {"date": "2026-12-30", "reason": "stocktaking"}  # a Wednesday


@pytest.fixture
def directory() -> Directory:
    """A house of two services."""
    both = tuple(row for row in DIRECTORY.services if row.name in {"notifications", "repairs"})
    return replace(DIRECTORY, services=both)


async def heard(resources: AppState, listener: AppState) -> None:
    """Let a service hear the calendar as soon as it is announced."""

    async def announced() -> bool:
        async with transaction(resources.database) as session:
            told = (await history(session, [calendar_sync.REFERENCE]))[calendar_sync.REFERENCE]
        async with transaction(listener.database) as session:
            await calendar_sync.take_in(session, told)
        return bool(told)

    await eventually(announced)
    await calendar_sync.bring_up_to_date(listener)


@pytest.mark.usefixtures("owner")
async def test_the_answer_waits_until_every_service_has_the_calendar(
    notifications: httpx.AsyncClient, resources: AppState, repairs_state: AppState, callers: Callers
) -> None:
    """Repairs hears of it while the officer waits; whoever has it is not waited for."""
    resources.settings.calendar_rollout_seconds = 5.0
    keeper = callers.officer(scopes=["calendar"])
    answer, _ = await asyncio.gather(
        notifications.post(CLOSURES, json=CLOSURE, headers=keeper), heard(resources, repairs_state)
    )
    assert answer.json()["services"] == [
        {"service": "notifications", "has_calendar": True},
        {"service": "repairs", "has_calendar": True},
    ]


async def test_a_service_that_is_away_is_named_and_not_waited_for_long(
    notifications: httpx.AsyncClient, resources: AppState, owner: Line, callers: Callers
) -> None:
    """The closure stands all the same, and is answered again, from its key, as it was."""
    owner.is_cut = True
    headers = callers.officer(scopes=["calendar"]) | {"Idempotency-Key": "a closure"}
    started = monotonic()
    answers = [await notifications.post(CLOSURES, json=CLOSURE, headers=headers) for _ in range(2)]
    assert monotonic() - started < 5
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["version"] == 1
    assert answers[0].json()["services"] == [
        {"service": "notifications", "has_calendar": True},
        {"service": "repairs", "has_calendar": False},
    ]


async def test_a_calendar_is_due_a_minute_after_it_was_announced(
    notifications: httpx.AsyncClient, resources: AppState, stepped: SteppedClock, callers: Callers
) -> None:
    """By which the gateway tells who lags: repairs never heard of it."""
    resources.clock = stepped
    await notifications.post(CLOSURES, json=CLOSURE, headers=callers.officer(scopes=["calendar"]))
    for later, due in ((ROLLOUT / 2, 0), (ROLLOUT, 1)):
        stepped.ahead = later
        told = (await notifications.get("/internal/status")).json()
        assert (told["calendar_version"], told["calendar_version_due"]) == (1, due)
