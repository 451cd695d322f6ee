"""The services in this process, each on a database of a real PostgreSQL that is empty when a test begins."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import cast

import asyncpg
import httpx
import pytest
from sqlalchemy import MetaData
from starlette.types import ASGIApp

import shared.app_state
from gateway.clients import HASHER, Client, Role
from gateway.main import create_gateway
from services.notifications.main import SERVICE as NOTIFICATIONS
from services.notifications.models import Base as Notifications
from services.repairs.case.models import Base as Repairs
from services.repairs.main import SERVICE as REPAIRS
from shared.app import Service, create_app
from shared.app_state import AppState, open_app_state
from shared.clock import Clock
from shared.db.engine import open_database
from shared.directory import DIRECTORY
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from tests.services.callers import Callers
from tests.services.clocks import SteppedClock
from tests.services.lines import Line
from tests.services.repairs.reporting import london
from tests.support.clock import house_clock, make_movable
from tests.support.postgres import Databases

Inside = dict[str, Line]


@pytest.fixture(scope="session", autouse=True)
def _compiled_statements_are_kept() -> Iterator[None]:
    """A service's engine is made once, connections anew for each test: most time would go to compiling."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared.app_state, "open_database", cache(open_database))
        yield


@pytest.fixture(scope="session")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Callers:
    """People and machines with tokens that the services believe."""
    return Callers(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
async def repairs_database(_databases: Databases) -> str:
    """The URL of a database with the tables of repairs."""
    return await _with_a_movable_clock(_databases, "repairs")


@pytest.fixture(scope="session")
async def notifications_database(_databases: Databases) -> str:
    """The URL of a database with the tables of notifications."""
    return await _with_a_movable_clock(_databases, "notifications")


async def _with_a_movable_clock(databases: Databases, service: str) -> str:
    url = await databases.fresh(service)
    await make_movable(url)
    return url


@pytest.fixture(params=[None, "Friday 2026-11-27 23:30"], ids=["this hour", "Friday night"])
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """The time in a test's services: the machine's, and again shortly before a Friday's midnight.

    At that hour days end between one step and the next, a visit crosses midnight, and a weekend follows.
    """
    house_clock.show(london(request.param) if request.param else None)
    yield house_clock
    house_clock.show(None)


@pytest.fixture
def settings(tmp_path: Path, callers: Callers) -> Settings:
    """Workers run only when a test runs them."""
    return Settings(
        var=tmp_path,
        workers=False,
        signing_keys=callers.settings.signing_keys,
        gateway_url="http://127.0.0.1:1",
        service_urls={"repairs": "http://127.0.0.1:2"},
        client_secret="between services",
        department_email="{department}-{audience}@council.example",
        council="Havering Council",
    )


@pytest.fixture
def inside(settings: Settings) -> Inside:
    """By address, the ways between services; at first nobody is at the other end."""
    return {settings.gateway_url: Line(), settings.service_url("repairs"): Line()}


@pytest.fixture
def stepped(clock: Clock) -> SteppedClock:
    """The clock of the repairs service, and of whom a test gives it to: right, until the test steps it."""
    return SteppedClock(clock)


@pytest.fixture
async def repairs(
    repairs_database: str, settings: Settings, callers: Callers, inside: Inside, stepped: SteppedClock
) -> AsyncIterator[httpx.AsyncClient]:
    """The repairs service; its events stay owed, since nobody listens."""
    await _empty(repairs_database, Repairs.metadata)
    resources = _resources("repairs", repairs_database, settings, callers, inside, stepped)
    async with _served(REPAIRS, resources) as app:
        inside[settings.service_url("repairs")].lead_to(app)
        async with httpx.AsyncClient(transport=Line(app), base_url="http://repairs") as client:
            yield client


@pytest.fixture
async def resources(
    notifications_database: str, settings: Settings, callers: Callers, inside: Inside, clock: Clock
) -> AsyncIterator[AppState]:
    """The application state of notifications."""
    await _empty(notifications_database, Notifications.metadata)
    watching = _resources("notifications", notifications_database, settings, callers, inside, clock)
    yield watching
    await watching.close()


@pytest.fixture
async def notifications(resources: AppState) -> AsyncIterator[httpx.AsyncClient]:
    """The notifications service, without its workers."""
    async with (
        _served(NOTIFICATIONS, resources) as app,
        httpx.AsyncClient(transport=Line(app), base_url="http://notifications") as client,
    ):
        yield client


@pytest.fixture
async def owner(repairs: httpx.AsyncClient, settings: Settings, inside: Inside) -> AsyncIterator[Line]:
    """The way to the repairs service, for which others get their tokens from a gateway."""
    secret_hash, roles = HASHER.hash(settings.client_secret), frozenset[Role]({"service"})
    clients = [
        Client(id=row.name, secret_hash=secret_hash, roles=roles, scopes=row.scopes)
        for row in DIRECTORY.services
    ]
    gateway = create_gateway(settings, {}, clients)
    inside[settings.gateway_url].lead_to(gateway)
    async with gateway.running():
        yield inside[settings.service_url("repairs")]


async def _empty(url: str, tables: MetaData) -> None:
    """A new database for every test would take most of the time there is."""
    connection = await asyncpg.connect(url)
    try:
        await house_clock.set_in(connection)
        await connection.execute("".join(f"DELETE FROM {table};" for table in reversed(tables.sorted_tables)))
    finally:
        await connection.close()


def _resources(
    service: str, url: str, settings: Settings, callers: Callers, inside: Inside, clock: Clock
) -> AppState:
    resources = open_app_state(
        service,
        settings.model_copy(update={"database_urls": {service: url}}),
        broker=LocalBroker(settings.var / "dead-letters"),
        transports=cast(dict[str, httpx.AsyncBaseTransport], inside),
        clock=clock,
    )
    resources.verifier = callers.verifier()
    return resources


@asynccontextmanager
async def _served(service: Service, resources: AppState) -> AsyncIterator[ASGIApp]:
    app = create_app(service, resources)
    async with app.router.lifespan_context(app):
        yield app
