"""`make run`: the whole house in one process, on an embedded PostgreSQL and the in-process broker."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, update
from starlette.types import ASGIApp

from deploy.checking import check_sign_in
from deploy.keys import pseudonym_key
from deploy.migrating import CannotMigrate, database_urls, migrate_apart, on_embedded
from deploy.postgres import CannotStart, EmbeddedPostgres
from deploy.protocol import LimitedProtocol
from deploy.serve import STOP_SECONDS, PortTaken, listen_on
from gateway.application import Gateway, in_this_process
from gateway.clients import Client, demo_clients, service_client
from services.notifications.models import Notice
from services.notifications.notices.rows import BadMessage
from services.notifications.policy import Delivery
from services.repairs.contractors.queries import put_in
from shared.app import Service, consumption, create_app
from shared.app_state import AppState, open_app_state
from shared.caller import FRONTEND
from shared.clients.claims import BadClaimsMap
from shared.db.engine import open_database
from shared.db.tables import events
from shared.db.transaction import transaction
from shared.directory import Directory, UnknownService
from shared.encryption import KeysMissing
from shared.messaging.local import LocalBroker
from shared.runtime import run_loop, tune_garbage_collector
from shared.settings import BadSettings, Settings, from_environment
from shared.standards.catalogue import BadStandard
from shared.standards.vocabulary import UnknownWord
from shared.telemetry import configure_logging
from shared.work import unit_of_work

INSIDE = "http://{}.inside"
BAD_DATA = (BadStandard, BadMessage, UnknownService, UnknownWord)

NOTIFICATIONS, REPAIRS = "notifications", "repairs"


class CannotRun(Exception):
    """An error that keeps it from running here, in one sentence for whoever started it."""


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


@asynccontextmanager
async def house(settings: Settings, database_urls: Mapping[str, str]) -> AsyncIterator[Gateway]:
    """Every service and the gateway, running on those databases; stops them in the opposite order."""
    directory = settings.directory
    settings = _inside(settings, database_urls)
    services: list[Service] = [import_module(f"{row.package}.main").SERVICE for row in directory.services]
    clients = {row.name: service_client(row) for row in directory.services}
    transports: dict[str, httpx.AsyncBaseTransport] = {}
    broker = LocalBroker(settings.var / "dead-letters")
    for service in services:  # before anything is published: what no queue is bound for would be lost to it
        broker.declare(consumption(service).queue)
    apps: dict[str, FastAPI] = {}
    upstreams: dict[str, ASGIApp] = {}
    async with AsyncExitStack() as stack:
        demo = demo_clients(directory)
        own = (client for client, _ in clients.values())
        gateway = Gateway(settings, in_this_process(upstreams), (*demo, *own))
        # not from 127.0.0.1: whoever floods us from there would use up what our own services may ask
        transports[settings.gateway_url] = httpx.ASGITransport(gateway, client=("inside", 0))
        for service in services:
            told = settings.model_copy(update={"client_secret": clients[service.name][1]})
            resources = open_app_state(service.name, told, broker=broker, transports=transports)
            upstreams[service.name] = apps[service.name] = create_app(service, resources)
            transports[settings.service_url(service.name)] = httpx.ASGITransport(apps[service.name])
        await stack.enter_async_context(gateway.running())
        for service in services:
            app = apps[service.name]
            await stack.enter_async_context(app.router.lifespan_context(app))
            if service.name == REPAIRS:
                await _register_firms(app.state.resources, demo)
        for row in directory.front_ends:
            create = import_module(f"{row.package}.main").create_app
            front_end = create(settings, transports[settings.gateway_url], _persons(demo))
            await stack.enter_async_context(front_end.running())
            upstreams[row.name] = front_end
        yield gateway


def _inside(settings: Settings, database_urls: Mapping[str, str]) -> Settings:
    """The settings of a house in one process, where services call each other by names of its own."""
    return settings.model_copy(
        update={
            "database_urls": dict(database_urls),
            "service_urls": {row.name: INSIDE.format(row.name) for row in settings.directory.served},
            "gateway_url": INSIDE.format("gateway"),
            "pseudonym_key": pseudonym_key(settings),
        }
    )


def _persons(clients: Iterable[Client]) -> list[str]:
    """The clients that stand for people, as whom one may sign in to the screens."""
    return [client.id for client in clients if FRONTEND.isdisjoint(client.roles)]


async def _register_firms(repairs: AppState, clients: Iterable[Client]) -> None:
    """Register the firms that clients work for, so that jobs can be given to them."""
    async with unit_of_work(repairs) as work:
        await put_in(work, {client.firm for client in clients if client.firm})


class Server(uvicorn.Server):
    """Leaves the signals to us.

    When uvicorn has stopped it raises them again, and a SIGTERM would then end the process before its
    services have drained and its PostgreSQL has stopped.
    """

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def run(port: int, var: Path) -> None:
    """Start everything, say so, serve until Ctrl-C or SIGTERM; either also ends a start, by cancelling it.

    Raises CannotRun, CannotStart, PortTaken, CannotMigrate, KeysMissing, BadClaimsMap, BadStandard,
    UnknownWord, and BadSettings.
    """
    settings = from_environment(Settings, var=var)
    check_sign_in(settings)
    starting = asyncio.current_task()
    assert starting is not None
    _on_signal(starting.cancel)
    listening = listen_on(port)
    _make_writable(var)
    configure_logging(to=str(var / "log.jsonl"))
    say(f"[1/3] Starting PostgreSQL on {var / 'postgres'} …")
    postgres = await EmbeddedPostgres.start(var / "postgres")
    try:
        say("[2/3] Bringing the databases up to date …")
        await _migrate(on_embedded(settings, postgres), postgres)
        await _end_leases(settings.directory, postgres)
        say("[3/3] Starting the services …")
        async with house(settings, database_urls(settings.directory, postgres)) as gateway:
            server = _server(gateway)
            _on_signal(lambda: server.handle_exit(signal.SIGINT, None))
            _welcome(port, var)
            await server.serve(sockets=[listening])
            say("\nStopping; what was accepted is kept.")
    finally:
        await postgres.stop()
    say("Stopped.")


def _on_signal(stop: Callable[[], object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the last when its terminal is closed
        asyncio.get_running_loop().add_signal_handler(number, stop)


def _server(gateway: Gateway) -> Server:
    """The server in front of a house that runs, whose objects are here to stay."""
    tune_garbage_collector()
    config = uvicorn.Config(
        gateway,
        http=LimitedProtocol,
        ws="none",
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=STOP_SECONDS,
        access_log=False,
    )
    return Server(config)


async def _migrate(settings: Settings, postgres: EmbeddedPostgres) -> None:
    """Bring every service's database up to date, and load the services meanwhile; raises CannotMigrate."""
    await postgres.create_databases(())
    migrating = asyncio.create_task(migrate_apart(settings))
    await asyncio.sleep(0)  # it is started before the services are loaded
    for row in settings.directory.served:
        import_module(f"{row.package}.main")
    await migrating


async def _end_leases(directory: Directory, postgres: EmbeddedPostgres) -> None:
    """Free what a killed process had in hand: nobody else works on these data, so nobody need wait for it."""
    in_hand = update(events).where(events.c.published_at.is_(None), events.c.leased_until.is_not(None))
    waiting = update(Notice).where(Notice.status == Delivery.PENDING)
    for name in directory.names:
        database = open_database(postgres.url(f"housing_{name}"))
        async with transaction(database) as session:
            await session.execute(in_hand.values(leased_by=None, leased_until=None))
            if name == NOTIFICATIONS:
                await session.execute(waiting.values(next_attempt_at=func.now()))
        await database.close()


def _make_writable(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise CannotRun(
            f"The folder {var} cannot be written to; choose another with `make run VAR=…`."
        ) from problem


def _welcome(port: int, var: Path) -> None:
    url = f"http://localhost:{port}"
    say(
        f"""
The housing service standards platform is running.

  Board  {url}/board     the officers' screens
  API    {url}/v1        its pages: {url}/docs
  Status {url}/status
  Mail   {var / "mail"}   (every notice, one .eml file each)
  Log    {var / "log.jsonl"}

For trying out only, these clients exist, all with the secret "demo":
  demo-resident  demo-officer  demo-officer-2  demo-asb-officer  demo-contractor  demo-ops  demo-frontend

Report a repair (paste this in another terminal):

  curl -s {url}/v1/repairs \\
    -H "Authorization: Bearer $(curl -s {url}/v1/token -u demo-resident:demo \\
        -d grant_type=client_credentials | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')" \\
    -H 'Content-Type: application/json' \\
    -d '{{"property": {{"address": "1 High Street", "postcode": "RM1 1AA"}}, "fault": "total-loss-of-water",
         "description": "No water since this morning", "channel": "online",
         "contact": {{"name": "Sam Jones", "email": "sam@example.org"}}}}'

Ctrl-C stops it; nothing is lost."""
    )


def main() -> int:
    """The command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--var", type=Path, default=Path("var"))
    given = parser.parse_args()
    try:
        run_loop(run(given.port, given.var))
    except BadSettings as wrong:
        print(f"Cannot run: {wrong}.", file=sys.stderr)
        return 1
    except (
        CannotRun,
        CannotStart,
        PortTaken,
        CannotMigrate,
        KeysMissing,
        BadClaimsMap,
        BadStandard,
        BadMessage,
        UnknownWord,
    ) as problem:
        print(f"Cannot run: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"Cannot run: {problem.strerror}: {problem.filename}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("Stopped before it had started.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
