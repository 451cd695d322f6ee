"""The machine clients, their file and their secrets."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.clients import (
    CHECKS_WAITING,
    BadClientFile,
    ClientRegistry,
    add_to_file,
    demo_clients,
    new_client,
    read_clients,
)
from gateway.clients.__main__ import main
from shared.errors import Unavailable


async def test_a_client_is_who_knows_its_secret(tmp_path: Path) -> None:
    """Another secret, another client's secret and an unknown client are all nobody."""
    one, secret = new_client("one", ["frontend"])
    two, other_secret = new_client("two", ["ops"])
    registry = ClientRegistry(tmp_path / "clients.toml", [one, two])
    assert await registry.authenticate("one", secret) == one
    for client_id, wrong in (("one", other_secret), ("one", ""), ("three", secret), ("", "")):
        assert await registry.authenticate(client_id, wrong) is None


async def test_a_client_added_to_the_file_is_known_at_once(tmp_path: Path) -> None:
    """No restart; and what stands there is what was said."""
    path = tmp_path / "clients.toml"
    registry = ClientRegistry(path)
    client, secret = new_client("fixit", ["contractor"], ["a", "b"], ["repairs"], "Fixit & Söhne 🛠")
    assert registry.find("fixit") is None
    add_to_file(path, client)
    assert await registry.authenticate("fixit", secret) == client
    add_to_file(path, new_client("second", ["ops"])[0])
    assert [known.id for known in read_clients(path)] == ["fixit", "second"]


def test_the_file_holds_no_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command shows it once; the file has its hash, and only its owner can read even that."""
    path = tmp_path / "clients.toml"
    assert main(["add", "website", "--role", "frontend", "--file", str(path)]) == 0
    secret = capsys.readouterr().out.split()[-1]
    assert len(secret) > 40
    assert secret not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["website", "--role", "frontend"],
        ["no spaces", "--role", "frontend"],
        ["x", "--role", "frontend", "--scope", "two scopes"],
        ["x", "--role", "frontend", "--firm", "line\nbreak"],
        ["x", "--role", "officer", "--department", "repair"],
        ["x", "--role", "contractor"],
        ["postroom", "--role", "service"],
        ["repairs", "--role", "service", "--scope", "cases"],
    ],
    ids=[
        "known already",
        "bad id",
        "scope with a space",
        "control character",
        "unknown department",
        "contractor without a firm",
        "unknown service",
        "scope that the service's row lacks",
    ],
)
def test_a_client_that_cannot_be_is_not_added(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence says why, and the file stays as it was."""
    path = tmp_path / "clients.toml"
    add_to_file(path, new_client("website", ["frontend"])[0])
    before = path.read_bytes()
    assert main(["add", *arguments, "--file", str(path)]) == 1
    assert capsys.readouterr().err.startswith("Refused: ")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[client]", "clients.toml: "),
        ('[[client]]\nid = "x"\nroles = ["ops"]', "client.0.secret_hash"),
        ('[[client]]\nid = "x"\nsecret_hash = "h"\nroles = ["king"]', "client.0.roles.0"),
        ('[[client]]\nid = "x"\nsecret_hash = "h"\nroles = []\nscope = ["a"]', "client.0.scope"),
        ('[[client]]\nid = "x"\nsecret_hash = "h"\nroles = []\n' * 2, "two clients"),
    ],
)
async def test_a_bad_file_keeps_the_clients_there_were(text: str, why: str, tmp_path: Path) -> None:
    """Whoever edits it by hand and slips locks nobody out; the error says where."""
    path = tmp_path / "clients.toml"
    registry = ClientRegistry(path)
    client, _ = new_client("good", ["ops"])
    add_to_file(path, client)
    assert registry.find("good") == client
    path.write_text(text)
    os.utime(path, ns=(1, 1))
    with pytest.raises(BadClientFile, match=why):
        read_clients(path)
    assert registry.find("good") == client


@pytest.mark.parametrize(
    ("id", "scopes", "why"),
    [
        ("postroom", [], "postroom speaks for a service that the directory lacks"),
        ("repairs", ["contacts", "cases"], "row of the service repairs lacks its scopes cases"),
    ],
)
def test_a_service_in_the_file_is_one_of_the_directory(
    id: str, scopes: list[str], why: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With no scope more than its row has, whoever wrote it there; the log says so, and it gets no token."""
    path = tmp_path / "clients.toml"
    add_to_file(path, new_client(id, ["service"], scopes)[0])
    assert ClientRegistry(path).find(id) is None
    assert why in caplog.text


SHOWN = """\
council-website (frontend)
acme (contractor); firm: Acme Repairs
asb-desk (officer); scopes: asb, manager; departments: repairs
"""


COMMENTS = {"# the desk in Romford", "# since May", "# ask Kim"}


def seeded(path: Path) -> None:
    """A file of three clients, with comments that somebody has written to the last."""
    for client, _ in (
        new_client("council-website", ["frontend"]),
        new_client("acme", ["contractor"], firm="Acme Repairs"),
        new_client("asb-desk", ["officer"], ["manager", "asb"], ["repairs"]),
    ):
        add_to_file(path, client)
    commented = '# the desk in Romford\n# since May\n[[client]]\n# ask Kim\nid = "asb-desk"'
    path.write_text(path.read_text().replace('[[client]]\nid = "asb-desk"', commented))


def test_clients_are_listed_without_their_secrets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, with what its tokens say."""
    path = tmp_path / "clients.toml"
    assert main(["list", "--file", str(path)]) == 0
    assert capsys.readouterr().out == "There are no clients.\n"
    seeded(path)
    assert main(["list", "--file", str(path)]) == 0
    assert capsys.readouterr().out == SHOWN


async def test_a_client_that_was_removed_gets_no_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At once, and the rest of the file stays as it was written."""
    path = tmp_path / "clients.toml"
    seeded(path)
    registry = ClientRegistry(path)
    assert registry.find("acme") is not None
    assert main(["remove", "acme", "--file", str(path)]) == 0
    assert "Removed acme. Its last token is good for 900 seconds at most." in capsys.readouterr().out
    assert registry.find("acme") is None
    assert [client.id for client in read_clients(path)] == ["council-website", "asb-desk"]
    assert set(path.read_text().splitlines()) >= COMMENTS


async def test_a_renewed_secret_is_the_only_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The one before lets nobody in any more; the client may what it might before."""
    path = tmp_path / "clients.toml"
    before, old = new_client("acme", ["contractor"], firm="Acme Repairs")
    add_to_file(path, before)
    add_to_file(path, new_client("watch", ["ops"])[0])
    registry = ClientRegistry(path)
    assert await registry.authenticate("acme", old) == before
    assert main(["renew", "acme", "--file", str(path)]) == 0
    new = capsys.readouterr().out.split()[-1]
    after = await registry.authenticate("acme", new)
    assert after is not None
    assert after.model_copy(update={"secret_hash": before.secret_hash}) == before
    assert await registry.authenticate("acme", old) is None
    assert [client.id for client in read_clients(path)] == ["acme", "watch"]


@pytest.mark.parametrize("renewed", ["acme", "asb-desk"])
def test_renewing_a_secret_keeps_every_comment(renewed: str, tmp_path: Path) -> None:
    """Those about the client itself, and those above the next one."""
    path = tmp_path / "clients.toml"
    seeded(path)
    before = path.read_text().splitlines()
    assert main(["renew", renewed, "--file", str(path)]) == 0
    after = path.read_text().splitlines()
    changed = [old for old, new in zip(before, after, strict=True) if old != new]
    assert [line.partition(" = ")[0] for line in changed] == ["secret_hash"]


@pytest.mark.parametrize("command", ["remove", "renew"])
def test_nobody_unknown_is_changed(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence says so, and the file stays as it was."""
    path = tmp_path / "clients.toml"
    seeded(path)
    before = path.read_bytes()
    assert main([command, "nobody", "--file", str(path)]) == 1
    assert capsys.readouterr().err == "Refused: clients.toml: there is no client nobody\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", ["remove", "renew"])
def test_a_file_of_another_style_is_not_spoilt(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An array of inline tables is good TOML too; what cannot be changed safely is left to its author."""
    path = tmp_path / "clients.toml"
    path.write_text('client = [{id = "acme", secret_hash = "x", roles = ["ops"]}]\n')
    before = path.read_bytes()
    assert main([command, "acme", "--file", str(path)]) == 1
    assert path.read_bytes() == before


def test_ten_at_once_lose_nobody(tmp_path: Path) -> None:
    """Each command is a process of its own, as when a script registers every firm."""
    path = tmp_path / "clients.toml"
    command = [sys.executable, "-m", "gateway.clients", "add", "--role", "ops", "--file", str(path)]
    running = [subprocess.Popen([*command, f"watch-{number}"]) for number in range(10)]
    assert [process.wait(60) for process in running] == [0] * 10
    assert {client.id for client in read_clients(path)} == {f"watch-{number}" for number in range(10)}


async def test_checking_secrets_never_queues_without_end() -> None:
    """A check takes 20 ms of a processor; beyond a hundred in waiting one is told to come back."""
    registry = ClientRegistry()
    asked = [registry.authenticate("nobody", "nothing") for _ in range(CHECKS_WAITING + 5)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 5


def test_the_demo_clients_are_those_the_contract_names() -> None:
    """An ordinary officer sees no anti-social behaviour, and who does works nothing else."""
    clients = {client.id: client for client in demo_clients()}
    assert set(clients) == {
        "demo-resident",
        "demo-officer",
        "demo-officer-2",
        "demo-asb-officer",
        "demo-contractor",
        "demo-ops",
        "demo-frontend",
    }
    assert "asb" not in clients["demo-officer"].scopes
    assert clients["demo-officer"].scopes == {"import", "calendar", "mail"}
    assert clients["demo-officer-2"].scopes == {"manager"}
    assert clients["demo-officer-2"].departments == clients["demo-officer"].departments
    assert clients["demo-asb-officer"].scopes == {"asb", "manager"}
    assert clients["demo-asb-officer"].departments == {"asb"}
    assert clients["demo-contractor"].firm == "demo-contractor"
    assert not any("service" in client.roles for client in clients.values())
