"""Every service counts with the newest calendar announced, whatever order announcements come in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared import calendar_sync
from shared.app import consumption
from shared.app_state import AppState
from shared.calendar_sync import UNCHANGED, StoredCalendar
from shared.db.transaction import transaction
from shared.events import CALENDAR_CHANGED, Event
from shared.messaging.broker import matches
from shared.messaging.local import LocalBroker
from shared.standards.calendar import Calendar, official_holidays
from shared.work import unit_of_work
from tests.shared.example.directory import WITH_EXAMPLE
from tests.shared.example.main import SERVICE as EXAMPLE
from tests.shared.permits_app import permits_state
from tests.support.apps import service_of
from tests.support.eventually import eventually
from tests.support.postgres import private_postgres

CHRISTMAS_EVE = date(2026, 12, 24)
ANNOUNCED_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
async def resources(database_for: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[AppState]:
    """The application state of one process of the permits service."""
    made = permits_state(await database_for("permits"), LocalBroker(tmp_path))
    yield made
    await made.close()


def announcement(version: int, *closed: date) -> Event:
    """The whole calendar, as notifications announces it."""
    return Event(
        id=uuid4(),
        type=CALENDAR_CHANGED,
        reference="calendar",
        sequence=version,
        occurred_at=ANNOUNCED_AT,
        recorded_at=ANNOUNCED_AT,
        facts={"version": version, "closures": {day.isoformat(): "offices closed" for day in closed}},
    )


async def consume(resources: AppState, *events: Event) -> None:
    async with unit_of_work(resources) as work:
        await consumption(EXAMPLE).use_case(work, events)


async def stored(resources: AppState) -> StoredCalendar:
    async with transaction(resources.database) as session:
        return await calendar_sync.stored(session)


@pytest.mark.parametrize("service", WITH_EXAMPLE.names)
def test_every_service_listens_for_the_calendar(service: str) -> None:
    """Also one that acts on no other service's events."""
    bindings = consumption(service_of(service)).queue.bindings
    assert any(matches(pattern, CALENDAR_CHANGED) for pattern in bindings)


async def test_at_first_the_bundled_list_stands(resources: AppState) -> None:
    """Until something changes nothing is stored, and the calendar is the one that ships with the product."""
    assert await stored(resources) == UNCHANGED
    assert UNCHANGED.calendar() == Calendar.bundled()
    assert UNCHANGED.last_official_year() == max(official_holidays()).year


async def test_the_highest_version_wins_in_any_order(
    database_for: Callable[[str], Awaitable[str]], tmp_path: Path
) -> None:
    """Three announcements in each of their six orders, the first of them twice, one at a time or at once."""
    told = [announcement(1), announcement(2, CHRISTMAS_EVE), announcement(3)]
    url = await database_for("permits")
    for number, order in enumerate(permutations(told)):
        resources = permits_state(url, LocalBroker(tmp_path))
        raised = [
            announcement(event.sequence + 3 * number, *map(date.fromisoformat, event.facts["closures"]))
            for event in order
        ]
        for event in (*raised, raised[0]):
            await consume(resources, event)
        newest = await stored(resources)
        assert (newest.version, dict(newest.closures)) == (3 + 3 * number, {})
        await resources.close()


async def test_all_announcements_of_one_batch_are_heard(resources: AppState) -> None:
    """Delivered together in the wrong order, the newest stands."""
    await consume(resources, announcement(2, CHRISTMAS_EVE), announcement(1))
    assert dict((await stored(resources)).closures) == {"2026-12-24": "offices closed"}


async def test_every_process_of_a_service_follows_what_is_stored(resources: AppState) -> None:
    """One process hears of the change; each with the same database, itself too, counts with it soon after."""
    following = asyncio.create_task(calendar_sync.keep_current(resources))
    await consume(resources, announcement(1, CHRISTMAS_EVE))

    await eventually(lambda: not resources.calendar.is_working(CHRISTMAS_EVE))
    assert resources.calendar.statutory.is_working(CHRISTMAS_EVE)
    assert resources.calendar_version == 1
    following.cancel()


async def test_a_holiday_list_replaces_the_bundled_one(resources: AppState) -> None:
    """Announced with its date, it wins in the years it speaks of and leaves the others alone."""
    official = {day.isoformat(): name for day, name in official_holidays().items() if day.year == 2026}
    event = announcement(1)
    facts = {
        **event.facts,
        "official": official | {"2026-12-24": "Proclaimed"},
        "official_as_of": "2026-11-23T09:30:00+00:00",
    }
    await consume(resources, replace(event, facts=facts))

    newest = await stored(resources)
    assert newest.official_as_of == ANNOUNCED_AT
    assert newest.last_official_year() == 2026
    assert newest.calendar().why_not_working(CHRISTMAS_EVE) == "Proclaimed bank holiday"
    assert not newest.calendar().is_working(date(2027, 3, 26))


async def test_the_holidays_of_other_parts_are_announced_with_the_rest(resources: AppState) -> None:
    """A day proclaimed in Scotland counts as a holiday where a regime leaves out those of every part."""
    event = announcement(1)
    scottish = {"2026-12-24": "Proclaimed bank holiday in Scotland", "2026-01-02": "2nd January"}
    await consume(resources, replace(event, facts={**event.facts, "elsewhere": scottish}))
    calendar = (await stored(resources)).calendar()
    assert calendar.is_working(CHRISTMAS_EVE)
    assert calendar.united_kingdom.why_not_working(CHRISTMAS_EVE) == scottish["2026-12-24"]
    assert calendar.united_kingdom.is_working(date(2026, 11, 30))
    assert not calendar.united_kingdom.is_working(date(2027, 11, 30))


async def test_a_calendar_stored_before_other_parts_were_kept_is_read(resources: AppState) -> None:
    """For Scotland and Northern Ireland the bundled list stands, until the next announcement."""
    official = '{"2026-12-24": "Proclaimed", "2026-12-25": "Christmas Day"}'
    row = "INSERT INTO calendar (id, version, official, closures) VALUES (1, 7, :official, '{}')"
    async with transaction(resources.database) as session:
        await session.execute(text(row), {"official": official})
    await calendar_sync.bring_up_to_date(resources)
    assert resources.calendar_version == 7
    assert not resources.calendar.is_working(CHRISTMAS_EVE)
    assert resources.calendar.elsewhere == Calendar.bundled().elsewhere
    assert not resources.calendar.united_kingdom.is_working(CHRISTMAS_EVE)


async def test_a_database_that_is_away_changes_no_calendar(tmp_path: Path) -> None:
    """The one in use stays in use, until the database answers again."""
    async with private_postgres() as postgres:
        resources = permits_state(postgres.url("away"), LocalBroker(tmp_path))
        resources.calendar_version = 7
        await postgres.stop()
        await calendar_sync.bring_up_to_date(resources)
        assert resources.calendar_version == 7
        await resources.close()


async def test_whoever_waits_for_followers_waits_for_those_under_way(resources: AppState) -> None:
    """A transaction that began to count with the older calendar is waited for; nobody else is."""
    passed: list[bool] = []

    async def wait() -> bool:
        async with transaction(resources.database) as session:
            await calendar_sync.await_older_transactions(session)
        passed.append(True)
        return True

    async with transaction(resources.database) as counting:
        await calendar_sync.follow(resources, counting)
        waiting = asyncio.create_task(wait())
        await eventually(lambda: someone_waits(resources))
        assert not passed
    assert await waiting


async def someone_waits(resources: AppState) -> bool:
    async with transaction(resources.database) as session:
        question = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(await session.scalar(question))
