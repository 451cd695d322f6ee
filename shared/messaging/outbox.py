"""The event log, which is outbox and history at once.

A row is inserted with the case it tells of, in one transaction, and is never changed but for the
three columns that say whether the broker has it. Unpublished rows are claimed by state: rows commit
out of order, so "position greater than the last seen" would lose some.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Text,
    Update,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.leases import is_over
from shared.db.tables import events
from shared.events import Event

CLAIM_LOCK = 7_310_422


async def store(session: AsyncSession, recorded: Sequence[Event]) -> None:
    """Insert the events of a unit of work, in one statement."""
    if recorded:
        await session.execute(insert_rows(events, STORED_NAMES), {ROWS: as_json(rows_of(recorded))})


def rows_of(recorded: Sequence[Event]) -> list[dict[str, Any]]:
    """Events by the columns of their table."""
    return [{name: getattr(event, name) for name in STORED_NAMES} for event in recorded]


async def history(
    session: AsyncSession, references: Sequence[str], types: Sequence[str] | None = None
) -> dict[str, list[Event]]:
    """Every stored event of each of these cases, or those of these types, in order."""
    found: dict[str, list[Event]] = {reference: [] for reference in references}
    query = select(*COLUMNS).where(events.c.reference.in_(references))
    if types is not None:
        query = query.where(events.c.type.in_(types))
    for row in await session.execute(query.order_by(events.c.reference, events.c.sequence)):
        found[row.reference].append(event_from(row))
    return found


async def ids(session: AsyncSession, references: Sequence[str]) -> dict[str, list[UUID]]:
    """The ids of all events of each of these cases, in order."""
    found: dict[str, list[UUID]] = {reference: [] for reference in references}
    query = select(events.c.reference, events.c.id).where(events.c.reference == func.any(references))
    for row in await session.execute(query.order_by(events.c.reference, events.c.sequence)):
        found[row.reference].append(row.id)
    return found


async def latest_fact_at(session: AsyncSession, reference: str) -> datetime | None:
    """The latest instant at which anything that is stored happened to a case."""
    query = select(func.max(events.c.occurred_at)).where(events.c.reference == reference)
    latest: datetime | None = await session.scalar(query)
    return latest


async def claim(session: AsyncSession, relay: UUID, limit: int, lease_seconds: float) -> list[Event]:
    """Lease the oldest events still owed to the broker, so that no other relay takes them.

    Claims stand in line behind one advisory lock, and a case with an event under another relay's
    lease is passed over: its later events must not overtake it. What a relay holds itself it may claim
    again: it is not publishing while it claims, so these are left from a try that could not be settled.
    """
    await session.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
    lease = timedelta(seconds=lease_seconds)
    earlier = events.alias("earlier")
    free = or_(
        events.c.leased_until.is_(None),
        is_over(events.c.leased_until, lease, func.now()),
        events.c.leased_by == relay,
    )
    overtakes = exists().where(
        and_(
            earlier.c.reference == events.c.reference,
            earlier.c.sequence < events.c.sequence,
            earlier.c.published_at.is_(None),
            ~is_over(earlier.c.leased_until, lease, func.now()),
            earlier.c.leased_by != relay,
        )
    )
    owed = (
        select(events.c.reference, events.c.sequence)
        .where(events.c.published_at.is_(None), free, ~overtakes)
        .order_by(events.c.position)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("owed")
    )
    taken = (
        update(events)
        .where(events.c.reference == owed.c.reference, events.c.sequence == owed.c.sequence)
        .values(leased_by=relay, leased_until=func.now() + lease)
        .returning(*COLUMNS, events.c.position)
    )
    rows = (await session.execute(taken)).all()
    return [event_from(row) for row in sorted(rows, key=lambda row: row.position)]


async def settle(
    session: AsyncSession, relay: UUID, published: Sequence[Event], refused: Sequence[Event]
) -> int:
    """Mark what the broker has, and let go of what it has not; returns how many were marked.

    A relay whose lease ran out meanwhile marks nothing that another has taken over.
    """
    marked = 0
    if published:
        done = _leased(published, relay).values(published_at=func.now(), leased_by=None, leased_until=None)
        marked = len((await session.execute(done.returning(events.c.position))).all())
    if refused:
        await session.execute(_leased(refused, relay).values(leased_by=None, leased_until=None))
    return marked


def _leased(claimed: Sequence[Event], relay: UUID) -> Update:
    """An update of these rows; arrays keep the statement's text, and so its plan, the same for any number."""
    references = literal([event.reference for event in claimed], ARRAY(Text))
    sequences = literal([event.sequence for event in claimed], ARRAY(Integer))
    keys = func.unnest(references, sequences).table_valued("reference", "sequence").render_derived()
    return update(events).where(
        events.c.reference == keys.c.reference,
        events.c.sequence == keys.c.sequence,
        events.c.leased_by == relay,
    )


async def oldest_unpublished_seconds(session: AsyncSession) -> float:
    """Age in seconds of the oldest event owed to the broker; 0 when none is."""
    age = func.extract("epoch", func.now() - func.min(events.c.recorded_at))
    found = await session.scalar(select(age).where(events.c.published_at.is_(None)))
    return max(0.0, float(found or 0.0))


NAMES = ("id", "type", "reference", "sequence", "occurred_at", "recorded_at", "facts", "request_id")
STORED_NAMES = (*NAMES, "caller")
COLUMNS = tuple(events.c[name] for name in NAMES)


def event_from(row: Any) -> Event:
    """The event of a stored row, an owner's or one that was received."""
    return Event(
        id=row.id,
        type=row.type,
        reference=row.reference,
        sequence=row.sequence,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        facts=row.facts,
        request_id=row.request_id,
    )
