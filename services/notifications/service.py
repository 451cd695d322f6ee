"""What notifications does when it hears something: derive the case's deadlines again, and owe word of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, queries, storing
from services.notifications.deriving import derive, said_of_the_case
from shared import calendar_sync
from shared.app_state import AppState
from shared.events import Event
from shared.telemetry import EVENT_CONFLICTS, get_logger

log = get_logger(__name__)

SERVICE = "notifications"


async def take_in(resources: AppState, session: AsyncSession, events: Sequence[Event]) -> None:
    """Store what was heard, derive each touched case's deadlines anew, owe word of what is announced."""
    heard = sorted((event for event in events if event.service != SERVICE), key=_order)
    if not heard:
        return
    conflicting = await storing.store_events(session, heard)
    by_case = {reference: list(of_one) for reference, of_one in groupby(heard, _reference)}
    created = await storing.lock_cases(session, [_watched(events) for events in by_case.values()])
    if conflicting:
        await _dispute(session, conflicting)
        created -= {event.reference for event in conflicting}
        heard = [event for event in heard if event not in conflicting]
    await calendar_sync.follow(resources, session)
    opened = {
        reference: events
        for reference, events in by_case.items()
        if reference in created and len(events) == events[-1].sequence
    }
    await derive(resources, session, list(by_case), opened=opened)
    await storing.owe(session, await _announcements(session, heard))


async def _dispute(session: AsyncSession, conflicting: Sequence[Event]) -> None:
    """Raise the alarm: an owner restored from a backup has given these events' places to other facts."""
    for event in conflicting:
        about: dict[str, Any] = {
            "event_type": event.type,
            "event_id": str(event.id),
            "upstream": event.service,
        }
        about |= {"reference": event.reference, "sequence": event.sequence}
        log.error(
            "another event was heard in this one's place; its owner is asked for all of them", extra=about
        )
        EVENT_CONFLICTS.labels(event.service).inc()
    await storing.dispute(session, {event.reference for event in conflicting})


async def take_over(
    resources: AppState,
    session: AsyncSession,
    owned: Sequence[Event],
    heard: Collection[UUID],
    disputed_at: datetime | None,
) -> None:
    """Put a case's whole history as its owner has it in the place of what was heard of it.

    `heard` and `disputed_at` are of before the owner was asked: what came since may be newer than its answer,
    and stays.
    """
    reference = owned[-1].reference
    await storing.lock_cases(session, [_watched(owned)])
    await storing.remove_events(session, reference, set(heard) - {event.id for event in owned})
    if conflicting := await storing.store_events(session, owned):
        await _dispute(session, conflicting)
    await storing.settle(session, reference, disputed_at)
    await calendar_sync.follow(resources, session)
    await storing.forget_verdicts(session, reference)
    await derive(resources, session, [reference])
    history = (await queries.histories(session, [reference]))[reference]
    announcements = await _announcements(session, history)
    await storing.withdraw_announcements(session, reference, announcements)
    await storing.owe(session, announcements)


def _order(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


def _reference(event: Event) -> str:
    return event.reference


def _watched(events: Sequence[Event]) -> dict[str, Any]:
    latest = events[-1]
    identity = {"reference": latest.reference, "service": latest.service, "version": latest.sequence}
    return identity | said_of_the_case(events) | {"without_promises": False}


async def _announcements(session: AsyncSession, events: Iterable[Event]) -> list[dict[str, Any]]:
    """A notice for each event that somebody is told of at once; none about imported history."""
    announced = [(event, announcement) for event in events for announcement in policy.announced(event)]
    unsaid = {event.reference for event, _ in announced if "imported" not in event.facts}
    imported = await queries.imported(session, unsaid) if unsaid else set()
    return [
        {
            "reference": event.reference,
            "kind": announcement.kind,
            "audience": announcement.audience,
            "urgency": policy.urgency_of(announcement.kind, announcement.audience),
            "started_by": event.sequence,
            "rung": announcement.kind,
            "due_at": event.occurred_at,
            "owed_at": event.recorded_at,
            "request_id": event.request_id,
        }
        for event, announcement in announced
        if not event.facts.get("imported") and event.reference not in imported
    ]
