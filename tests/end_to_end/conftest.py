"""Whole houses, each running as people would find it: behind a real server, on a database of its own.

Those of child processes are started once for all stories, and have the example beside the product's services.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.databases import bring_all_up_to_date
from deploy.embedded import house
from deploy.migrating import database_urls, on_embedded
from deploy.postgres import EmbeddedPostgres
from shared.settings import Settings
from tests.end_to_end.deployment import Deployment, deployed
from tests.end_to_end.houses import (
    CONTRACTOR,
    House,
    fresh_databases,
    many_processes,
    one_process,
    until_well,
    var_folder,
)
from tests.gateway.serving import served
from tests.shared.example.directory import WITH_EXAMPLE
from tests.support import programs
from tests.support.few import in_the_environment
from tests.support.postgres import PrivatePostgres
from tests.support.rabbitmq import delete_topology


@pytest.fixture(scope="session")
async def house_of_one_process() -> AsyncIterator[House]:
    """A child process as `make run` starts it."""
    directory = in_the_environment(WITH_EXAMPLE)
    async with var_folder() as var, one_process(var, DIRECTORY=directory) as running:
        yield running


@pytest.fixture(scope="session")
async def house_of_many_processes(postgres: PrivatePostgres, rabbitmq_url: str) -> AsyncIterator[House]:
    """The child processes that `make up` starts."""
    databases, prefix = fresh_databases(postgres, WITH_EXAMPLE), f"test-{uuid4().hex}"
    async with (
        var_folder() as var,
        many_processes(var, databases, rabbitmq_url, prefix, WITH_EXAMPLE) as running,
    ):
        await until_well(running)
        await running.act("/v1/contractors", {"name": CONTRACTOR})
        yield running
    await delete_topology(rabbitmq_url, prefix, databases)


@pytest.fixture(scope="session")
async def deployment(rabbitmq_url: str) -> AsyncIterator[Deployment]:
    """A house of few processes on servers of its own; where no RabbitMQ can be had, there is none."""
    async with deployed(before_its_servers=True) as running:
        yield running


@pytest.fixture(
    scope="session",
    name="house",
    params=["house_of_one_process", pytest.param("house_of_many_processes", marks=pytest.mark.rabbitmq)],
)
def either_house(request: pytest.FixtureRequest) -> House:
    """Each of the two in turn, or the one that a test names; a test brings cases of its own."""
    running: House = request.getfixturevalue(request.param)
    return running


@pytest.fixture(scope="session")
async def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generator and the compiler of TypeScript, of the versions that are pinned."""
    npm = await asyncio.to_thread(programs.found_or_installed, "npm", "npm")
    if npm is None:
        pytest.skip("No npm is installed, and apt-get may not install it.")
    folder = tmp_path_factory.mktemp("typescript")
    for file in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).with_name("generators") / file, folder)
    installing = await asyncio.create_subprocess_exec(
        *(npm, "ci", "--silent", "--no-audit", "--no-fund"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await installing.communicate()
    assert installing.returncode == 0, said.decode()
    return folder


@pytest.fixture(scope="module")
async def embedded_house() -> AsyncIterator[str]:
    """The address of a house in one process, empty when the module begins: what `make run` starts."""
    async with one_process_house() as url:
        yield url


@asynccontextmanager
async def one_process_house() -> AsyncIterator[str]:
    """A house in this process with its in-process broker and a PostgreSQL of its own; gives its address."""
    # Not pytest's tmp_path: its base is closed to other users, and root's server runs as another user.
    with tempfile.TemporaryDirectory(prefix="house-", ignore_cleanup_errors=True) as var:
        postgres = await EmbeddedPostgres.start(Path(var) / "postgres")
        try:
            settings = Settings(var=Path(var))
            await postgres.create_databases(())
            await bring_all_up_to_date(on_embedded(settings, postgres))
            urls = database_urls(settings.directory, postgres)
            async with house(settings, urls) as gateway, served(_running(gateway)) as url:
                yield url
        finally:
            await postgres.stop()


def _running(gateway: ASGIApp) -> ASGIApp:
    """The gateway of a house that runs already; a server would else start and stop it a second time."""

    async def requests_only(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError("the house sees to it")
        await gateway(scope, receive, send)

    return requests_only
