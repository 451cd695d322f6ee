"""`make up` runs every service as a process of its own, waits for what they need, and stops them together."""

import json
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest
from yarl import URL

from deploy.restart import supervisor
from deploy.supervision import Process
from deploy.up import processes, secret_of
from gateway.clients import BadClientFile, read_clients
from shared.directory import DIRECTORY, Directory
from shared.settings import Settings
from tests.support.child import START_SECONDS, Child, child
from tests.support.eventually import eventually
from tests.support.few import FEW, in_the_environment
from tests.support.programs import free_port

MakeDatabase = Callable[[str], Awaitable[str]]
NOBODY = "127.0.0.1:1"


def environment(var: Path, **more: str) -> dict[str, str]:
    """Few services on ports of their own, and by default neither a database nor a broker."""
    return {
        "VAR": str(var),
        "POSTGRES_URL": f"postgresql://{NOBODY}",
        "RABBITMQ_URL": f"amqp://{NOBODY}/",
        "DIRECTORY": in_the_environment(FEW),
        "SERVICE_URLS": json.dumps({row.name: f"http://127.0.0.1:{free_port()}" for row in FEW.served}),
        **more,
    }


def up(folder: Path, port: int | None = None, **more: str) -> Child:
    """A `make up` that is expected to end by itself."""
    return Child(
        folder, "deploy.up", "--port", str(port or free_port()), environment=environment(folder, **more)
    )


async def refusal(refused: Child) -> str:
    """The one sentence that it says on standard error, with an exit code to match."""
    assert await refused.ended() == 1
    [sentence] = refused.complained().splitlines()
    return sentence


def processes_of(var: Path, directory: Directory = DIRECTORY) -> list[Process]:
    """Every process of a house on a folder."""
    secrets = {name: f"secret of {name}" for name in directory.names}
    return processes(Settings(var=var, directory=directory), 8000, {"VAR": str(var)}, secrets, var)


def test_routes_and_workers_are_told_apart(tmp_path: Path) -> None:
    """The process of notifications' routes runs no worker, and the one of repairs runs its own."""
    found = processes_of(tmp_path)
    told = {process.name: process.environment["WORKERS"] for process in found}
    assert told["notifications"] == "false"
    assert told["repairs"] == told["notifications-consumer"] == told["notifications-sweep"] == "true"
    assert found[-1].name == "gateway"
    told = {process.name: process.environment["CLIENT_SECRET"] for process in found}
    assert told["repairs"] == "secret of repairs"
    assert told["notifications"] == told["notifications-delivery"] == "secret of notifications"
    assert told["gateway"] == told["board"] == ""


def test_sessions_at_a_front_end_outlive_a_restart(tmp_path: Path) -> None:
    """It alone is told the secret that seals them, the same at every start."""
    told = [
        {process.name: process.environment.get("BOARD_SECRET") for process in processes_of(tmp_path)}
        for _ in range(2)
    ]
    assert told[0]["board"]
    assert told[0] == told[1]
    assert [name for name, secret in told[0].items() if secret] == ["board"]


async def test_a_claims_map_that_cannot_be_kept_to_is_refused(tmp_path: Path) -> None:
    """With the file, the row and the reason, before anything is started."""
    path = tmp_path / "map.toml"
    path.write_text('[[grant]]\nvalue = "officer"\nroles = ["service"]\n')
    issuer = "https://id.council.example"
    sentence = await refusal(up(tmp_path, OIDC_ISSUER=issuer, OIDC_CLAIMS_FILE=str(path)))
    assert sentence == f"Cannot run: {path}: grant 1, officer: roles: service and provider are not for people"


async def test_settings_of_a_front_end_are_found_wrong_before_anything_starts(tmp_path: Path) -> None:
    """And not by a process that fails again and again, with the reason in a log of its own."""
    sentence = await refusal(up(tmp_path, DIRECTORY="", SERVICE_URLS="", BOARD_CLIENT_ID="board"))
    assert sentence == (
        "Cannot run: BOARD_URL is missing: the provider has to know where to send people back to."
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda how: how.name)
async def test_it_stops_them_all_together(
    tmp_path: Path, database_for: MakeDatabase, how: signal.Signals
) -> None:
    """Every process has a log of its own, and none is left when the one that started them is told to stop."""
    urls = json.dumps({service: await database_for(service) for service in FEW.names})
    command, told = ("deploy.up", "--port", str(free_port())), environment(tmp_path, DATABASE_URLS=urls)
    async with child(tmp_path, *command, environment=told) as house:
        await house.until_said("started gateway")
        await house.until_said("RabbitMQ is not there yet")
        started = psutil.Process(house.process.pid).children()
        assert await house.stop(how) == 0
    logs = {path.stem for path in (tmp_path / "log").glob("*.log")}
    assert {"gateway", *FEW.names, "notifications-delivery"} <= logs
    assert len(logs) == len(started)
    assert psutil.wait_procs(started, timeout=30)[1] == []
    assert house.said().endswith("Stopped.\n")


async def test_killed_it_leaves_no_process_behind(tmp_path: Path, database_for: MakeDatabase) -> None:
    """Each notices that nobody would stop it any more, and ends; so the next start finds its ports free."""
    urls = json.dumps({service: await database_for(service) for service in FEW.names})
    command, told = ("deploy.up", "--port", str(free_port())), environment(tmp_path, DATABASE_URLS=urls)
    async with child(tmp_path, *command, environment=told) as house:
        await house.until_said("started gateway")
        await eventually(lambda: is_alive(json.loads(told["SERVICE_URLS"])["repairs"]), START_SECONDS)
        started = psutil.Process(house.process.pid).children()
        assert await house.stop(signal.SIGKILL) == -signal.SIGKILL
    assert len(started) == len(processes_of(tmp_path, FEW))
    assert psutil.wait_procs(started, timeout=30)[1] == []


async def is_alive(url: str) -> bool:
    """Tell whether a process answers there."""
    with suppress(httpx.HTTPError):
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{url}/health/live")).status_code == 200
    return False


async def test_a_restart_needs_something_that_runs(tmp_path: Path) -> None:
    """Nothing ran here, or it was killed: its id is nobody's, or by now another program's."""
    asked = Child(tmp_path, "deploy.restart", environment={"VAR": str(tmp_path)})
    assert await asked.ended() == 1
    assert f"no `make up` runs with VAR={tmp_path}" in asked.complained()
    (tmp_path / "up.pid").write_text(str(os.getpid()))
    assert supervisor(tmp_path) is None


async def test_it_can_be_stopped_while_it_waits_for_the_database(tmp_path: Path) -> None:
    """It says what it waits for, and Ctrl-C ends the waiting."""
    command = ("deploy.up", "--port", str(free_port()))
    async with child(tmp_path, *command, environment=environment(tmp_path)) as house:
        await house.until_said("PostgreSQL is not there yet")
        assert await house.stop(signal.SIGINT) == 0
    assert house.complained() == ""


@pytest.mark.rabbitmq
async def test_a_wrong_password_is_not_taken_for_an_absence(
    tmp_path: Path, database_for: MakeDatabase, rabbitmq_url: str
) -> None:
    """Whoever starts the house reads what is wrong, and with which setting."""
    urls = json.dumps({service: await database_for(service) for service in FEW.names})
    wrong = str(URL(rabbitmq_url).with_password("wrong"))
    told = environment(tmp_path, DATABASE_URLS=urls, RABBITMQ_URL=wrong)
    async with child(tmp_path, "deploy.up", "--port", str(free_port()), environment=told) as house:
        await house.until_said("RabbitMQ does not let us in")
        assert await house.stop(signal.SIGTERM) == 0
    assert "RABBITMQ_URL" in house.said()


async def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    """The gateway's or a service's: said once, before any process could fail again and again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        services = json.dumps({"repairs": f"http://127.0.0.1:{taken}"})
        for refused in (up(tmp_path, port=taken), up(tmp_path, SERVICE_URLS=services)):
            assert f"Port {taken} cannot be used" in await refusal(refused)


async def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, database_for: MakeDatabase) -> None:
    """It is left as it is, and no process is started."""
    url = await database_for("notifications")
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    await connection.close()
    refused = up(tmp_path, DATABASE_URLS=json.dumps(dict.fromkeys(FEW.names, url)))
    assert await refusal(refused) == (
        "Cannot run: The notifications database was made by a newer version of this software; "
        "run that version."
    )


async def test_a_server_that_does_not_let_us_in_is_not_waited_for(
    tmp_path: Path, database_for: MakeDatabase
) -> None:
    """A role that does not exist will not exist in two seconds either."""
    url = (await database_for("repairs")).replace("postgres@", "somebody-else@")
    refused = up(tmp_path, DATABASE_URLS=json.dumps(dict.fromkeys(FEW.names, url)))
    assert (await refusal(refused)).endswith('let us in: role "somebody-else" does not exist.')


async def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    """A missing permission, or a file where the folder should be."""
    (tmp_path / "file").touch()
    refused = up(tmp_path, VAR=str(tmp_path / "file"))
    assert await refusal(refused) == f"Cannot run: Not a directory: {tmp_path / 'file' / 'log'}"


async def test_an_address_of_a_service_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """A misspelt name is said at once; its service would else be looked for at another address."""
    refused = up(tmp_path, SERVICE_URLS='{"repair": "http://127.0.0.1:1"}')
    known = ", ".join(row.name for row in FEW.served)
    assert await refusal(refused) == (
        f"Cannot run: SERVICE_URLS names repair, and the directory has only {known}."
    )


def test_each_service_is_a_client_of_its_own(tmp_path: Path) -> None:
    """With the scopes of its row and a secret of its own, which stay as they are at the next start."""
    settings = Settings(var=tmp_path)
    secrets = {row.name: secret_of(settings, row) for row in DIRECTORY.services}
    assert len(set(secrets.values())) == len(secrets)
    assert {row.name: secret_of(settings, row) for row in DIRECTORY.services} == secrets
    clients = {client.id: client for client in read_clients(settings.clients_path())}
    scopes = {row.name: row.scopes for row in DIRECTORY.services}
    assert {name: client.scopes for name, client in clients.items()} == scopes
    assert all(client.roles == {"service"} for client in clients.values())


def test_a_service_whose_row_has_changed_is_registered_anew(tmp_path: Path) -> None:
    """Its old scopes would be too many or too few; whoever starts it is told what to do."""
    settings, row = Settings(var=tmp_path), DIRECTORY.row("repairs")
    secret_of(settings, row)
    with pytest.raises(BadClientFile, match="repairs has other scopes than its row"):
        secret_of(settings, replace(row, scopes=frozenset({"contacts", "cases"})))
    settings.clients_path().unlink()
    assert secret_of(settings, row)
