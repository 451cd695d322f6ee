"""The calendar a service counts with: the bundled one until holidays or closures change.

Notifications keeps the list and announces each change with the whole of it, so that announcements may
come twice or out of order: the highest version stands. Every service stores it, and every process of a
service looks now and then whether it has changed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.app_state import AppState
from shared.db.tables import calendar as table
from shared.db.transaction import transaction
from shared.events import CALENDAR_CHANGED, Event
from shared.standards.calendar import Calendar, DayChange, official_holidays
from shared.telemetry import get_logger

log = get_logger(__name__)

POLL_SECONDS = 1.0
REFERENCE = "calendar"
"""The calendar has a history like a case: the sequence of each of its events is its version."""
THE_ROW = 1
FOLLOWING_LOCK = 7_310_423


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """Holidays and closures by ISO date; `official` is None while the bundled list stands.

    So is `elsewhere`, the holidays of other parts of the United Kingdom alone. A calendar that was stored or
    announced before they were kept has none either. `changes`, of the last years, say since when each day
    has counted as it does (see DayChange): a promise settled before keeps the date it had.
    """

    version: int
    official: Mapping[str, str] | None
    official_as_of: datetime | None
    closures: Mapping[str, str]
    elsewhere: Mapping[str, str] | None = None
    changes: Sequence[Mapping[str, Any]] | None = None

    def calendar(self) -> Calendar:
        """The calendar that it makes."""
        lists = (_by_date(days or {}) for days in (self.official, self.elsewhere))
        current = Calendar.bundled().with_official(*lists).with_closures(_by_date(self.closures))
        return current.with_changes(_change(row) for row in self.changes or ())

    def changed(self, at: datetime, **lists: Any) -> "StoredCalendar":
        """This calendar with other lists from `at` on, which it remembers."""
        newer = replace(self, **lists)
        found = self.calendar().changes_to(newer.calendar(), at)
        return replace(newer, changes=[*(self.changes or ()), *(_row(change) for change in found)])

    def last_official_year(self) -> int:
        """The year up to which the official list speaks; later ones are computed."""
        official = official_holidays() if self.official is None else _by_date(self.official)
        return max(official).year


UNCHANGED = StoredCalendar(version=0, official=None, official_as_of=None, closures={})


async def stored(session: AsyncSession, *, for_update: bool = False) -> StoredCalendar:
    """The calendar in this service's database."""
    columns = ("version", "official", "official_as_of", "closures", "elsewhere", "changes")
    query = select(*(table.c[name] for name in columns)).where(table.c.id == THE_ROW)
    row = (await session.execute(query.with_for_update() if for_update else query)).first()
    return StoredCalendar(*row) if row else UNCHANGED


async def store(session: AsyncSession, calendar: StoredCalendar) -> None:
    """Keep a calendar, unless the one there is newer."""
    values: dict[str, Any] = {
        "version": calendar.version,
        "official": None if calendar.official is None else dict(calendar.official),
        "official_as_of": calendar.official_as_of,
        "closures": dict(calendar.closures),
        "elsewhere": None if calendar.elsewhere is None else dict(calendar.elsewhere),
        "changes": [dict(row) for row in calendar.changes or ()],
    }
    new = insert(table).values(id=THE_ROW, **values)
    upsert = new.on_conflict_do_update(
        index_elements=["id"], set_=values, where=table.c.version <= calendar.version
    )
    await session.execute(upsert)


def is_meant(event: Event) -> bool:
    """Tell an event that announces the calendar."""
    return event.type == CALENDAR_CHANGED


async def take_in(session: AsyncSession, events: Sequence[Event]) -> None:
    """Keep the newest of the calendars announced; processes count with it from the next poll on."""
    for event in events:
        facts = event.facts
        as_of = facts.get("official_as_of")
        announced = StoredCalendar(
            version=facts["version"],
            official=facts.get("official"),
            official_as_of=datetime.fromisoformat(as_of) if as_of else None,
            closures=facts["closures"],
            elsewhere=facts.get("elsewhere"),
            changes=facts.get("changes"),
        )
        await store(session, announced)


async def bring_up_to_date(state: AppState) -> None:
    """Count with the stored calendar, if another than the one in use; a database away changes nothing."""
    try:
        async with transaction(state.database) as session:
            await follow(state, session)
    except (OSError, DBAPIError) as away:
        log.warning("the calendar could not be read", extra={"error": type(away).__name__})


async def follow(state: AppState, session: AsyncSession) -> None:
    """Count with the stored calendar, if it is newer than the one in use; see `await_older_transactions`.

    Whoever locks cases as well locks those first, or two could wait for each other.
    """
    # Not in one statement with the question: that would be asked before the lock is had.
    await session.execute(select(func.pg_advisory_xact_lock_shared(FOLLOWING_LOCK)))
    version = await session.scalar(select(table.c.version).where(table.c.id == THE_ROW)) or 0
    if version > state.calendar_version:
        current = await stored(session)
        state.calendar, state.calendar_version = current.calendar(), current.version


async def await_older_transactions(session: AsyncSession) -> None:
    """Wait until no transaction is under way that counts with a calendar older than the stored one."""
    await session.execute(select(func.pg_advisory_xact_lock(FOLLOWING_LOCK)))


async def keep_current(state: AppState) -> None:
    """Follow the stored calendar until cancelled."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        await bring_up_to_date(state)


def _row(change: DayChange) -> dict[str, Any]:
    return {**change._asdict(), "at": change.at.isoformat(), "day": change.day.isoformat()}


def _change(row: Mapping[str, Any]) -> DayChange:
    at, day = datetime.fromisoformat(row["at"]), date.fromisoformat(row["day"])
    return DayChange(at, row["days_off"], day, row["was"])


def _by_date(days: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): words for day, words in days.items()}
