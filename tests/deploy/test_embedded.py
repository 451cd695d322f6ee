"""`make run` starts, stops and refuses in a way that people understand, and leaves nothing running."""

import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.databases import bring_all_up_to_date
from deploy.migrating import on_embedded
from deploy.postgres import EmbeddedPostgres, servers_on
from shared.db.migrations import NewerDatabase
from shared.directory import DIRECTORY
from shared.settings import Settings
from tests.support.child import Child, child
from tests.support.few import FEW, in_the_environment
from tests.support.programs import free_port


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A data folder; not pytest's own, which is closed to the account that root's server runs as."""
    with tempfile.TemporaryDirectory(prefix="house-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "var"


FEWER = {"DIRECTORY": in_the_environment(FEW)}


def command(var: Path, port: int) -> tuple[str, ...]:
    return ("deploy.embedded", "--port", str(port), "--var", str(var))


async def refusal(folder: Path, var: Path, port: int | None = None, **environment: str) -> str:
    """The one sentence on standard error of a start that is refused, with an exit code to match."""
    refused = Child(folder, *command(var, port or free_port()), environment=FEWER | environment)
    assert await refused.ended() == 1
    [sentence] = refused.complained().splitlines()
    return sentence


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
async def test_it_stops_in_good_order(tmp_path: Path, var: Path, how: signal.Signals) -> None:
    """Ctrl-C and SIGTERM stop everything, PostgreSQL too, and that is a success."""
    port = free_port()
    async with child(tmp_path, *command(var, port), environment=FEWER) as house:
        await house.until_said(f"http://localhost:{port}/v1")
        assert servers_on(var / "postgres" / "cluster")
        assert await house.stop(how) == 0
    assert house.said().endswith("Stopped.\n")
    assert house.complained() == ""
    assert servers_on(var / "postgres" / "cluster") == []


async def test_settings_that_cannot_be_are_refused_before_anything_starts(tmp_path: Path, var: Path) -> None:
    """Those of the screens too; a list that is no JSON has no traceback."""
    of_board = await refusal(tmp_path, var, DIRECTORY="", BOARD_EXCHANGE_CLIENT="board")
    assert of_board == "Cannot run: BOARD_EXCHANGE_SECRET is missing."
    of_all = await refusal(tmp_path, var, CORS_ORIGINS="[https")
    assert of_all == "Cannot run: CORS_ORIGINS: This is not JSON."


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
async def test_a_start_can_be_broken_off(tmp_path: Path, var: Path, how: signal.Signals) -> None:
    """Stopped while PostgreSQL is starting, it waits for that and stops it too."""
    async with child(tmp_path, *command(var, free_port())) as house:
        await house.until_said("[1/3]")
        assert await house.stop(how) == 130
    assert house.complained() == "Stopped before it had started.\n"
    assert servers_on(var / "postgres" / "cluster") == []


async def test_it_says_what_it_is_doing_and_how_to_begin(tmp_path: Path, var: Path) -> None:
    """Every step is announced; then come the address, the clients for trying out, and a report to paste."""
    async with child(tmp_path, *command(var, free_port())) as house:
        await house.until_said("Ctrl-C stops it")
        said = house.said()
    steps = [said.index(step) for step in ("[1/3] Starting PostgreSQL", "[2/3] Bringing", "[3/3] Starting")]
    assert steps == sorted(steps)
    for needed in ("/docs", "demo-resident", "trying out only", "curl -s"):
        assert needed in said


async def test_two_houses_cannot_share_a_folder(tmp_path: Path, var: Path) -> None:
    """A second start on the folder of a running house is refused, and the first goes on."""
    (tmp_path / "second").mkdir()
    async with child(tmp_path, *command(var, free_port()), environment=FEWER) as house:
        await house.until_said("Ctrl-C stops it")
        sentence = await refusal(tmp_path / "second", var)
        assert house.process.poll() is None
    assert (
        sentence == f"Cannot run: Another process is already running on the data folder {var / 'postgres'}."
    )


async def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    """Whoever has the port keeps it; nothing is made in the folder."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = await refusal(tmp_path, tmp_path / "var", port)
    assert sentence == f"Cannot run: Port {port} cannot be used; choose another, as in PORT=8100."
    assert not (tmp_path / "var").exists()


async def test_a_number_that_is_no_port_is_refused(tmp_path: Path) -> None:
    """There is no port 70000 on any machine."""
    assert "Port 70000 cannot be used" in await refusal(tmp_path, tmp_path / "var", 70_000)


def closed_to_us(folder: Path) -> Path:
    """A place in which we may make nothing; root may write anywhere, but not among the processes."""
    if os.geteuid() == 0:
        return Path("/proc/housing")
    folder.chmod(0o500)
    return folder / "var"


async def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    """A missing permission, or a file where the folder should be."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "file").touch()
    for var in (closed_to_us(tmp_path / "closed"), tmp_path / "file"):
        sentence = await refusal(tmp_path, var)
        assert sentence.startswith(f"Cannot run: The folder {var} cannot be written to; choose another")


async def test_a_file_inside_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    """Such as the log, when it was written by somebody else before."""
    (tmp_path / "var" / "log.jsonl").mkdir(parents=True)
    sentence = await refusal(tmp_path, tmp_path / "var")
    assert sentence == f"Cannot run: Is a directory: {tmp_path / 'var' / 'log.jsonl'}"


async def test_data_of_a_newer_version_are_refused(tmp_path: Path, var: Path) -> None:
    """In one sentence; they are left as they are, and their server is stopped."""
    known = await change_version(var, "repairs", "9999_from_the_future")
    sentence = await refusal(tmp_path, var)
    assert sentence == (
        "Cannot run: The repairs database was made by a newer version of this software; run that version."
    )
    assert servers_on(var / "postgres" / "cluster") == []
    assert await change_version(var, "repairs", known) == "9999_from_the_future"


async def change_version(var: Path, service: str, version: str) -> str:
    """Write another version into a service's database, and return the one that stood there."""
    postgres = await EmbeddedPostgres.start(var / "postgres")
    try:
        return await replace_version(postgres, service, version)
    finally:
        await postgres.stop()


async def replace_version(postgres: EmbeddedPostgres, service: str, version: str) -> str:
    connection = await asyncpg.connect(postgres.url(f"housing_{service}"))
    before: str = await connection.fetchval("SELECT version_num FROM alembic_version")
    await connection.execute("UPDATE alembic_version SET version_num = $1", version)
    await connection.close()
    return before


async def test_newer_data_of_any_service_are_left_as_they_are(var: Path) -> None:
    """Whichever it is, the start ends there."""
    postgres = await EmbeddedPostgres.start(var / "postgres")
    settings = on_embedded(Settings(var=var), postgres)
    try:
        await postgres.create_databases(())
        await bring_all_up_to_date(settings)
        for service in DIRECTORY.names:
            known = await replace_version(postgres, service, "9999_from_the_future")
            with pytest.raises(NewerDatabase, match=f"The {service} database"):
                await bring_all_up_to_date(settings)
            assert await replace_version(postgres, service, known) == "9999_from_the_future"
    finally:
        await postgres.stop()
