"""`make up`: the same services as processes of their own, on the PostgreSQL and RabbitMQ of the environment.

POSTGRES_URL and RABBITMQ_URL say where these are; either may start later than this. Each process writes
its log to `var/log/`; one that ends is started again; Ctrl-C or SIGTERM stops them all.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from deploy.keys import ensure_keys, pseudonym_key
from deploy.serve import PortTaken, first_fault, listen_on
from gateway.clients import BadClientFile, add_to_file, read_clients, service_client
from gateway.files import write_atomically
from shared.db.errors import is_transient
from shared.db.migrations import NewerDatabase, create_missing_databases, migrate
from shared.directory import ServiceRow
from shared.encryption import KeysMissing
from shared.messaging.broker import BrokerAway, BrokerRefuses
from shared.messaging.rabbitmq import RabbitMQ
from shared.settings import Settings

WAIT_SECONDS = 2.0
RESTART_SECONDS = 1.0
STOP_SECONDS = 15.0


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


@dataclass(slots=True)
class Process:
    """One process of the house, kept running until it is told to stop."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str]
    log: Path
    _child: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def keep_running(self) -> None:
        """Start it, and again whenever it ends."""
        with self.log.open("ab") as log:
            while True:
                self._child = await self._start(log)
                code = await self._child.wait()
                say(f"{self.name} ended with code {code} and is started again; see {self.log}")
                await asyncio.sleep(RESTART_SECONDS)

    async def _start(self, log: IO[bytes]) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *self.arguments,
            env=self.environment,
            stdout=log,
            stderr=log,
            # Ctrl-C reaches only us, and we stop everything in order. A session of its own would do that too,
            # but sessions share the processor evenly, whatever a process in one says of its politeness.
            process_group=0,
        )

    async def stop(self) -> None:
        """Ask it to stop, and end it if it does not."""
        child = self._child
        if child is None or child.returncode is not None:
            return
        child.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await child.wait()
        except TimeoutError:
            say(f"{self.name} did not stop in time and is ended")
            child.kill()
            await child.wait()


def processes(
    settings: Settings, port: int, environment: dict[str, str], secrets: Mapping[str, str], logs: Path
) -> list[Process]:
    """Every process of the house: the services and their workers first, the gateway last.

    `secrets` has that of each service's client: a process is told its own and no other.
    """
    ports = count(settings.worker_metrics_from)

    def process(name: str, *arguments: str, secret: str = "", workers: bool = True) -> Process:
        told = {**environment, "WORKERS": str(workers).lower(), "CLIENT_SECRET": secret}
        if arguments[0] != "deploy.serve":
            told["METRICS_PORT"] = str(next(ports))
        return Process(name, ("-m", *arguments), told, logs / f"{name}.log")

    found = []
    for row in settings.directory.services:
        main, at, secret = f"{row.package}.main", str(_port_of(settings, row.name)), secrets[row.name]
        apart = [process(f"{row.name}-{worker}", main, worker, secret=secret) for worker in row.runs_apart]
        serving = ("deploy.serve", f"{main}:app", at)
        found += [process(row.name, *serving, secret=secret, workers=not apart), *apart]
    return [*found, process("gateway", "deploy.serve", "gateway.main:app", str(port))]


def _port_of(settings: Settings, service: str) -> int:
    return int(settings.service_url(service).rpartition(":")[2])


async def run(port: int) -> None:
    """Bring the databases up to date, run everything, stop it together.

    Raises PortTaken, NewerDatabase, KeysMissing, BadClientFile, ValidationError for settings, OSError for a
    folder that cannot be written to, and DBAPIError when PostgreSQL is there and does not let us in.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the last when its terminal is closed
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    settings = Settings()
    for wanted in (port, *(_port_of(settings, name) for name in settings.directory.names)):
        listen_on(wanted).close()  # better one sentence now than a process that fails again and again
    logs = settings.var / "log"
    logs.mkdir(parents=True, exist_ok=True)
    preparing = asyncio.create_task(_databases(settings))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait((preparing, stopped), return_when=asyncio.FIRST_COMPLETED)
    if not preparing.done():
        preparing.cancel()
        return
    await preparing
    secrets = {row.name: secret_of(settings, row) for row in settings.directory.services}
    waiting = asyncio.create_task(_broker(settings))
    await _serve(processes(settings, port, _environment(settings, port), secrets, logs), stopped)
    waiting.cancel()


async def _serve(everything: Sequence[Process], stopped: asyncio.Task[bool]) -> None:
    keeping = [asyncio.create_task(process.keep_running()) for process in everything]
    for process in everything:
        say(f"started {process.name:<24} log: {process.log}")
    await stopped
    say("Stopping …")
    for task in keeping:
        task.cancel()
    await asyncio.gather(*(process.stop() for process in everything))
    say("Stopped.")


async def _databases(settings: Settings) -> None:
    """Create and migrate every service's database."""
    for row in settings.directory.services:
        keys = settings.encryption_keys_path(row.name)
        await _bring_up_to_date(settings.database_url(row.name), row, keys)


async def _bring_up_to_date(url: str, service: ServiceRow, keys: Path) -> None:
    """Create and migrate a database, waiting for the server if it is not there yet."""
    while True:
        try:
            await create_missing_databases([url])
            say(f"bringing the {service.name} database up to date")
            if service.encrypts:
                await ensure_keys(keys, service, url)
            await migrate(url, service, keys)
            return
        except (OSError, DBAPIError) as away:
            if not is_transient(away):
                raise
            say(f"PostgreSQL is not there yet ({type(away).__name__}); waiting …")
        await asyncio.sleep(WAIT_SECONDS)


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


def main() -> int:
    """The command line; answers the exit code."""
    parser = argparse.ArgumentParser(prog="make up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    try:
        asyncio.run(run(given.port))
    except ValidationError as wrong:
        print(f"Cannot run: {first_fault(wrong)}.", file=sys.stderr)
        return 1
    except (PortTaken, NewerDatabase, KeysMissing, BadClientFile) as problem:
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
