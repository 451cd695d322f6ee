"""The keys that sign tokens, and their rotation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.keys import KeyRing, NoSigningKey, main

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_first_key_signs_at_once(tmp_path: Path) -> None:
    """On a fresh machine there is nobody who could know an older one."""
    ring = KeyRing(tmp_path)
    ring.ensure(NOW)
    ring.ensure(NOW)
    assert [ring.signer(NOW)] == ring.read()


def test_a_new_key_is_shown_before_it_signs(tmp_path: Path) -> None:
    """Otherwise a service would meet tokens of a key that a lagging replica does not show yet."""
    ring = KeyRing(tmp_path)
    old, new = ring.add(NOW - DAY), ring.add(NOW)
    assert {key.kid for key in ring.read()} == {old.kid, new.kid}
    assert ring.signer(NOW + timedelta(minutes=1)).kid == old.kid
    assert ring.signer(NOW + timedelta(minutes=3)).kid == new.kid


def test_another_replica_sees_a_new_key_without_a_restart(tmp_path: Path) -> None:
    """They share the folder."""
    ours, theirs = KeyRing(tmp_path), KeyRing(tmp_path)
    ours.ensure(NOW - DAY)
    assert len(theirs.read()) == 1
    ours.add(NOW)
    assert [key.kid for key in theirs.read()] == [key.kid for key in ours.read()]
    assert len(theirs.read()) == 2


def test_a_key_goes_a_week_after_it_was_replaced_however_old_it_is(tmp_path: Path) -> None:
    """With one rotation a year the key in use is always old, and its last tokens must still be believed."""
    ring = KeyRing(tmp_path)
    ancient, old, new = ring.add(NOW - 400 * DAY), ring.add(NOW - 8 * DAY), ring.add(NOW)
    assert [key.kid for key in ring.retire(NOW, 7 * DAY)] == [ancient.kid]
    assert [key.kid for key in ring.read()] == [old.kid, new.kid]


def test_only_the_owner_can_read_a_key(tmp_path: Path) -> None:
    """It signs for everybody."""
    assert KeyRing(tmp_path / "keys").add(NOW).path.stat().st_mode & 0o077 == 0


async def test_the_private_half_is_never_shown(tmp_path: Path) -> None:
    """The JWKS has what verifies and nothing more."""
    ring = KeyRing(tmp_path)
    ring.add(NOW)
    [shown] = (await ring.jwks())["keys"]
    assert set(shown) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_a_file_that_is_no_key_harms_nobody(tmp_path: Path) -> None:
    """A half-copied secret leaves the good keys working; a folder without any good one is an error."""
    (tmp_path / "20261123T093000Z-broken.pem").write_text("nothing")
    (tmp_path / "readme.pem").write_text("nothing")
    ring = KeyRing(tmp_path)
    with pytest.raises(NoSigningKey):
        ring.signer(NOW)
    good = ring.add(NOW)
    assert ring.signer(NOW).kid == good.kid


def test_rotating_by_hand_says_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command makes a key, and a second run another."""
    assert main(["rotate", "--folder", str(tmp_path)]) == 0
    assert main(["rotate", "--folder", str(tmp_path)]) == 0
    assert "New key" in capsys.readouterr().out
    assert len(KeyRing(tmp_path).read()) == 2
