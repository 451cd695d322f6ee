"""Keeps the official list of bank holidays fresh, in the background; nothing waits for the network."""

import asyncio
from collections.abc import Mapping
from datetime import date

import httpx
from prometheus_client import Gauge

from services.notifications.calendar.closures import announce
from services.notifications.deadlines.changed_days import ChangedDay
from shared import calendar_sync
from shared.app_state import AppState
from shared.clients.tls import tls
from shared.db.errors import DatabaseError
from shared.standards.calendar import UNITED_KINGDOM, with_newer_years
from shared.standards.official import RefusedFeed, changes, read_elsewhere, read_feed
from shared.telemetry import get_logger
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

EVERY_SECONDS = 24 * 3600
AGAIN_SECONDS = 3600  # after a feed that could not be had, or was refused
TIMEOUT_SECONDS = 10.0

REFUSED = Gauge("bank_holiday_feed_refused", "1 while the official list of bank holidays is refused")


async def run(state: AppState) -> None:
    """Refresh daily until cancelled."""
    while True:
        fresh = await refresh(state)
        await asyncio.sleep(EVERY_SECONDS if fresh else AGAIN_SECONDS)


async def refresh(state: AppState) -> bool:
    """Fetch the list and take it over if it is right; whether it was. The old list stays if not."""
    try:
        document = await _fetch(state.settings.bank_holidays_url)
        async with unit_of_work(state) as work:
            await take_over(work, document)
    except RefusedFeed as refused:
        REFUSED.set(1)
        log.error("the official list of bank holidays is refused: %s", refused)
        return False
    except (httpx.HTTPError, OSError, DatabaseError) as away:
        log.warning(
            "the official list of bank holidays cannot be had or kept", extra={"error": type(away).__name__}
        )
        return False
    REFUSED.set(0)
    return True


async def take_over(work: UnitOfWork, document: object) -> dict[date, str]:
    """Store a feed's list with its date, and announce it; returns the days that changed.

    It is announced even when nothing changed, so that a service added since learns the calendar within
    a day. Raises RefusedFeed.
    """
    current = await calendar_sync.stored(work.session, for_update=True)
    before = current.calendar()
    fresh = read_feed(document, before.holidays, until_year=current.last_official_year())
    elsewhere = read_elsewhere(document, before.united_kingdom.holidays, until_year=max(fresh).year)
    if not elsewhere:
        log.warning("the official list is silent on a part of the United Kingdom; what was known stays")
    replaced = current.changed(
        work.now,
        official=_kept(current.official, fresh),
        official_as_of=work.now,
        elsewhere=_kept(current.elsewhere, elsewhere) if elsewhere else current.elsewhere,
    )
    ours = changes(before.holidays, fresh)
    theirs = changes(before.united_kingdom.holidays, {**elsewhere, **fresh}) if elsewhere else {}
    days = [
        ChangedDay(day=day, words=words, worked=day not in before.holidays, works=day not in fresh)
        for day, words in ours.items()
    ]
    days += [
        ChangedDay(
            day=day,
            words=words,
            worked=day not in before.united_kingdom.holidays,
            works=day not in {**elsewhere, **fresh},
            calendar=UNITED_KINGDOM,
        )
        for day, words in theirs.items()
        if day not in ours
    ]
    await announce(work, replaced, days, by="the official list")
    return {changed.day: changed.words for changed in days}


def _kept(known: Mapping[str, str] | None, fresh: Mapping[date, str]) -> dict[str, str]:
    """The lists so far, newer years in place of older: the feed forgets those gone by."""
    before = {date.fromisoformat(day): name for day, name in (known or {}).items()}
    return {day.isoformat(): name for day, name in with_newer_years(before, fresh).items()}


async def _fetch(url: str) -> object:
    async with httpx.AsyncClient(verify=tls(), timeout=TIMEOUT_SECONDS, follow_redirects=True) as client:
        answer = await client.get(url)
        answer.raise_for_status()
        try:
            document: object = answer.json()
        except ValueError as wrong:
            raise RefusedFeed("it is no JSON") from wrong
        return document
