"""Encryption: a value opens in its own place, under any key that is still here, and nowhere else."""

import json
import logging
import os
from pathlib import Path

import pytest

from shared import encryption
from shared.encryption import CannotDecrypt, Ciphertext, Keyring, Keys, KeysMissing, place
from shared.http.problems import respond

AT = place("cases", "contact", "CAS-1")
SAID = b"They shout at me because of who I am."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of new keys."""
    path = tmp_path / "asb.json"
    path.write_bytes(Keys.generate().as_file())
    return path


@pytest.fixture(autouse=True)
def _read_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "READ_AGAIN_SECONDS", 0.0)


def test_a_value_opens_in_its_place(path: Path) -> None:
    """And shows nothing of itself before; the same text is never encrypted twice alike."""
    keyring = Keyring(path)
    sealed = keyring.encrypt(SAID, AT)
    assert keyring.decrypt(sealed, AT) == SAID
    assert sealed.key_id == keyring.primary
    assert b"shout" not in bytes(sealed)
    assert keyring.encrypt(SAID, AT) != sealed


@pytest.mark.parametrize(
    "elsewhere",
    [
        place("cases", "contact", "CAS-2"),
        place("cases", "description", "CAS-1"),
        place("incidents", "contact", "CAS-1"),
    ],
)
def test_a_value_that_was_moved_does_not_open(path: Path, elsewhere: encryption.Place) -> None:
    """To another case, column or table: whoever can write rows cannot have us show one person another's."""
    keyring = Keyring(path)
    with pytest.raises(CannotDecrypt):
        keyring.decrypt(keyring.encrypt(SAID, AT), elsewhere)


def test_a_value_of_which_one_bit_is_changed_does_not_open(path: Path) -> None:
    """Wherever it is: in the key's id, the nonce, the text or the tag."""
    keyring = Keyring(path)
    sealed = keyring.encrypt(SAID, AT)
    for position in range(1, len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(CannotDecrypt):
            keyring.decrypt(Ciphertext(changed), AT)


def test_what_an_older_key_encrypted_is_read(path: Path) -> None:
    """A running service takes the new key without a restart, and reads under both."""
    keyring = Keyring(path)
    old = keyring.encrypt(SAID, AT)
    path.write_bytes(Keys.read(path).with_new_primary().as_file())
    new = keyring.encrypt(SAID, AT)
    assert new.key_id != old.key_id
    assert keyring.decrypt(old, AT) == keyring.decrypt(new, AT) == SAID


def test_a_key_that_is_new_to_this_process_is_looked_for_at_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have the new key a second earlier, and write with it."""
    monkeypatch.setattr(encryption, "READ_AGAIN_SECONDS", 3600.0)
    keyring = Keyring(path)
    path.write_bytes(Keys.read(path).with_new_primary().as_file())
    os.utime(path, (1, 1))
    assert keyring.decrypt(Keyring(path).encrypt(SAID, AT), AT) == SAID


def test_a_lost_key_is_a_plain_problem_and_a_loud_line(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """503 with words for the caller and no stack; the log names the key, and not what was kept."""
    sealed = Keyring(path).encrypt(SAID, AT)
    path.write_bytes(Keys.generate().as_file())
    with caplog.at_level(logging.ERROR), pytest.raises(CannotDecrypt) as refused:
        Keyring(path).decrypt(sealed, AT)
    answer = respond(refused.value)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "cannot be decrypted" in json.loads(bytes(answer.body))["detail"]
    assert [record.getMessage() for record in caplog.records] == [
        f"no encryption key {sealed.key_id}: what it encrypted cannot be read"
    ]


def test_keys_are_not_shown(path: Path) -> None:
    """A settings dump or a failing test prints objects as they show themselves."""
    keys = Keys.read(path)
    for key in (*keys.by_id.values(), keys.for_digests):
        assert key.hex() not in repr(keys)
        assert repr(key) not in repr(keys)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there are no encryption keys"),
        (b"", "has no encryption keys in it"),
        (b"[]", "has no encryption keys in it"),
        (b'{"primary": "a", "keys": {}, "digests": ""}', "lacks its primary key"),
        (b'{"primary": "a", "keys": {"a": "c2hvcnQ="}, "digests": "c2hvcnQ="}', "of another length"),
    ],
)
def test_a_file_without_keys_says_so(tmp_path: Path, content: bytes | None, words: str) -> None:
    """In words for whoever starts the service."""
    path = tmp_path / "asb.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KeysMissing, match=words):
        Keyring(path)


def test_a_file_that_goes_while_the_service_runs_changes_nothing(path: Path) -> None:
    """A mounted secret may be away for a moment, or half written."""
    keyring = Keyring(path)
    sealed = keyring.encrypt(SAID, AT)
    path.write_bytes(b"{")
    assert keyring.decrypt(keyring.encrypt(SAID, AT), AT) == SAID
    path.unlink()
    assert keyring.decrypt(sealed, AT) == SAID


def test_digests_are_keyed(path: Path, tmp_path: Path) -> None:
    """The same text has the same digest here, whichever key encrypts, and another one elsewhere."""
    keyring = Keyring(path)
    digest = keyring.digest("robin loud")
    path.write_bytes(Keys.read(path).with_new_primary().as_file())
    assert Keyring(path).digest("robin loud") == digest
    other = tmp_path / "other.json"
    other.write_bytes(Keys.generate().as_file())
    assert Keyring(other).digest("robin loud") != digest
