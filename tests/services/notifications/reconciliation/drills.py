"""An owner that is run on a database and on an older copy of it, and what notifications has of its cases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

import httpx
from sqlalchemy import select

from services.notifications.models import CaseEvent, WatchedCase, WatchedDeadline
from services.repairs.main import SERVICE as REPAIRS
from shared.app import running
from shared.app_state import AppState, open_app_state
from shared.db.tables import events
from shared.db.transaction import transaction
from shared.directory import DIRECTORY
from shared.messaging import outbox
from shared.messaging.outbox import history
from shared.settings import Settings
from shared.standards.deadlines import deadlines
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.repairs.reporting import REPORT, register_firms
from tests.support.apps import app_of
from tests.support.clock import house_clock
from tests.support.eventually import eventually
from tests.support.postgres import Databases

REPAIRS_ALONE = {
    "reconcile_after_seconds": 0.0,
    "directory": replace(DIRECTORY, services=tuple(map(DIRECTORY.row, ("notifications", "repairs")))),
}
"""Settings under which repairs owns all cases, and no event is still on its way."""


@dataclass
class Owner:
    """The repairs service on one database, whose events reach notifications by a broker."""

    resources: AppState
    client: httpx.AsyncClient
    callers: Callers

    async def report(self, **changes: Any) -> str:
        answer = await self.client.post(
            "/v1/repairs", json={**REPORT, **changes}, headers=self.callers.officer()
        )
        reference: str = answer.json()["reference"]
        return reference

    async def act(self, reference: str, act: str, **body: Any) -> None:
        path = f"/v1/repairs/{reference}/{act}"
        answer = await self.client.post(path, json=body, headers=self.callers.officer())
        assert answer.status_code == 201, answer.text

    async def told(self) -> None:
        """Wait until the broker has everything; in one process, the consumer has it then too."""

        async def all_published() -> bool:
            async with transaction(self.resources.database) as session:
                owed = select(events.c.id).where(events.c.published_at.is_(None))
                return await session.scalar(owed) is None

        await eventually(all_published)

    async def ids(self, reference: str) -> list[UUID]:
        async with transaction(self.resources.database) as session:
            return (await outbox.ids(session, [reference]))[reference]

    async def promises(self, reference: str) -> set[tuple[Any, ...]]:
        """The deadlines that the owner's own facts give."""
        async with transaction(self.resources.database) as session:
            told = (await history(session, [reference]))[reference]
        found = deadlines(told, self.resources.catalogue, self.resources.calendar)
        return {(row.standard, row.started_by, row.due_at, row.met_at, row.cancelled_at) for row in found}


@dataclass
class Drill:
    """The owner's database now, and how the owner is run on it."""

    databases: Databases
    url: str
    resources: AppState
    settings: Settings
    callers: Callers
    inside: dict[str, Line]
    made: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Owner]:
        resources = open_app_state(
            "repairs",
            self.settings.model_copy(update={"database_urls": {"repairs": self.url}}),
            broker=self.resources.broker,
            transports=cast(dict[str, httpx.AsyncBaseTransport], self.inside),
            clock=house_clock,
        )
        resources.verifier = self.callers.verifier()
        app = app_of("repairs")
        app.state.resources = resources
        way = self.inside[self.settings.service_url("repairs")]
        async with running(REPAIRS, resources, workers=False):
            await register_firms(resources)
            way.lead_to(app)
            way.is_cut = False
            async with httpx.AsyncClient(transport=Line(app), base_url="http://repairs") as client:
                yield Owner(resources, client, self.callers)
        way.is_cut = True
        await resources.close()

    async def backup(self) -> str:
        self.made.append(await self.databases.backup(self.url))
        return self.made[-1]

    def restore(self, backup: str) -> None:
        """All that happened since the backup is lost to the owner."""
        self.url = backup


async def received(resources: AppState, reference: str) -> list[UUID]:
    """The ids of a case's events as notifications has them, in order."""
    query = select(CaseEvent.id).where(CaseEvent.reference == reference).order_by(CaseEvent.sequence)
    async with transaction(resources.database) as session:
        return list(await session.scalars(query))


async def watched(resources: AppState, reference: str) -> set[tuple[Any, ...]]:
    """The deadlines of a case that notifications watches."""
    row = WatchedDeadline
    query = select(row.standard, row.started_by, row.due_at, row.met_at, row.cancelled_at)
    async with transaction(resources.database) as session:
        return {tuple(found) for found in await session.execute(query.where(row.reference == reference))}


async def case(resources: AppState, reference: str) -> WatchedCase:
    async with transaction(resources.database) as session:
        return await session.get_one(WatchedCase, reference)


async def agree(resources: AppState, owner: Owner, *references: str) -> None:
    """Both have the same events, and the deadlines that these give."""
    for reference in references:
        ids = await owner.ids(reference)
        assert await received(resources, reference) == ids
        assert await watched(resources, reference) == await owner.promises(reference)
        ours = await case(resources, reference)
        assert (ours.version, ours.disputed_at, ours.lost_at) == (len(ids), None, None)
