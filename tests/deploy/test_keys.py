"""The command for the keys of encrypted columns, as docs/running.md has it run beside a service at work."""

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from deploy.keys import ensure_keys, main, pseudonym_key
from services.asb.models import Incident
from shared.app import check_pseudonym_key
from shared.app_state import open_app_state
from shared.db.encrypted import assign
from shared.db.engine import Database, open_database
from shared.directory import DIRECTORY
from shared.encryption import Keyring, Keys, KeysMissing
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from tests.support.child import Child

ROW = DIRECTORY.row("asb")
MakeDatabase = Callable[[str], Awaitable[str]]


class Deployment:
    """A database of asb, a folder, and the command run on them in this process, with its own event loop."""

    def __init__(self, var: Path, url: str, said: pytest.CaptureFixture[str]) -> None:
        self.var, self.url, self._said = var, url, said
        self.path = Settings(var=var).encryption_keys_path("asb")
        self.database: Database = open_database(url)

    async def keys(self, *arguments: str) -> tuple[int, str]:
        """The exit code of the command, and what it said."""
        self._said.readouterr()
        code = await asyncio.to_thread(main, arguments)
        return code, "".join(self._said.readouterr())

    async def say(self, words: str, number: int) -> None:
        """Keep an incident in these words, as the service would, and without its case."""
        incident = Incident(reference="CAS-1", number=number, reported_to="council", told_by="alex")
        connection = await asyncpg.connect(self.url)
        assign(Keyring(self.path), incident, {"description": words})
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(
            "INSERT INTO incidents (reference, number, description, happened_on, reported_on, reported_to,"
            " told_by, told_at) VALUES ('CAS-1', $1, $2, now(), now(), 'council', 'alex', now())",
            number,
            bytes(incident.description or b""),
        )
        await connection.close()


@pytest.fixture
async def deployment(
    tmp_path: Path,
    database_for: MakeDatabase,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Deployment:
    url = await database_for("asb")
    monkeypatch.setenv("VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URLS", json.dumps({"asb": url}))
    return Deployment(tmp_path, url, capsys)


async def test_the_command_is_run_as_it_is_documented(deployment: Deployment) -> None:
    """A process of its own, which ends with a code that a script can go by."""
    command = Child(deployment.var, "deploy.keys", "make", "asb")
    assert await command.ended() == 0, command.complained()
    assert deployment.path.exists()


async def test_the_first_keys_are_made_once_and_are_the_owners_to_read(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    """And whoever starts it is told to keep a copy, for without it nobody reads what is encrypted."""
    await ensure_keys(deployment.path, ROW, deployment.url)
    assert stat.S_IMODE(deployment.path.stat().st_mode) == 0o600
    assert "Back this file up" in capsys.readouterr().out
    first = deployment.path.read_bytes()
    await ensure_keys(deployment.path, ROW, deployment.url)
    assert deployment.path.read_bytes() == first


async def test_lost_keys_are_not_made_anew(deployment: Deployment) -> None:
    """New ones would look as if all were well, until somebody reads a case of before."""
    await ensure_keys(deployment.path, ROW, deployment.url)
    await deployment.say("They shout.", 1)
    deployment.path.unlink()
    with pytest.raises(KeysMissing, match="put the file back from its backup"):
        await ensure_keys(deployment.path, ROW, deployment.url)
    assert not deployment.path.exists()
    code, said = await deployment.keys("make", "asb")
    assert (code, "put the file back" in said) == (1, True)


async def test_a_key_is_rotated_and_then_retired(deployment: Deployment) -> None:
    """Each step says what it did; nothing of a key is said but its id."""
    code, said = await deployment.keys("make", "asb")
    assert code == 0, said
    for number in range(1, 121):
        await deployment.say("They shout.", number)
    old = Keys.read(deployment.path)
    code, said = await deployment.keys("retire", "asb", old.primary)
    assert (code, "rotate first" in said) == (1, True)
    code, said = await deployment.keys("rotate", "asb")
    assert code == 0, said
    print(said)
    new = Keys.read(deployment.path)
    assert new.primary != old.primary
    assert f"New key {new.primary}; {old.primary} still decrypts." in said
    assert "Encrypted anew: 120 rows. Nothing is left under an older key." in said
    code, said = await deployment.keys("list", "asb")
    assert said.split() == [old.primary, new.primary, "primary"]
    code, said = await deployment.keys("retire", "asb", old.primary)
    assert code == 0, said
    left = Keys.read(deployment.path)
    assert list(left.by_id) == [new.primary]
    assert left.for_digests == old.for_digests
    assert deployment.path.read_bytes().decode() not in said
    assert stat.S_IMODE(deployment.path.stat().st_mode) == 0o600


async def test_a_key_in_use_is_not_retired(deployment: Deployment) -> None:
    """Somebody who stops a rotation half way must not lose what it has not reached."""
    await ensure_keys(deployment.path, ROW, deployment.url)
    await deployment.say("They shout.", 1)
    old = Keys.read(deployment.path)
    deployment.path.write_bytes(old.with_new_primary().as_file())
    code, said = await deployment.keys("retire", "asb", old.primary)
    assert (code, "still encrypted" in said) == (1, True)
    assert (await deployment.keys("reencrypt", "asb"))[0] == 0
    assert (await deployment.keys("retire", "asb", old.primary))[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rotate", "repairs"), "repairs encrypts nothing"),
        (("rotate", "permits"), "no service is called permits"),
        (("rotate", "asb"), "there are no encryption keys at"),
        (("retire", "asb", "k0"), "there are no encryption keys at"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(
    deployment: Deployment, arguments: tuple[str, ...], words: str
) -> None:
    """And no trace of a program."""
    code, said = await deployment.keys(*arguments)
    [sentence] = said.splitlines()
    assert (code, words in sentence) == (1, True), said


async def test_no_service_starts_without_the_key_of_pseudonyms(deployment: Deployment) -> None:
    """It would show a case to the very person from whom another service keeps it."""
    await ensure_keys(deployment.path, ROW, deployment.url)
    settings = Settings(var=deployment.var, database_urls={"asb": deployment.url})
    key = pseudonym_key(settings)
    for service, given, is_right in (
        ("asb", key, True),
        ("asb", "another", False),
        ("asb", "", False),
        ("repairs", key, True),
        ("repairs", "", False),
    ):
        told = settings.model_copy(update={"pseudonym_key": given})
        state = open_app_state(service, told, broker=LocalBroker(deployment.var))
        try:
            if is_right:
                check_pseudonym_key(state)
            else:
                with pytest.raises(KeysMissing, match="pseudonym-key asb"):
                    check_pseudonym_key(state)
        finally:
            await state.close()
