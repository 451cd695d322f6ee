"""Each night, asks every owner for its open cases, and finds any whose events never arrived.

Nothing should ever be found: finding one is an alarm. What is found is taken in from the owner's own
history at once, so that its promises are watched from then on.
"""

import asyncio
from datetime import datetime, time, timedelta
from typing import Any

import httpx
import orjson
from prometheus_client import Gauge
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import queries
from services.notifications.deriving import counted
from services.notifications.models import CaseEvent, Reconciliation
from services.notifications.service import SERVICE, take_in
from shared.db import transaction
from shared.events import Event
from shared.resources import Resources
from shared.settings import SERVICES
from shared.standards.periods import civil_date, close_of
from shared.telemetry import get_logger

log = get_logger(__name__)

AT_NIGHT = time(2, 30)
AGAIN = timedelta(minutes=15)  # after a night on which a service, or our own database, could not be asked
PAGE = 500

MISSING = Gauge(
    "reconciliation_missing_cases", "Cases that the last reconciliation had to fetch from their owner"
)


async def run(resources: Resources) -> None:
    """Reconcile each night, London time, until cancelled; what was left out is tried again soon."""
    at = next_night(resources.clock())
    while True:
        await asyncio.sleep((at - resources.clock()).total_seconds())
        is_complete = await _is_complete(resources)
        now = resources.clock()
        at = next_night(now) if is_complete else now + AGAIN


async def _is_complete(resources: Resources) -> bool:
    try:
        return not (await reconcile(resources)).unasked
    except (OSError, DBAPIError) as away:
        log.error("reconciling was interrupted", extra={"error": type(away).__name__})
        return False


def next_night(now: datetime) -> datetime:
    """The next half past two at night in London after `now`."""
    tonight = close_of(civil_date(now), AT_NIGHT)
    return tonight if tonight > now else close_of(civil_date(now) + timedelta(days=1), AT_NIGHT)


async def reconcile(resources: Resources) -> Reconciliation:
    """Compare every owner's open cases with what was heard here, and take in what is missing."""
    started_at = resources.clock()
    checked, missing, unasked = 0, [], []
    for service in SERVICES:
        if service == SERVICE:
            continue
        try:
            count, behind = await _compare(resources, service, started_at)
        except httpx.HTTPError as away:
            log.error(
                "a service could not be reconciled", extra={"upstream": service, "error": type(away).__name__}
            )
            unasked.append(service)
            continue
        checked += count
        missing += behind
    MISSING.set(len(missing))
    done = Reconciliation(
        started_at=started_at,
        finished_at=resources.clock(),
        checked=checked,
        missing=missing,
        unasked=unasked,
    )
    async with transaction(resources.database) as session:
        session.add(done)
    log.info("reconciled", extra={"count": checked})
    return done


async def _compare(resources: Resources, service: str, now: datetime) -> tuple[int, list[dict[str, Any]]]:
    before = now - timedelta(seconds=resources.settings.reconcile_after_seconds)
    checked, after, behind = 0, "", []
    while True:
        query = {"after": after, "limit": PAGE, "recorded_before": before.isoformat()}
        answer = await resources.services.get(service, "/internal/open-cases", **query)
        answer.raise_for_status()
        owned = {case["reference"]: case["version"] for case in answer.json()["items"]}
        for reference, heard in (await _behind(resources, owned)).items():
            about = {"reference": reference, "service": service, "upstream": service}
            log.error("a case's events never arrived; they are fetched from its owner", extra=about)
            await _take_in(resources, service, reference)
            behind.append(
                {
                    "reference": reference,
                    "service": service,
                    "owner_version": owned[reference],
                    "heard_version": heard,
                }
            )
        checked += len(owned)
        if len(owned) < PAGE:
            return checked, behind
        after = next(reversed(owned))  # the owner's order, which need not be ours


async def _behind(resources: Resources, owned: dict[str, int]) -> dict[str, int]:
    """Those cases of which less was heard than happened, with the number of events heard."""
    async with transaction(resources.database) as session:
        heard = await _heard(session, list(owned))
        heard |= dict.fromkeys(await _unwatched(resources, session, list(heard)), 0)
    return {
        reference: heard.get(reference, 0)
        for reference, version in owned.items()
        if heard.get(reference, 0) < version
    }


async def _heard(session: AsyncSession, references: list[str]) -> dict[str, int]:
    """Per watched case, how many of its events are here; sequences have no gaps: fewer means some missing."""
    counted = select(CaseEvent.reference, func.count().label("heard"))
    here = counted.where(CaseEvent.reference.in_(references)).group_by(CaseEvent.reference)
    known = await queries.cases(session, references)
    return {row.reference: row.heard for row in await session.execute(here) if row.reference in known}


async def _unwatched(resources: Resources, session: AsyncSession, references: list[str]) -> list[str]:
    """Cases that were heard of and have not one deadline, though their facts give some."""
    watched = await queries.stored_deadlines(session, references)
    bare = [reference for reference in references if reference not in watched]
    histories = await queries.histories(session, bare)
    return [reference for reference in bare if counted(resources, reference, histories[reference])]


async def _take_in(resources: Resources, service: str, reference: str) -> None:
    """Hear the whole of a case from its owner; one that cannot be heard keeps no other from it."""
    try:
        await _fetch(resources, service, reference)
    except (httpx.HTTPStatusError, ValueError) as wrong:
        about = {"reference": reference, "upstream": service, "error": type(wrong).__name__}
        log.error("a missing case could not be taken in", extra=about)


async def _fetch(resources: Resources, service: str, reference: str) -> None:
    answer = await resources.services.get(service, f"/internal/cases/{reference}/events")
    answer.raise_for_status()
    events = [Event.from_json(orjson.dumps(event)) for event in answer.json()["events"]]
    async with transaction(resources.database) as session:
        await take_in(resources, session, events)
