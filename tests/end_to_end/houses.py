"""Houses as people run them, in both ways, and what somebody outside can do with one."""

import email.policy
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from deploy.postgres import OWNER, SERVICES
from gateway.clients import add_to_file, demo_clients
from shared.clock import system_clock
from shared.directory import DIRECTORY, Directory
from shared.events import Event
from tests.end_to_end.publishing import through_an_outbox, through_rabbitmq
from tests.services.callers import NOTIFY_TOKEN
from tests.support.child import START_SECONDS, Child, child
from tests.support.eventually import eventually
from tests.support.few import in_the_environment
from tests.support.postgres import PrivatePostgres
from tests.support.programs import free_port

RESIDENT, OFFICER, CONTRACTOR, OPS = "demo-resident", "demo-officer", "demo-contractor", "demo-ops"
ASB_OFFICER, FRONTEND = "demo-asb-officer", "demo-frontend"
# no demo clients, but registered in var_folder: a second resident, and an officer with the asb scope
NEIGHBOUR, CONFIDANT = "demo-neighbour", "demo-confidant"

SECONDS = 30.0
PATIENT = {"HOUSEHOLD_TIMEOUT": "10", "NEW_DATES_WAIT_SECONDS": "3", "DIGEST_MINUTES": "0"}
"""A machine that runs tests may be busy, and a household that is not told of in time is another story.

No story waits a quarter of an hour for a letter, nor until an office opens for a digest.
"""
CALLED_BACK = {"NOTIFY_CALLBACK_TOKEN": NOTIFY_TOKEN}
"""GOV.UK Notify may call a house back."""

# for stories of which one of the ways to run a house is enough: that of deployments
as_deployed = pytest.mark.parametrize(
    "house",
    [pytest.param("house_of_many_processes", marks=pytest.mark.rabbitmq, id="many")],
    indirect=True,
)

REPORT: Mapping[str, Any] = {
    "property": {"address": "1 High Street", "postcode": "RM1 1AA"},
    "fault": "tap-not-turning",
    "description": "It cannot be turned off.",
    "channel": "online",
    "contact": {"name": "Sam Jones", "email": "sam@example.org"},
}
SAM = "sam@example.org"
COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}


@dataclass
class House:
    """A running house, from outside; `process` is the one that was started.

    `publish` has an event arrive as one of a service that this house does not have yet. `databases` are the
    addresses of its services' databases, `service_urls` of the services themselves where each has one;
    `rabbitmq_url` and `broker_prefix` say where its events go, if that is a RabbitMQ.
    """

    process: Child
    var: Path
    http: httpx.AsyncClient
    publish: Callable[[Event], Awaitable[None]]
    databases: Mapping[str, str]
    service_urls: Mapping[str, str] = field(default_factory=dict)
    rabbitmq_url: str = ""
    broker_prefix: str = ""
    _tokens: dict[str, str] = field(default_factory=dict)

    async def headers(self, by: str) -> dict[str, str]:
        """The headers of a demo client, whose token is asked for once."""
        if by not in self._tokens:
            form = {"grant_type": "client_credentials"}
            answer = await self.http.post("/v1/token", data=form, auth=(by, "demo"))
            self._tokens[by] = answer.raise_for_status().json()["access_token"]
        return {"Authorization": f"Bearer {self._tokens[by]}"}

    def sign_in_again(self) -> None:
        """From now on every client asks for another token."""
        self._tokens.clear()

    async def get(self, path: str, by: str = OFFICER, **query: str) -> httpx.Response:
        return await self.http.get(path, params=query, headers=await self.headers(by))

    async def post(
        self, path: str, body: Mapping[str, Any], by: str = OFFICER, request_id: str | None = None
    ) -> httpx.Response:
        named = {"X-Request-ID": request_id} if request_id else {}
        return await self.http.post(path, json=body, headers=named | await self.headers(by))

    async def act(self, path: str, body: Mapping[str, Any], by: str = OFFICER) -> dict[str, Any]:
        """The answer to something that is allowed."""
        answer = await self.post(path, body, by)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        return case

    async def report(self, **changes: Any) -> dict[str, Any]:
        """A repair as it was accepted."""
        return await self.act("/v1/repairs", {**REPORT, **changes}, by=RESIDENT)

    async def slot(self, days: float, **changes: Any) -> dict[str, Any]:
        """A window of two hours, so many days ahead, in which the demo contractor can do plumbing."""
        starts_at = (system_clock() + timedelta(days=days)).replace(microsecond=0)
        window = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
        return await self.act("/v1/slots", {"trade": "plumbing", **window, **changes}, by=CONTRACTOR)

    async def deadlines(
        self, reference: str, state: str | None = None, seconds: float = SECONDS
    ) -> dict[str, dict[str, Any]]:
        """A case's deadlines as notifications keeps them, once they are there (all in that state), by id."""

        async def look() -> dict[str, dict[str, Any]]:
            answer = await self.get(f"/v1/cases/{reference}/deadlines")
            found = answer.json()["deadlines"] if answer.status_code == 200 else []
            wanted = all(state in (None, deadline["state"]) for deadline in found)
            return {deadline["standard"]: deadline for deadline in found} if wanted else {}

        return await eventually(look, seconds)

    async def notices(
        self, reference: str, kind: str, status: str = "sent", seconds: float = SECONDS, by: str = OFFICER
    ) -> list[dict[str, Any]]:
        """A case's notices of one kind, once all that there are have come so far."""

        async def look() -> list[dict[str, Any]]:
            items = (await self.get("/v1/notices", by, reference=reference)).json()["items"]
            found = [notice for notice in items if notice["kind"] == kind]
            return found if all(notice["status"] == status for notice in found) else []

        return await eventually(look, seconds)

    async def status(self) -> dict[str, dict[str, Any]]:
        """The status that each service reports, None for one that is silent; nothing while the gateway is."""
        try:
            services = (await self.http.get("/status")).json()["services"]
        except httpx.HTTPError:
            return {}
        return {name: service["reported"] for name, service in services.items()}

    def letters(self, reference: str, to: str = "") -> list[EmailMessage]:
        """The letters in the mailbox about a case, to everybody or to one address."""
        paths = (self.var / "mail").glob("*.eml")
        read = [_parser.parsebytes(path.read_bytes()) for path in paths]
        return [letter for letter in read if reference in letter["Subject"] and to in str(letter["To"])]

    def log(self) -> list[dict[str, Any]]:
        """The log lines of every process of the house."""
        paths = [self.var / "log.jsonl", *(self.var / "log").glob("*.log")]
        lines = [line for path in paths if path.exists() for line in path.read_text().splitlines()]
        return [json.loads(line) for line in lines]


_parser = BytesParser(_class=EmailMessage, policy=email.policy.default)


def by(instant: str) -> str:
    """A due date of an answer, as a letter says it."""
    local = datetime.fromisoformat(instant).astimezone(ZoneInfo("Europe/London"))
    day = f"{local:%A} {local.day} {local:%B %Y}"
    return f"the end of {day}" if f"{local:%H:%M:%S}" == "23:59:59" else f"{day} at {local:%H:%M}"


@asynccontextmanager
async def var_folder() -> AsyncIterator[Path]:
    """A data folder of a house, with two clients registered in it that are like demo clients, and differ."""
    # Not pytest's tmp_path: its base is closed to other users, and root's server runs as another user.
    with tempfile.TemporaryDirectory(prefix="house-", ignore_cleanup_errors=True) as folder:
        demo = {client.id: client for client in demo_clients()}
        scopes = demo[OFFICER].scopes | {"asb"}
        for client in (
            demo[RESIDENT].model_copy(update={"id": NEIGHBOUR}),
            demo[OFFICER].model_copy(update={"id": CONFIDANT, "scopes": scopes}),
        ):
            add_to_file(Path(folder) / "clients.toml", client)
        yield Path(folder)


@asynccontextmanager
async def one_process(var: Path, **environment: str) -> AsyncIterator[House]:
    """The house that `make run` starts, on a folder that may hold what an earlier one left."""
    port = free_port()
    command = ("deploy.embedded", "--port", str(port), "--var", str(var))
    waiting = {**PATIENT, **CALLED_BACK, **environment}
    async with child(var, *command, environment=waiting) as process, _front_door(port) as http:
        await process.until_said("Ctrl-C stops it")
        at = f"postgresql://postgres@/housing_{{}}?host={quote(str(var / 'postgres'))}"
        databases = {name: at.format(name) for name in DIRECTORY.names}
        yield House(process, var, http, partial(through_an_outbox, var / "postgres"), databases)


@asynccontextmanager
async def many_processes(
    var: Path,
    databases: Mapping[str, str],
    rabbitmq_url: str,
    broker_prefix: str = "housing",
    directory: Directory = DIRECTORY,
    more: Mapping[str, str] | None = None,
) -> AsyncIterator[House]:
    """The house that `make up` starts, not waited for; its databases need not exist, nor the servers run."""
    port = free_port()
    for client in demo_clients(directory):
        add_to_file(var / "clients.toml", client)
    services = {row.name: f"http://127.0.0.1:{free_port()}" for row in directory.served}
    environment = {
        **PATIENT,
        **CALLED_BACK,
        **(more or {}),
        "VAR": str(var),
        "DATABASE_URLS": json.dumps(databases),
        "MIGRATIONS_URL": next(iter(databases.values())).replace(f"{SERVICES}@", f"{OWNER}@"),
        "RABBITMQ_URL": rabbitmq_url,
        "BROKER_PREFIX": broker_prefix,
        "SERVICE_URLS": json.dumps(services),
        "DIRECTORY": in_the_environment(directory),
    }
    command = ("deploy.up", "--port", str(port))
    async with child(var, *command, environment=environment) as process, _front_door(port) as http:
        publish = partial(through_rabbitmq, rabbitmq_url, broker_prefix)
        yield House(process, var, http, publish, databases, services, rabbitmq_url, broker_prefix)


async def until_well(house: House, seconds: float = START_SECONDS) -> None:
    """Wait until every service answers and has its database and its broker."""

    async def is_well() -> bool:
        said = await house.status()
        return bool(said) and all(one and one["database"] == one["broker"] == "ok" for one in said.values())

    await eventually(is_well, seconds)


def fresh_databases(postgres: PrivatePostgres, directory: Directory = DIRECTORY) -> dict[str, str]:
    """Addresses of databases that nobody uses and that are still to be made."""
    return {service: postgres.url(f"{service}_{uuid4().hex}", SERVICES) for service in directory.names}


@asynccontextmanager
async def _front_door(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        yield http
