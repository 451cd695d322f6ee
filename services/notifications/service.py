"""What notifications does when it hears something: derive the case's deadlines again, and owe word of it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, queries
from services.notifications.deriving import derive, said_of_the_case
from services.notifications.models import Notice
from services.notifications.policy import Kind
from shared import calendars
from shared.events import Event
from shared.resources import Resources

SERVICE = "notifications"


async def take_in(resources: Resources, session: AsyncSession, events: Sequence[Event]) -> None:
    """Store what was heard, derive each touched case's deadlines anew, acknowledge the new cases."""
    heard = sorted((event for event in events if event.service != SERVICE), key=_order)
    if not heard:
        return
    await queries.store_events(session, heard)
    await queries.lock_cases(session, [_watched(list(of_one)) for _, of_one in groupby(heard, _reference)])
    references = sorted({event.reference for event in heard})
    await calendars.follow(resources, session)
    await derive(resources, session, references)
    await _acknowledge(session, heard)


def _order(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


def _reference(event: Event) -> str:
    return event.reference


def _watched(events: Sequence[Event]) -> dict[str, Any]:
    latest = events[-1]
    identity = {"reference": latest.reference, "service": latest.service, "version": latest.sequence}
    return identity | said_of_the_case(events)


async def _acknowledge(session: AsyncSession, events: Iterable[Event]) -> None:
    """Owe the resident an acknowledgement of each case that opens; none about imported history."""
    rows = [
        {
            "reference": event.reference,
            "kind": Kind.ACKNOWLEDGEMENT,
            "audience": policy.RESIDENT,
            "rung": Kind.ACKNOWLEDGEMENT,
            "due_at": event.occurred_at,
            "owed_at": event.recorded_at,
            "request_id": event.request_id,
        }
        for event in events
        if event.type in policy.ACKNOWLEDGED and not event.facts.get("imported")
    ]
    if rows:
        await session.execute(insert(Notice).on_conflict_do_nothing(), rows)
