"""Each night, compares every owner's cases with the events received of them, event by event.

Compared is what is open, here or there, and what had events received in the last week; by a digest of the
events' ids, for a restored owner gives the places of lost events to others, and counts hide that. Nothing
should ever be found: finding one is an alarm. The owner's own history of it is taken over at once.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import httpx
from prometheus_client import Gauge

from services.notifications import policy
from services.notifications.deadlines.recalculate import counted
from services.notifications.models import Reconciliation
from services.notifications.notices.queries import cases
from services.notifications.policy import Finding
from services.notifications.reconciliation import queries, refetch
from shared.app_state import AppState
from shared.cases.schemas import OwnedCase, OwnedCases
from shared.db.errors import DatabaseError
from shared.standards.periods import civil_date, close_of
from shared.telemetry import get_logger
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

AT_NIGHT = time(2, 30)
RECENT = timedelta(days=7)
PAGE = 500
SAID = {
    Finding.EVENTS_MISSING: "a case's events never arrived; they are fetched from its owner",
    Finding.HISTORIES_DIFFER: "a case's owner has other events than were received; they are fetched from it",
}

MISSING = Gauge(
    "reconciliation_missing_cases",
    "Cases of which the last reconciliation found other events received than their owner has",
)


@dataclass(frozen=True, slots=True)
class Pace:
    """The pauses of the worker: between looks, while an owner is away, and until a night is tried again.

    A night is tried again on which a service, or our own database, could not be asked.
    """

    poll_seconds: float = 1.0
    owner_away_seconds: float = 30.0
    again: timedelta = timedelta(minutes=15)


async def run(state: AppState, pace: Pace | None = None) -> None:
    """Reconcile each night, London time, until cancelled, and settle disputes at once.

    What was left out is tried again soon, also when the clock is put back meanwhile.
    """
    pace, is_complete = pace or Pace(), True
    at = next_night(state.clock())
    while True:
        is_settled = await _is_settled(state)
        now = state.clock()
        at = min(at, next_night(now) if is_complete else now + pace.again)
        if now >= at:
            is_complete = await _is_complete(state)
            at = next_night(state.clock()) if is_complete else state.clock() + pace.again
        await asyncio.sleep(pace.poll_seconds if is_settled else pace.owner_away_seconds)


async def _is_settled(state: AppState) -> bool:
    try:
        return await refetch.settle_disputes(state)
    except (OSError, DatabaseError) as away:
        log.error("settling disputes was interrupted", extra={"error": type(away).__name__})
        return False


async def _is_complete(state: AppState) -> bool:
    try:
        return not (await reconcile(state)).unasked
    except (OSError, DatabaseError) as away:
        log.error("reconciling was interrupted", extra={"error": type(away).__name__})
        return False


def next_night(now: datetime) -> datetime:
    """The next half past two at night in London after `now`."""
    tonight = close_of(civil_date(now), AT_NIGHT)
    return tonight if tonight > now else close_of(civil_date(now) + timedelta(days=1), AT_NIGHT)


async def reconcile(state: AppState, page: int = PAGE) -> Reconciliation:
    """Compare every owner's cases with the events received here, and take over what differs."""
    started_at = state.clock()
    checked, missing, unasked = 0, [], []
    for service in state.settings.directory.owners:
        try:
            count, behind = await _compare(state, service, started_at, page)
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
        finished_at=state.clock(),
        checked=checked,
        missing=missing,
        unasked=unasked,
    )
    async with unit_of_work(state) as work:
        work.session.add(done)
    log.info("reconciled", extra={"count": checked})
    return done


async def _compare(
    state: AppState, service: str, now: datetime, page: int
) -> tuple[int, list[dict[str, Any]]]:
    before = now - timedelta(seconds=state.settings.reconcile_after_seconds)
    found, after = [], ""
    listed: set[str] = set()
    while True:
        query = {"after": after, "limit": page, "recorded_before": before.isoformat()}
        answer = await state.services.get(service, "/internal/open-cases", **query)
        answer.raise_for_status()
        owned = {case.reference: case for case in OwnedCases.model_validate_json(answer.content).items}
        found += await _mend(state, service, owned, before)
        listed |= owned.keys()
        if len(owned) < page:
            break
        after = next(reversed(owned))  # the owner's order, which need not be ours
    async with unit_of_work(state) as work:
        others = await queries.to_compare(work, service, RECENT) - listed
    for references in refetch.in_parts(sorted(others)):
        found += await _compare_others(state, service, references, before)
    return len(listed | others), found


async def _compare_others(
    state: AppState, service: str, references: list[str], before: datetime
) -> list[dict[str, Any]]:
    """Compare cases that we know, and their owner has not open: they have ended, are young, or are lost."""
    owned = await refetch.owned_cases(state, service, references)
    settled = {
        reference: case
        for reference, case in owned.items()
        if case.recorded_at is None or case.recorded_at < before
    }
    found = await _mend(state, service, settled, before)
    async with unit_of_work(state) as work:
        received = await queries.received(work, [name for name in references if name not in owned])
    for reference, events in received.items():
        is_old = all(event.recorded_at < before for event in events)
        if is_old and await refetch.lose(state, service, reference):
            found.append(_finding(service, reference, 0, len(events), Finding.UNKNOWN_TO_ITS_OWNER))
    return found


async def _mend(
    state: AppState, service: str, owned: dict[str, OwnedCase], before: datetime
) -> list[dict[str, Any]]:
    """Take over from their owner the cases of which other events were received; returns what was wrong."""
    found = []
    for reference, (finding, received) in (await _differing(state, owned, before)).items():
        about = {"reference": reference, "upstream": service}
        log.error(SAID[finding], extra=about)
        await refetch.refetch(state, service, reference)
        found.append(_finding(service, reference, owned[reference].version, received, finding))
    return found


def _finding(
    service: str, reference: str, owner_version: int, heard_version: int, finding: Finding
) -> dict[str, Any]:
    return {
        "reference": reference,
        "service": service,
        "owner_version": owner_version,
        "heard_version": heard_version,
        "finding": finding,
    }


async def _differing(
    state: AppState, owned: dict[str, OwnedCase], before: datetime
) -> dict[str, tuple[Finding, int]]:
    """The cases of which our history differs from the owner's, and how many events of each were received."""
    async with unit_of_work(state) as work:
        received = await queries.received(work, list(owned))
        for unwatched in await _unwatched(work, list(received)):
            received[unwatched] = []
    found = {}
    for reference, case in owned.items():
        ours = received.get(reference, [])
        finding = policy.difference(ours, case.version, case.digest, before)
        if finding is not None:
            found[reference] = finding, len(ours)
    return found


async def _unwatched(work: UnitOfWork, references: list[str]) -> list[str]:
    """Cases of which events were received and that have not one deadline, though their facts give some."""
    watched = await cases.stored_deadlines(work, references)
    bare = [reference for reference in references if reference not in watched]
    histories = await cases.histories(work, bare)
    return [reference for reference in bare if counted(work.state, reference, histories[reference])]
