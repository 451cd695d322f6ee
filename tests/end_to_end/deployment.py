"""A house of few processes with a database server and a broker of its own, to be stopped and restarted."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

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

    def process_of(self, app: str) -> psutil.Process:
        """The one process that serves an application."""
        [found] = [process for name, process in self.processes().items() if f"{app}.main:app" in name]
        return found


@asynccontextmanager
async def started_before_its_servers() -> AsyncIterator[Deployment]:
    """A house that waits for its PostgreSQL, and will for its RabbitMQ; neither runs yet."""
    server_script()
    with tempfile.TemporaryDirectory(prefix="rabbitmq-", ignore_cleanup_errors=True) as folder:
        rabbitmq = PrivateRabbitMQ(Path(folder), free_port())
        async with var_folder() as var, private_postgres() as postgres:
            databases = fresh_databases(postgres, FEW)
            await postgres.stop()
            try:
                async with many_processes(var, databases, rabbitmq.url, directory=FEW) as house:
                    yield Deployment(house, postgres, rabbitmq)
            finally:
                await rabbitmq.close()
