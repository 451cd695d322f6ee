"""The services in this process, each on a fresh database of a real PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from services.notifications.main import SERVICE as NOTIFICATIONS
from services.repairs.main import SERVICE as REPAIRS
from shared.app import Service, create_app
from shared.messaging.local import LocalBroker
from shared.resources import Resources, open_resources
from shared.settings import Settings
from tests.services.callers import Callers

MakeDatabase = Callable[[str], Awaitable[str]]


@pytest.fixture(scope="session")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Callers:
    """People and machines with tokens that the services believe."""
    return Callers(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Everything in this process; the workers run only when a test runs them."""
    return Settings(
        var=tmp_path,
        workers=False,
        gateway_url="http://gateway.inside",
        service_urls={"repairs": "http://repairs.inside"},
        department_email="{department}-{audience}@council.example",
        council="Havering Council",
    )


@pytest.fixture
def inside() -> dict[str, httpx.AsyncBaseTransport]:
    """How services reach each other in this process; whoever is not in it cannot be reached."""
    away = httpx.MockTransport(_refuse)
    return {"all://": away}


def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody listens", request=request)


async def _resources(
    service: str,
    settings: Settings,
    url: str,
    callers: Callers,
    inside: dict[str, httpx.AsyncBaseTransport],
) -> Resources:
    resources = open_resources(
        service,
        settings.model_copy(update={"database_urls": {service: url}}),
        broker=LocalBroker(settings.var / "dead-letters"),
        transports=inside,
    )
    resources.verifier = callers.verifier()
    return resources


async def _client(service: Service, resources: Resources) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(service, resources)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=f"http://{service.name}.inside") as client,
    ):
        yield client


@pytest.fixture
async def repairs_resources(
    database_for: MakeDatabase,
    settings: Settings,
    callers: Callers,
    inside: dict[str, httpx.AsyncBaseTransport],
) -> Resources:
    """What repairs runs on."""
    return await _resources("repairs", settings, await database_for("repairs"), callers, inside)


@pytest.fixture
async def repairs(repairs_resources: Resources) -> AsyncIterator[httpx.AsyncClient]:
    """The repairs service; what it records stays owed, since nobody listens."""
    async for client in _client(REPAIRS, repairs_resources):
        yield client


@pytest.fixture
async def house(
    database_for: MakeDatabase,
    settings: Settings,
    callers: Callers,
    inside: dict[str, httpx.AsyncBaseTransport],
) -> AsyncIterator[Resources]:
    """What notifications runs on, without any of its routes or workers."""
    resources = await _resources(
        "notifications", settings, await database_for("notifications"), callers, inside
    )
    yield resources
    await resources.close()


@pytest.fixture
async def notifications(
    database_for: MakeDatabase,
    settings: Settings,
    callers: Callers,
    inside: dict[str, httpx.AsyncBaseTransport],
) -> AsyncIterator[httpx.AsyncClient]:
    """The notifications service, without its workers."""
    resources = await _resources(
        "notifications", settings, await database_for("notifications"), callers, inside
    )
    async for client in _client(NOTIFICATIONS, resources):
        yield client
