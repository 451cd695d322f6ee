"""The services in this process, each on a database of a real PostgreSQL that is empty when a test begins."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import httpx
import pytest

import shared.app_state
from gateway.clients import HASHER, Client, Role
from gateway.main import create_gateway
from shared.app_state import AppState
from shared.clock import Clock
from shared.db.engine import open_database
from shared.directory import DIRECTORY, Directory
from shared.encryption import Keys
from shared.settings import Settings
from tests.services.callers import Callers
from tests.services.clocks import SteppedClock
from tests.services.complaints.complaining import Team
from tests.services.lines import Line
from tests.services.repairs.reporting import london, register_firms
from tests.support.clock import house_clock
from tests.support.in_process import EmptiedDatabases, InProcess
from tests.support.postgres import Databases


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
def emptied_databases(_databases: Databases) -> EmptiedDatabases:
    return EmptiedDatabases(_databases)


@pytest.fixture(scope="session")
async def repairs_database(emptied_databases: EmptiedDatabases) -> str:
    """The URL of a database with the tables of repairs."""
    return await emptied_databases.url("repairs")


@pytest.fixture(scope="session")
async def notifications_database(emptied_databases: EmptiedDatabases) -> str:
    """The URL of a database with the tables of notifications."""
    return await emptied_databases.url("notifications")


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """The time in a test's services: shortly before a Friday's midnight, unless the test names another.

    At that hour days end between one step and the next, a visit crosses midnight, and a weekend follows. The
    stories of whole houses are told at the machine's own.
    """
    house_clock.show(london(getattr(request, "param", "Friday 2026-11-27 23:30")))
    yield house_clock
    house_clock.show(None)


@pytest.fixture
def directory() -> Directory:
    """The services that a test runs: without residents, so that no report asks about a household."""
    return replace(DIRECTORY, services=tuple(row for row in DIRECTORY.services if row.name != "residents"))


@pytest.fixture
def household_timeout() -> float:
    """Seconds that a report waits for the needs of its household; a machine that runs tests may be busy."""
    return 20.0


@pytest.fixture(scope="session")
def encryption_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of every service that encrypts."""
    folder = tmp_path_factory.mktemp("encryption")
    for row in DIRECTORY.services:
        if row.encrypts:
            (folder / f"{row.name}.json").write_bytes(Keys.generate().as_file())
    return folder


@pytest.fixture
def settings(
    tmp_path: Path, callers: Callers, directory: Directory, household_timeout: float, encryption_keys: Path
) -> Settings:
    """Workers run only when a test runs them."""
    return Settings(
        directory=directory,
        household_timeout=household_timeout,
        var=tmp_path,
        workers=False,
        signing_keys=callers.settings.signing_keys,
        encryption_keys=encryption_keys,
        calendar_rollout_seconds=0.2,
        gateway_url="http://127.0.0.1:1",
        service_urls={name: f"http://{name}.test" for name in directory.names},
        client_secret="between services",
        department_email="{department}-{audience}@council.example",
        council="Havering Council",
    )


@pytest.fixture
def inside(settings: Settings) -> dict[str, Line]:
    """By address, the ways between services; at first nobody is at the other end."""
    return {address: Line() for address in (settings.gateway_url, *settings.service_urls.values())}


@pytest.fixture
async def services(
    settings: Settings, callers: Callers, inside: dict[str, Line], emptied_databases: EmptiedDatabases
) -> AsyncIterator[InProcess]:
    """The services that a test starts."""
    async with InProcess(settings, callers, inside, emptied_databases) as services:
        yield services


@pytest.fixture
def stepped(clock: Clock) -> SteppedClock:
    """The clock of the repairs service, and of whom a test gives it to: right, until the test steps it."""
    return SteppedClock(clock)


@pytest.fixture
async def repairs_state(services: InProcess, stepped: SteppedClock) -> AppState:
    """The application state of repairs, where the firms to which tests give jobs are registered."""
    state = await services.state("repairs", stepped)
    await register_firms(state)
    return state


@pytest.fixture
async def repairs(services: InProcess, repairs_state: AppState) -> httpx.AsyncClient:
    """The repairs service; its events stay owed, since nobody listens."""
    return await services.serve(repairs_state)


@pytest.fixture
async def complaints_state(services: InProcess, clock: Clock) -> AppState:
    """The application state of complaints."""
    return await services.state("complaints", clock)


@pytest.fixture
async def complaints(services: InProcess, complaints_state: AppState) -> httpx.AsyncClient:
    """The complaints service; its events stay owed, since nobody listens."""
    return await services.serve(complaints_state)


@pytest.fixture
def team(complaints: httpx.AsyncClient, callers: Callers) -> Team:
    """The complaints team at its service."""
    return Team(complaints, callers)


@pytest.fixture
async def enquiries(services: InProcess, clock: Clock) -> httpx.AsyncClient:
    """The enquiries service; its events stay owed, since nobody listens."""
    return await services.serve(await services.state("enquiries", clock))


@pytest.fixture
async def resources(services: InProcess, clock: Clock) -> AppState:
    """The application state of notifications."""
    return await services.state("notifications", clock)


@pytest.fixture
async def notifications(services: InProcess, resources: AppState) -> httpx.AsyncClient:
    """The notifications service, without its workers."""
    return await services.serve(resources)


@pytest.fixture
async def owner(
    repairs: httpx.AsyncClient, settings: Settings, inside: dict[str, Line]
) -> AsyncIterator[Line]:
    """The way to the repairs service, for which others get their tokens from a gateway."""
    secret_hash, roles = HASHER.hash(settings.client_secret), frozenset[Role]({"service"})
    clients = [
        Client(id=row.name, secret_hash=secret_hash, roles=roles, scopes=row.scopes)
        for row in settings.directory.services
    ]
    gateway = create_gateway(settings, {}, clients)
    inside[settings.gateway_url].lead_to(gateway)
    async with gateway.running():
        yield inside[settings.service_url("repairs")]
