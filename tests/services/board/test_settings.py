"""Settings of the board alone: what is wrong is found before anything starts, and said without its value."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.board.main import check_settings
from shared.settings import BadSettings

PROVIDER = {"BOARD_URL": "https://housing.example", "BOARD_CLIENT_ID": "board"}


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    """Files that hold no key the board could sign with."""
    edwards = Ed25519PrivateKey.generate()
    contents = {
        "words": b"no key",
        "edwards": edwards.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in (*contents, "nowhere")}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"BOARD_CLIENT_ID": "s3cret"}, "BOARD_URL is missing"),
        ({"BOARD_URL": "http://s3cret.example"}, "BOARD_URL is an https address without a path"),
        (PROVIDER, "BOARD_CLIENT_SECRET or BOARD_CLIENT_KEY is missing"),
        ({"BOARD_EXCHANGE_CLIENT": "s3cret"}, "BOARD_EXCHANGE_SECRET is missing"),
        ({**PROVIDER, "BOARD_CLIENT_KEY": "nowhere"}, "BOARD_CLIENT_KEY: the file cannot be read"),
        ({**PROVIDER, "BOARD_CLIENT_KEY": "words"}, "BOARD_CLIENT_KEY: the file is no PEM file"),
        ({**PROVIDER, "BOARD_CLIENT_KEY": "edwards"}, "BOARD_CLIENT_KEY: the key is neither an RSA nor an"),
        ({"BOARD_DANGER": "{s3cret"}, "BOARD_DANGER: This is not JSON"),
        ({"BOARD_DANGER": '["s3cret"]'}, "BOARD_DANGER: Input should be a valid dictionary"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, str], given: dict[str, str], said: str
) -> None:
    """With the name of the setting as one writes it."""
    for name, value in given.items():
        monkeypatch.setenv(name, keys.get(value, value))
    with pytest.raises(BadSettings) as refused:
        check_settings()
    assert str(refused.value).startswith(said)
    assert "s3cret" not in str(refused.value)


def test_a_board_without_a_setting_of_its_own_is_in_order() -> None:
    """As `make run` has it."""
    check_settings()
