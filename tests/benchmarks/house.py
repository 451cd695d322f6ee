"""The house as `make up` runs it, every service a process of its own, on private servers."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import aio_pika
import asyncpg
import httpx
import psutil

from deploy.keys import pseudonym_key
from deploy.supervision import Process
from deploy.up import processes, secret_of
from gateway.clients import Role, add_to_file, new_client
from gateway.files import write_atomically
from services.notifications.intake.consumer import CONSUMES
from services.repairs.appointments.policy import Trade
from shared.directory import DIRECTORY
from shared.encryption import Keys
from shared.messaging.rabbitmq import Topology
from shared.settings import Settings
from tests.benchmarks.figures import BenchmarkFailed, Steps
from tests.benchmarks.load import Target
from tests.support.postgres import Databases, PrivatePostgres, private_postgres
from tests.support.programs import free_port
from tests.support.rabbitmq import private_rabbitmq

READY_SECONDS = 30
STALLED_SECONDS = 20
POLL_SECONDS = 0.1

COLLECTION = "/v1/repairs"

# One of each priority; together they bring six deadlines.
FAULTS = ("loss-of-gas", "tap-not-turning", "frames-and-doors")
FIRM = "Bench Repairs"

# the letters in which a postcode may end
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def report(fault: str, home: int = 0) -> bytes:
    """A report as a front end sends it, from one of 1,800 homes, ten to a postcode."""
    block, flat = divmod(home, 10)
    words = {
        "property": {
            "uprn": str(10001234 + home),
            "address": f"Flat {flat + 1}, {12 + block} Station Road, Romford",
            "postcode": f"RM1 {block % 9 + 1}A{LETTERS[block // 9]}",
        },
        "fault": fault,
        "description": "It began on Sunday evening and has become worse since. Somebody is in after four.",
        "channel": "online",
        "contact": {"name": "A Resident", "email": "resident@example.org", "phone": "01708 000000"},
    }
    return json.dumps(words).encode()


@dataclass(frozen=True, slots=True)
class Servers:
    """PostgreSQL and RabbitMQ, for nobody but the benchmark."""

    postgres: PrivatePostgres
    databases: Databases
    rabbitmq_url: str
    folder: Path


@asynccontextmanager
async def postgres_server() -> AsyncIterator[PrivatePostgres]:
    """A PostgreSQL that keeps the instant of every commit, which says when a deadline was stored."""
    async with private_postgres() as server:
        connection = await asyncpg.connect(server.url())
        await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        await connection.close()
        await server.stop()
        await server.start()
        yield server


@asynccontextmanager
async def private_servers(steps: Steps) -> AsyncIterator[Servers]:
    """Both servers, stopped in the end; raises NoRabbitMQ, CannotStart."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
        with steps.step("starting a private PostgreSQL"):
            postgres = await stack.enter_async_context(postgres_server())
        with steps.step("starting a private RabbitMQ"):
            rabbitmq = await stack.enter_async_context(private_rabbitmq())
        yield Servers(postgres, Databases(postgres), rabbitmq.url, Path(folder))


@dataclass(frozen=True, slots=True)
class House:
    """A running house; its database of notifications is read to see what has arrived there."""

    settings: Settings
    token: str
    _notifications: asyncpg.Connection
    _processes: Sequence[Process]

    def front_door(self, with_keys: bool = False, homes: int = 1) -> Target:
        """Reports through the gateway, from so many homes."""
        return self._target(self.settings.gateway_url, with_keys, homes)

    def repairs(self, with_keys: bool = False) -> Target:
        """Reports straight at the service, past the gateway."""
        return self._target(self.settings.service_url("repairs"), with_keys)

    def _target(self, base_url: str, with_keys: bool, homes: int = 1) -> Target:
        bodies = tuple(report(fault, home) for home in range(homes) for fault in FAULTS)
        return Target(base_url + COLLECTION, self.token, bodies, with_keys)

    def processor_seconds(self) -> Mapping[str, float]:
        """The processor time that each process has used so far."""
        times = {each.name: psutil.Process(each.pid).cpu_times() for each in self._processes}
        return {name: time.user + time.system for name, time in times.items()}

    async def cases_stored(self) -> int:
        """The number of cases that have their deadlines; both are stored in one transaction."""
        return int(await self._notifications.fetchval("SELECT count(*) FROM cases"))

    async def until_stored(self, cases: int) -> None:
        """Wait until so many cases have their deadlines; raises BenchmarkFailed when no more arrive."""
        await self._until(self.cases_stored, cases, "cases did not reach notifications")

    async def until_quiet(self) -> None:
        """Wait until no notice waits to be sent, so that the next measurement does not pay for the last."""
        sent = "SELECT count(*) FILTER (WHERE status <> 'pending') FROM notices"
        notices = int(await self._notifications.fetchval("SELECT count(*) FROM notices"))
        await self._until(lambda: self._notifications.fetchval(sent), notices, "notices were not sent")

    async def _until(self, count: Callable[[], Awaitable[int]], wanted: int, what: str) -> None:
        reached, since = 0, time.monotonic()
        while (now := await count()) < wanted:
            if now > reached:
                reached, since = now, time.monotonic()
            if time.monotonic() - since > STALLED_SECONDS:
                raise BenchmarkFailed(f"{wanted - now} {what} in {STALLED_SECONDS} s.")
            await asyncio.sleep(POLL_SECONDS)

    async def stored_at(self) -> dict[str, float]:
        """The instant at which each case's deadlines were committed, in seconds since 1970."""
        rows = await self._notifications.fetch(
            "SELECT reference, extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float8 AS at"
            " FROM deadlines GROUP BY reference"
        )
        return {row["reference"]: row["at"] for row in rows}


@asynccontextmanager
async def house(servers: Servers, steps: Steps, only: Collection[str] = ()) -> AsyncIterator[House]:
    """A house on fresh databases, all of its processes or `only` those of these names; stopped in the end.

    Its event queue is there even when nobody reads it, so that events can always be published.
    """
    async with AsyncExitStack() as stack:
        with steps.step(f"starting {' and '.join(only) or 'the whole house'}"):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=servers.folder)))
            settings = await _settings(servers, folder)
            secret = _add_client(settings, "bench", "frontend")
            planner = _add_client(settings, "planner", "officer")
            await _declare_queue(settings)
            running = await stack.enter_async_context(_running(settings, only))
            token = await _token(settings, "bench", secret)
            await _open_slots(settings, await _token(settings, "planner", planner))
            notifications = await asyncpg.connect(settings.database_url("notifications"))
            stack.push_async_callback(notifications.close)
        yield House(settings, token, notifications, running)


async def _settings(servers: Servers, folder: Path) -> Settings:
    return Settings(
        database_urls={name: await servers.databases.fresh(name) for name in DIRECTORY.names},
        rabbitmq_url=servers.rabbitmq_url,
        broker_prefix=f"bench-{uuid4().hex}",
        var=folder,
        workers=False,
        gateway_url=f"http://127.0.0.1:{free_port()}",
        service_urls={row.name: f"http://127.0.0.1:{free_port()}" for row in DIRECTORY.served},
        token_seconds=86_400,
        rate_limit_machines_per_minute=100_000_000,
    )


async def _open_slots(settings: Settings, token: str) -> None:
    """A firm and its slots as a working council has them, so that reports find appointments to offer."""
    tomorrow = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=settings.gateway_url, headers=headers) as client:
        registered = await client.post("/v1/contractors", json={"name": FIRM})
        registered.raise_for_status()
        for trade in Trade:
            slots = {
                "contractor": FIRM,
                "trade": trade,
                "capacity": 50,
                "starts_at": tomorrow.isoformat(),
                "ends_at": (tomorrow + timedelta(hours=3)).isoformat(),
            }
            answer = await client.post("/v1/slots", json=slots)
            answer.raise_for_status()


def _add_client(settings: Settings, name: str, role: Role) -> str:
    client, secret = new_client(name, [role], departments=["repairs"] if role == "officer" else ())
    add_to_file(settings.clients_path(), client)
    return secret


def _environment(settings: Settings) -> dict[str, str]:
    """These settings as a process of their own reads them."""
    given = settings.model_dump(mode="json", exclude_unset=True) | {"pseudonym_key": pseudonym_key(settings)}
    return os.environ | {
        name.upper(): value if isinstance(value, str) else json.dumps(value) for name, value in given.items()
    }


async def _declare_queue(settings: Settings) -> None:
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        await Topology(settings.broker_prefix).declare_queue(await connection.channel(), CONSUMES.queue)


@asynccontextmanager
async def _running(settings: Settings, only: Collection[str]) -> AsyncIterator[Sequence[Process]]:
    logs = settings.var / "log"
    logs.mkdir()
    port = int(settings.gateway_url.rpartition(":")[2])
    secrets = {row.name: secret_of(settings, row) for row in DIRECTORY.services}
    for row in DIRECTORY.services:
        if row.encrypts:
            write_atomically(settings.encryption_keys_path(row.name), Keys.generate().as_file())
    everything = processes(settings, port, _environment(settings), secrets, logs)
    started = [process for process in everything if not only or process.name in only]
    keeping = [asyncio.create_task(process.keep_running()) for process in started]
    try:
        await _until_ready(settings, {process.name for process in started}, logs)
        yield started
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*(process.stop() for process in started))


async def _until_ready(settings: Settings, started: Collection[str], logs: Path) -> None:
    wanted = {"gateway": f"{settings.gateway_url}/health/live"}
    wanted |= {
        row.name: f"{settings.service_url(row.name)}/health/ready"
        for row in DIRECTORY.served
        if row.name in started
    }
    async with httpx.AsyncClient() as client:
        for name, url in wanted.items():
            if not await _answers(client, url):
                said = (logs / f"{name}.log").read_text(errors="replace")[-500:].strip()
                raise BenchmarkFailed(f"{name} was not ready in {READY_SECONDS} s; it said: {said}")


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    for _ in range(round(READY_SECONDS / POLL_SECONDS)):
        try:
            if (await client.get(url)).is_success:
                return True
        except httpx.HTTPError:
            pass
        await asyncio.sleep(POLL_SECONDS)
    return False


async def _token(settings: Settings, name: str, secret: str) -> str:
    async with httpx.AsyncClient() as client:
        form = {"grant_type": "client_credentials"}
        answer = await client.post(f"{settings.gateway_url}/v1/token", data=form, auth=(name, secret))
        answer.raise_for_status()
        return str(answer.json()["access_token"])
