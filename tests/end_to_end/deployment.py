"""A house of few processes with a database server and a broker of its own, to be stopped and restarted."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from shared.directory import Directory
from tests.end_to_end.houses import House, fresh_databases, many_processes, until_well, var_folder
from tests.support.few import FEW
from tests.support.postgres import PrivatePostgres, private_postgres
from tests.support.programs import free_port
from tests.support.rabbitmq import PrivateRabbitMQ, server_script


@dataclass
class Deployment:
    """A house as `make up` runs it, and the servers that it stands on."""

    house: House
    postgres: PrivatePostgres
    rabbitmq: PrivateRabbitMQ
    first_worker: str  # the address that shows its liveness; the port of the next is one higher

    async def until_well(self) -> House:
        """The house, once every service is well; a server that does not run is started."""
        for server in (self.postgres, self.rabbitmq):
            if not server.is_running:
                await server.start()
        await until_well(self.house)
        return self.house

    def processes(self) -> dict[str, psutil.Process]:
        """The processes of the house, by the part of their command that tells them apart."""
        children = psutil.Process(self.house.process.process.pid).children()
        return {" ".join(child.cmdline()[2:]): child for child in children if child.status() != "zombie"}

    def process_of(self, command: str) -> psutil.Process:
        """The one process of whose command this is a part."""
        [found] = [process for name, process in self.processes().items() if command in name]
        return found


@asynccontextmanager
async def deployed(
    directory: Directory = FEW, *, before_its_servers: bool = False
) -> AsyncIterator[Deployment]:
    """A house that is being started, after its servers or before them: a story starts these then."""
    server_script()
    with tempfile.TemporaryDirectory(prefix="rabbitmq-", ignore_cleanup_errors=True) as folder:
        rabbitmq, workers = PrivateRabbitMQ(Path(folder), free_port()), free_port()
        told = {"WORKER_METRICS_FROM": str(workers)}
        async with var_folder() as var, private_postgres() as postgres:
            databases = fresh_databases(postgres, directory)
            try:
                if before_its_servers:
                    await postgres.stop()
                else:
                    await rabbitmq.start()
                async with many_processes(
                    var, databases, rabbitmq.url, directory=directory, more=told
                ) as house:
                    yield Deployment(house, postgres, rabbitmq, f"http://127.0.0.1:{workers}")
            finally:
                await rabbitmq.close()
