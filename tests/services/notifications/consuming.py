"""Events that notifications takes in in these tests, and the rows that it then has stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
from sqlalchemy import select

from services.notifications.deadlines.sweep import one_pass
from services.notifications.intake.service import take_in
from services.notifications.models import Notice, WatchedDeadline
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.events import Event
from shared.references import new_reference
from shared.work import unit_of_work
from tests.support.clock import house_clock

MADE_SAFE, COMPLETED = "repairs.emergency.made-safe", "repairs.priority-1.completed"
EMERGENCY: Mapping[str, Any] = {
    "priority": 1,
    "fault": "other",
    "department": "repairs",
    "channel": "online",
    "imported": False,
    "resident": "sam",
}


class Case:
    """A case as its owner tells of it: each `event` is the next thing that happened to it."""

    def __init__(self, prefix: str = "REP") -> None:
        self.reference = new_reference(prefix)
        self.history: list[Event] = []

    def event(self, type: str, at: datetime, **facts: Any) -> Event:
        """Add the next event, which happened at `at`; events are recorded in the order of the calls."""
        sequence = len(self.history) + 1
        received = Event(
            id=uuid5(NAMESPACE_URL, f"{self.reference}/{sequence}"),
            type=type,
            reference=self.reference,
            sequence=sequence,
            occurred_at=at,
            recorded_at=at,
            facts=facts,
            request_id=None,
        )
        self.history.append(received)
        return received


def ago(**span: float) -> datetime:
    return house_clock() - timedelta(**span)


def emergency(at: datetime, **facts: Any) -> Case:
    """An emergency repair reported then, of a fault that the right to repair does not know."""
    case = Case()
    case.event("repairs.repair-reported", at, **{**EMERGENCY, **facts})
    return case


async def consume(resources: AppState, *events: Event) -> None:
    """Take events in, in one transaction."""
    async with unit_of_work(resources) as work:
        await take_in(work, events)


async def consume_history(resources: AppState, reference: str, owner: str = "repairs") -> None:
    """Take in a case's events as its owner has them."""
    answer = await resources.services.get(owner, f"/internal/cases/{reference}/events")
    events = [Event.from_json(orjson.dumps(event)) for event in answer.json()["events"]]
    await consume(resources, *events)


async def swept(resources: AppState) -> int:
    """Sweep until nothing is owed; returns on how many deadlines steps were taken."""
    total = 0
    while True:
        count = await one_pass(resources)
        total += count
        if not count:
            return total


async def deadlines(resources: AppState, reference: str) -> dict[str, WatchedDeadline]:
    """A case's stored deadlines by standard, each of which it has once."""
    async with transaction(resources.database) as session:
        rows = await session.scalars(select(WatchedDeadline).filter_by(reference=reference))
        return {row.standard: row for row in rows}


async def notices(resources: AppState, reference: str | None = None) -> Sequence[Notice]:
    """The notices about a case, or about all, in order of time."""
    query = select(Notice).order_by(Notice.created_at, Notice.rung, Notice.audience, Notice.standard)
    async with transaction(resources.database) as session:
        return (
            await session.scalars(query.where(Notice.reference == reference) if reference else query)
        ).all()
