"""The embedded PostgreSQL keeps its data through everything that happens to the process that runs it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.postgres import CannotStart, EmbeddedPostgres, servers_on
from tests.support.postgres import PrivatePostgres

RUN_AND_SAY_READY = """
import asyncio, pathlib, sys
from deploy.postgres import EmbeddedPostgres

async def main():
    server = await EmbeddedPostgres.start(pathlib.Path(sys.argv[1]))
    try:
        print("ready", flush=True)
        await asyncio.sleep(600)
    finally:
        await server.stop()

asyncio.run(main())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder; not pytest's own, which is closed to the account that root's server runs as."""
    with tempfile.TemporaryDirectory(prefix="data-") as temporary:
        yield Path(temporary) / "postgres"


async def ask(
    server: EmbeddedPostgres | PrivatePostgres, question: str, database: str = "postgres"
) -> object:
    connection = await asyncpg.connect(server.url(database))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def start_in_a_child(folder: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", RUN_AND_SAY_READY, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


async def test_data_outlive_the_server(folder: Path) -> None:
    """Rows written before a stop are there after the next start."""
    server = await EmbeddedPostgres.start(folder)
    await server.create_databases(["housing_repairs"])
    await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer", "housing_repairs")
    await server.stop()
    assert servers_on(folder / "cluster") == []

    server = await EmbeddedPostgres.start(folder)
    await server.create_databases(["housing_repairs"])
    assert await ask(server, "SELECT answer FROM kept", "housing_repairs") == 42
    await server.stop()
    await server.stop()


async def test_settings_are_safe(folder: Path) -> None:
    """Every commit reaches the disk, nothing listens on the network, and instants are UTC."""
    server = await EmbeddedPostgres.start(folder)
    safe = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "max_connections": "200",
        "listen_addresses": "",
        "TimeZone": "UTC",
    }
    assert {setting: await ask(server, f"SHOW {setting}") for setting in safe} == safe
    await server.stop()


@pytest.mark.parametrize("name", ["long-" * 30, "with a space, a comma and an 'é'"])
async def test_any_folder_name_will_do(folder: Path, name: str) -> None:
    """A path that no socket can have still holds a database; its socket is put elsewhere and removed."""
    server = await EmbeddedPostgres.start(folder / name)
    assert await ask(server, "SELECT 1") == 1
    await server.stop()
    assert server.sockets != server.folder
    assert not server.sockets.exists()


async def test_a_killed_process_leaves_a_server_that_the_next_start_takes_over(folder: Path) -> None:
    """After kill -9 of our process its PostgreSQL still runs; the next start ends it and begins anew."""
    child = start_in_a_child(folder)
    child.kill()
    child.wait()
    orphans = servers_on(folder / "cluster")
    assert orphans

    server = await EmbeddedPostgres.start(folder)
    assert await ask(server, "SELECT 1") == 1
    assert set(servers_on(folder / "cluster")).isdisjoint(orphans)
    await server.stop()


async def test_a_power_cut_is_recovered_from(folder: Path) -> None:
    """Committed rows are there after every process was killed; a pid now someone else's does no harm."""
    server = await EmbeddedPostgres.start(folder)
    await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    for process in servers_on(folder / "cluster"):
        process.kill()
    await server.stop()
    bystander = psutil.Popen(["sleep", "60"])
    pid_file = folder / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{bystander.pid}\n" + pid_file.read_text().partition("\n")[2])

    server = await EmbeddedPostgres.start(folder)
    assert await ask(server, "SELECT answer FROM kept") == 42
    assert bystander.is_running()
    await server.stop()
    bystander.kill()
    bystander.wait()


async def test_ctrl_c_leaves_the_server_to_us(folder: Path) -> None:
    """The terminal's interrupt reaches our process only, which stops the server when it has finished."""
    child = start_in_a_child(folder)
    servers = servers_on(folder / "cluster")
    assert {os.getsid(process.pid) for process in servers}.isdisjoint({os.getsid(child.pid)})
    os.killpg(child.pid, signal.SIGINT)
    child.wait(timeout=60)  # its last checkpoint waits for the disk, which other tests use as well
    assert servers_on(folder / "cluster") == []


async def test_a_cancelled_start_leaves_nothing_running(folder: Path) -> None:
    """Ctrl-C while the server starts stops it again."""
    starting = asyncio.create_task(EmbeddedPostgres.start(folder))
    await asyncio.sleep(0.05)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert servers_on(folder / "cluster") == []


async def test_an_interrupted_first_start_can_be_repeated(folder: Path) -> None:
    """Files left by a first start that was killed half-way are swept aside."""
    (folder / "cluster.unfinished").mkdir(parents=True)
    (folder / "cluster.unfinished" / "PG_VERSION").write_text("18\n")
    server = await EmbeddedPostgres.start(folder)
    assert await ask(server, "SELECT 1") == 1
    await server.stop()


async def test_one_folder_has_one_process(folder: Path) -> None:
    """A second start on a folder in use is refused, and does the first no harm."""
    server = await EmbeddedPostgres.start(folder)
    with pytest.raises(CannotStart, match="Another process is already running on the data folder"):
        await EmbeddedPostgres.start(folder)
    assert await ask(server, "SELECT 1") == 1
    await server.stop()


async def test_data_of_another_version_are_refused(folder: Path) -> None:
    """Data made by another PostgreSQL are named as such and left alone."""
    (folder / "cluster").mkdir(parents=True)
    (folder / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match=r"are PostgreSQL 17's, and this is PostgreSQL 18\.$"):
        await EmbeddedPostgres.start(folder)


async def test_a_folder_that_cannot_be_made_is_named() -> None:
    """A place where nothing can be written is one clear sentence."""
    with pytest.raises(CannotStart, match=r"^PostgreSQL cannot use the folder /proc/data \(.*\)\.$"):
        await EmbeddedPostgres.start(Path("/proc/data"))


async def test_what_postgresql_says_is_passed_on(folder: Path) -> None:
    """A damaged configuration is reported in PostgreSQL's own words."""
    await (await EmbeddedPostgres.start(folder)).stop()
    (folder / "cluster" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(CannotStart, match=r"configuration file .* contains errors"):
        await EmbeddedPostgres.start(folder)
