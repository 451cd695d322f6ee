"""What notifications does when it hears something: derive the case's deadlines again, and owe word of it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, queries, storing
from services.notifications.deriving import derive, said_of_the_case
from shared import calendars
from shared.events import Event
from shared.resources import Resources

SERVICE = "notifications"


async def take_in(resources: Resources, session: AsyncSession, events: Sequence[Event]) -> None:
    """Store what was heard, derive each touched case's deadlines anew, owe word of what is announced."""
    heard = sorted((event for event in events if event.service != SERVICE), key=_order)
    if not heard:
        return
    await storing.store_events(session, heard)
    by_case = {reference: list(of_one) for reference, of_one in groupby(heard, _reference)}
    created = await storing.lock_cases(session, [_watched(events) for events in by_case.values()])
    await calendars.follow(resources, session)
    opened = {
        reference: events
        for reference, events in by_case.items()
        if reference in created and len(events) == events[-1].sequence
    }
    await derive(resources, session, list(by_case), opened=opened)
    await _announce(session, heard)


def _order(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


def _reference(event: Event) -> str:
    return event.reference


def _watched(events: Sequence[Event]) -> dict[str, Any]:
    latest = events[-1]
    identity = {"reference": latest.reference, "service": latest.service, "version": latest.sequence}
    return identity | said_of_the_case(events) | {"without_promises": False}


async def _announce(session: AsyncSession, events: Iterable[Event]) -> None:
    """Owe a notice for each event that somebody is told of at once; none about imported history."""
    announced = [(event, announcement) for event in events for announcement in policy.announced(event)]
    unsaid = {event.reference for event, _ in announced if "imported" not in event.facts}
    imported = await queries.imported(session, unsaid) if unsaid else set()
    rows = [
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
    await storing.owe(session, rows)
