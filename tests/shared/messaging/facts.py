"""Events to send about, and a database's worth of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db.engine import Database
from shared.db.tables import events
from shared.db.transaction import transaction
from shared.events import Event, Facts
from shared.messaging import outbox
from shared.work import Work

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Noted(Facts):
    """Something was noted about a case."""

    type: ClassVar[str] = "permits.noted"
    number: int


@dataclass
class Case:
    """Something with a history, and nothing else to it."""

    reference: str
    version: int = 0


def event(
    reference: str = "PER-0000-0000",
    sequence: int = 1,
    kind: str = "permits.noted",
    identity: UUID | None = None,
) -> Event:
    """One fact about a case."""
    return Event(
        id=identity or uuid4(),
        type=kind,
        reference=reference,
        sequence=sequence,
        occurred_at=NOW,
        recorded_at=NOW,
        facts={"number": sequence},
        request_id="request-1",
    )


async def note(session: AsyncSession, case: Case, times: int = 1) -> None:
    """Store so many events about a case."""
    for _ in range(times):
        case.version += 1
        await outbox.store(session, [event(case.reference, case.version)])


def record(work: Work, case: Any, times: int = 1) -> list[Event]:
    """Record so many events about a case in a unit of work."""
    return [work.record(case, Noted(number=case.version + 1)) for _ in range(times)]


async def owe(database: Database, *cases: Case, times: int = 1) -> None:
    """Commit so many events about each of the cases, taking turns; no relay is woken."""
    async with transaction(database) as session:
        for _ in range(times):
            for case in cases:
                await note(session, case)


async def owed(database: Database) -> list[tuple[str, int]]:
    """The events that the broker has not got yet, by case and sequence."""
    async with transaction(database) as session:
        query = select(events.c.reference, events.c.sequence).where(events.c.published_at.is_(None))
        return [tuple(row) for row in await session.execute(query.order_by(events.c.position))]


async def end_leases(database: Database) -> None:
    """Let every lease have run out, as after the death of the relays that held them."""
    async with transaction(database) as session:
        await session.execute(text("UPDATE events SET leased_until = now() - interval '1 second'"))


def keys(told: Sequence[Event]) -> list[tuple[str, int]]:
    """The keys of events: case and sequence."""
    return [(event.reference, event.sequence) for event in told]
