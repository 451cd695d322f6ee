"""The services in this process, each on a fresh database of a real PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from gateway.clients import HASHER, Client
from gateway.main import create_gateway
from services.notifications.main import SERVICE as NOTIFICATIONS
from services.repairs.main import SERVICE as REPAIRS
from shared.app import Service, create_app
from shared.messaging.local import LocalBroker
from shared.resources import Resources, open_resources
from shared.settings import INTERNAL_SCOPES, Settings
from tests.services.callers import Callers

MakeDatabase = Callable[[str], Awaitable[str]]
Inside = dict[str, httpx.AsyncBaseTransport]


@pytest.fixture(scope="session")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Callers:
    """People and machines with tokens that the services believe."""
    return Callers(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def settings(tmp_path: Path, callers: Callers) -> Settings:
    """Workers run only when a test runs them, and nobody listens at the addresses of the others."""
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
def inside() -> Inside:
    """By address, who can be reached in this process."""
    return {}


@pytest.fixture
async def repairs(
    database_for: MakeDatabase, settings: Settings, callers: Callers, inside: Inside
) -> AsyncIterator[httpx.AsyncClient]:
    """The repairs service; its events stay owed, since nobody listens."""
    resources = _resources("repairs", await database_for("repairs"), settings, callers, inside)
    async with _served(REPAIRS, resources) as client:
        yield client


@pytest.fixture
async def resources(
    database_for: MakeDatabase, settings: Settings, callers: Callers, inside: Inside
) -> AsyncIterator[Resources]:
    """What notifications runs on."""
    watching = _resources("notifications", await database_for("notifications"), settings, callers, inside)
    yield watching
    await watching.close()


@pytest.fixture
async def notifications(resources: Resources) -> AsyncIterator[httpx.AsyncClient]:
    """The notifications service, without its workers."""
    async with _served(NOTIFICATIONS, resources) as client:
        yield client


@pytest.fixture
async def owner(
    repairs: httpx.AsyncClient, settings: Settings, inside: Inside
) -> AsyncIterator[httpx.AsyncClient]:
    """The repairs service, within reach of notifications, which gets its token from a gateway."""
    service = Client(
        id=settings.client_id,
        secret_hash=HASHER.hash(settings.client_secret),
        roles=frozenset({"service"}),
        scopes=frozenset(INTERNAL_SCOPES),
    )
    gateway = create_gateway(settings, {}, (service,))
    inside[settings.gateway_url] = httpx.ASGITransport(gateway)
    inside[settings.service_url("repairs")] = repairs._transport
    async with gateway.running():
        yield repairs


def _resources(service: str, url: str, settings: Settings, callers: Callers, inside: Inside) -> Resources:
    resources = open_resources(
        service,
        settings.model_copy(update={"database_urls": {service: url}}),
        broker=LocalBroker(settings.var / "dead-letters"),
        transports=inside,
    )
    resources.verifier = callers.verifier()
    return resources


@asynccontextmanager
async def _served(service: Service, resources: Resources) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(service, resources)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inside") as client,
    ):
        yield client
