"""Intake of events: derive each touched case's deadlines again, and owe notices of what is announced."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from services.notifications import policy, queries, storing
from services.notifications.deriving import derive, said_of_the_case
from shared import calendar_sync
from shared.events import Event
from shared.telemetry import EVENT_CONFLICTS, get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)

SERVICE = "notifications"


async def take_in(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Store what was heard, derive each touched case's deadlines anew, owe word of what is announced."""
    heard = sorted((event for event in events if event.service != SERVICE), key=_order)
    if not heard:
        return
    conflicting = await storing.store_events(work.session, heard)
    by_case = {reference: list(of_one) for reference, of_one in groupby(heard, _reference)}
    created = await storing.lock_cases(work.session, [_watched(events) for events in by_case.values()])
    if conflicting:
        await _dispute(work, conflicting)
        created -= {event.reference for event in conflicting}
        heard = [event for event in heard if event not in conflicting]
    await calendar_sync.follow(work.state, work.session)
    opened = {
        reference: events
        for reference, events in by_case.items()
        if reference in created and len(events) == events[-1].sequence
    }
    await derive(work.state, work.session, list(by_case), opened=opened)
    await storing.owe(work.session, await _announcements(work, heard))


async def _dispute(work: UnitOfWork, conflicting: Sequence[Event]) -> None:
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
    await storing.dispute(work.session, {event.reference for event in conflicting})


async def take_over(
    work: UnitOfWork,
    owned: Sequence[Event],
    heard: Collection[UUID],
    disputed_at: datetime | None,
) -> None:
    """Put a case's whole history as its owner has it in the place of what was heard of it.

    `heard` and `disputed_at` are of before the owner was asked: what came since may be newer than its answer,
    and stays.
    """
    reference = owned[-1].reference
    await storing.lock_cases(work.session, [_watched(owned)])
    await storing.remove_events(work.session, reference, set(heard) - {event.id for event in owned})
    if conflicting := await storing.store_events(work.session, owned):
        await _dispute(work, conflicting)
    await storing.settle(work.session, reference, disputed_at)
    await calendar_sync.follow(work.state, work.session)
    await storing.forget_verdicts(work.session, reference)
    await derive(work.state, work.session, [reference])
    history = (await queries.histories(work.session, [reference]))[reference]
    announcements = await _announcements(work, history)
    await storing.withdraw_announcements(work.session, reference, announcements)
    await storing.owe(work.session, announcements)


def _order(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


def _reference(event: Event) -> str:
    return event.reference


def _watched(events: Sequence[Event]) -> dict[str, Any]:
    latest = events[-1]
    identity = {"reference": latest.reference, "service": latest.service, "version": latest.sequence}
    return identity | said_of_the_case(events) | {"without_promises": False}


async def _announcements(work: UnitOfWork, events: Iterable[Event]) -> list[dict[str, Any]]:
    """A notice for each event that somebody is told of at once; none about imported history."""
    announced = [(event, announcement) for event in events for announcement in policy.announced(event)]
    unsaid = {event.reference for event, _ in announced if "imported" not in event.facts}
    imported = await queries.imported(work.session, unsaid) if unsaid else set()
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
