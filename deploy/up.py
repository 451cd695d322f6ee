"""`make up`: the same services as processes of their own, on the PostgreSQL and RabbitMQ of the environment.

POSTGRES_URL and RABBITMQ_URL say where these are; either may start later than this. Each process writes
its log to `var/log/`; one that ends is started again; Ctrl-C or SIGTERM stops them all, and SIGUSR1, which
`make restart` sends, replaces one after the other without a request refused.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Mapping, Sequence
from itertools import count
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sqlalchemy.exc import DBAPIError

from deploy.checking import check_sign_in
from deploy.databases import bring_all_up_to_date
from deploy.keys import pseudonym_key
from deploy.restart import process_id
from deploy.serve import PortTaken, listen_on
from deploy.supervision import Process, say
from gateway.clients import BadClientFile, add_to_file, read_clients, service_client
from gateway.files import write_atomically
from shared.clients.claims import BadClaimsMap
from shared.db.migrations import NewerDatabase
from shared.directory import FrontEnd, ServiceRow
from shared.encryption import KeysMissing
from shared.messaging.broker import BrokerAway, BrokerRefuses
from shared.messaging.rabbitmq import RabbitMQ
from shared.settings import BadSettings, Settings, from_environment

WAIT_SECONDS = 2.0


def processes(
    settings: Settings, port: int, environment: dict[str, str], secrets: Mapping[str, str], logs: Path
) -> list[Process]:
    """Every process of the house: the services and their workers first, then front ends, the gateway last.

    `secrets` has that of each service's client: a process is told its own and no other.
    """
    ports = count(settings.worker_metrics_from)

    def told(secret: str = "", *, workers: bool = True) -> dict[str, str]:
        return {**environment, "WORKERS": str(workers).lower(), "CLIENT_SECRET": secret}

    def serving(name: str, app: str, at: int, told: dict[str, str]) -> Process:
        return Process(name, ("-m", "deploy.serve", app, str(at)), told, logs / f"{name}.log", at)

    def working(row: ServiceRow, worker: str) -> Process:
        name, arguments = f"{row.name}-{worker}", ("-m", f"{row.package}.main", worker)
        return Process(
            name, arguments, told(secrets[row.name]), logs / f"{name}.log", next(ports), worker=True
        )

    found = []
    for row in settings.directory.services:
        at, own = _port_of(settings, row.name), told(secrets[row.name], workers=not row.runs_apart)
        found.append(serving(row.name, f"{row.package}.main:app", at, own))
        found += [working(row, worker) for worker in row.runs_apart]
    for shown in settings.directory.front_ends:
        at, sealing = _port_of(settings, shown.name), f"{shown.name.upper()}_SECRET"
        own = {sealing: environment.get(sealing) or sealing_secret(settings, shown), **told()}
        found.append(serving(shown.name, f"{shown.package}.main:app", at, own))
    return [*found, serving("gateway", "gateway.main:app", port, told())]


def _port_of(settings: Settings, service: str) -> int:
    return int(settings.service_url(service).rpartition(":")[2])


async def run(port: int) -> None:
    """Bring the databases up to date, run everything, stop it together.

    Raises PortTaken, NewerDatabase, KeysMissing, BadClientFile, BadClaimsMap, BadSettings,
    OSError for a folder that cannot be written to, and DBAPIError when PostgreSQL does not let us in.
    """
    stopping, asked = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the last when its terminal is closed
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, asked.set)
    settings = from_environment(Settings)
    check_sign_in(settings)  # better one sentence now than a process that fails again and again
    for wanted in (port, *(_port_of(settings, row.name) for row in settings.directory.served)):
        listen_on(wanted).close()  # likewise
    logs = settings.var / "log"
    logs.mkdir(parents=True, exist_ok=True)
    preparing = asyncio.create_task(bring_all_up_to_date(settings))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait((preparing, stopped), return_when=asyncio.FIRST_COMPLETED)
    if not preparing.done():
        preparing.cancel()
        return
    await preparing
    secrets = {row.name: secret_of(settings, row) for row in settings.directory.services}
    everything = processes(settings, port, _environment(settings, port), secrets, logs)
    beside = (_broker(settings), _restart_when(asked, everything))
    with process_id(settings.var):
        await _serve(everything, beside, stopped)


async def _serve(
    everything: Sequence[Process],
    beside: Sequence[Coroutine[Any, Any, None]],
    stopped: asyncio.Task[bool],
) -> None:
    keeping = [asyncio.create_task(job) for job in (*(each.keep_running() for each in everything), *beside)]
    for process in everything:
        say(f"started {process.name:<24} log: {process.log}")
    await stopped
    say("Stopping …")
    for task in keeping:
        task.cancel()
    await asyncio.gather(*(process.stop() for process in everything))
    say("Stopped.")


async def _restart_when(asked: asyncio.Event, everything: Sequence[Process]) -> None:
    """Replace every process, one after the other, whenever asked; databases first, as new code needs them."""
    while True:
        await asked.wait()
        asked.clear()
        say("Restarting …")
        if await _replaced_all(everything):
            say("Everything was restarted.")
        else:
            say("The restart is given up; what was not restarted serves on.")


async def _replaced_all(everything: Sequence[Process]) -> bool:
    migrating = await asyncio.create_subprocess_exec(sys.executable, "-m", "deploy.databases")
    if await migrating.wait() != 0:
        return False
    for process in everything:
        if not await process.replace():
            return False
        say(f"restarted {process.name}")
    return True


async def _broker(settings: Settings) -> None:
    """Say so if RabbitMQ is not there yet or does not let us in, and when it does; nobody waits for it."""
    broker, said = RabbitMQ(settings.rabbitmq_url, settings.broker_prefix), ""
    while True:
        try:
            await broker.connect()
            break
        except BrokerRefuses:
            trouble = "RabbitMQ does not let us in: user, password or virtual host of RABBITMQ_URL are wrong"
        except BrokerAway:
            trouble = "RabbitMQ is not there yet"
        if said != trouble:
            say(f"{trouble}; cases are taken, and their events wait for it")
        said = trouble
        await asyncio.sleep(WAIT_SECONDS)
    await broker.close()
    if said:
        say("RabbitMQ is there")


def _environment(settings: Settings, port: int) -> dict[str, str]:
    """The environment of the processes, besides what each is told alone."""
    gateway = os.environ.get("GATEWAY_URL", f"http://127.0.0.1:{port}")
    return {**os.environ, "GATEWAY_URL": gateway, "PSEUDONYM_KEY": pseudonym_key(settings)}


def secret_of(settings: Settings, row: ServiceRow) -> str:
    """The secret of a service's client, made and registered at the first start; raises BadClientFile."""
    path = settings.var / "secrets" / row.name
    known = {client.id: client for client in read_clients(settings.clients_path())}.get(row.name)
    if known and known.scopes != row.scopes:
        raise BadClientFile(
            f"the client {row.name} has other scopes than its row; remove it, and it is made anew"
        )
    if known and path.exists():
        return path.read_text("utf-8").strip()
    client, secret = service_client(row)
    add_to_file(settings.clients_path(), client)
    write_atomically(path, secret.encode())
    return secret


def sealing_secret(settings: Settings, shown: FrontEnd) -> str:
    """The secret with which a front end seals sessions, made at the first start: they outlive a restart."""
    path = settings.var / "secrets" / shown.name
    if not path.exists():
        write_atomically(path, token_urlsafe(32).encode())
    return path.read_text("utf-8").strip()


def main() -> int:
    """The command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="make up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    try:
        asyncio.run(run(given.port))
    except BadSettings as wrong:
        print(f"Cannot run: {wrong}.", file=sys.stderr)
        return 1
    except (PortTaken, NewerDatabase, KeysMissing, BadClientFile, BadClaimsMap) as problem:
        print(f"Cannot run: {problem}", file=sys.stderr)
        return 1
    except DBAPIError as problem:
        print(f"Cannot run: PostgreSQL does not let us in: {problem.orig}.", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"Cannot run: {problem.strerror}: {problem.filename}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
