"""Services in this process, each on a database of a real PostgreSQL that is empty when a test begins."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Self, cast

import asyncpg
import httpx

from shared.app import running
from shared.app_state import AppState, open_app_state
from shared.clock import Clock
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.support.apps import app_of, service_of
from tests.support.clock import house_clock, make_movable
from tests.support.postgres import EMPTY, Databases


class EmptiedDatabases:
    """One database a service for the whole run, emptied for each test: a new one each would take too long."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._urls: dict[str, str] = {}

    async def url(self, service: str) -> str:
        """The database of a service as it is, with a clock that tests can move."""
        if service not in self._urls:
            self._urls[service] = await self._databases.fresh(service)
            await make_movable(self._urls[service])
        return self._urls[service]

    async def emptied(self, service: str) -> str:
        """The database of a service without a row, in which whoever connects finds the time of the tests."""
        url = await self.url(service)
        connection = await asyncpg.connect(url)
        try:
            await house_clock.set_in(connection)
            await connection.execute(EMPTY)
        finally:
            await connection.close()
        return url


@dataclass
class InProcess:
    """The services of one test, started as it asks for them; `inside` are the ways between them, by address.

    No worker runs, and events stay owed, until a test runs what it needs.
    """

    settings: Settings
    callers: Callers
    inside: Mapping[str, Line]
    databases: EmptiedDatabases
    states: dict[str, AppState] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def state(self, service: str, clock: Clock) -> AppState:
        """The application state of a service, on its emptied database."""
        urls = {service: await self.databases.emptied(service)}
        opened = open_app_state(
            service,
            self.settings.model_copy(update={"database_urls": urls}),
            broker=LocalBroker(self.settings.var / "dead-letters"),
            transports=cast(dict[str, httpx.AsyncBaseTransport], self.inside),
            clock=clock,
        )
        opened.verifier = self.callers.verifier()
        self._stack.push_async_callback(opened.close)
        self.states[service] = opened
        return opened

    async def serve(self, state: AppState) -> httpx.AsyncClient:
        """A client of a service that others can ask from now on."""
        # the application of its own process: to build another for each test took a third of their time
        app, service = app_of(state.service), service_of(state.service)
        app.state.resources = state
        await self._stack.enter_async_context(running(service, state, workers=state.settings.workers))
        self.inside[self.settings.service_url(state.service)].lead_to(app)
        client = httpx.AsyncClient(transport=Line(app), base_url=f"http://{state.service}")
        return await self._stack.enter_async_context(client)
