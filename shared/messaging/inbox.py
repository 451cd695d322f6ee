"""Inbox of events taken in: brokers deliver at least once, but each fact must count once."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Text, Uuid, bindparam, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.tables import inbox
from shared.events import Event

_ids = func.unnest(bindparam("ids", type_=ARRAY(Uuid)))
_NOTE = (
    insert(inbox)
    .from_select(["queue", "event_id"], select(bindparam("queue", type_=Text), _ids))
    .on_conflict_do_nothing()
    .returning(inbox.c.event_id)
)


async def unseen(session: AsyncSession, queue: str, events: Sequence[Event]) -> list[Event]:
    """Note these events as received, and return those that had not been, each once, in their order.

    The notes are part of the caller's transaction: if that fails, the events count as unseen.
    """
    once = {event.id: event for event in events}
    fresh = set(await session.scalars(_NOTE, {"queue": queue, "ids": sorted(once)}))
    return [event for event in once.values() if event.id in fresh]


async def forget(session: AsyncSession, after: timedelta, limit: int) -> int:
    """Delete at most so many of the notes that are older than that; returns how many.

    By the database's clock, which wrote them. A copy of an event that comes later still is taken in again.
    """
    key = (inbox.c.queue, inbox.c.event_id)
    old = select(*key).where(inbox.c.received_at < func.now() - after).limit(limit)
    return len((await session.execute(delete(inbox).where(tuple_(*key).in_(old)).returning(*key))).all())
