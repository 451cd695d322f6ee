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


def test_a_withdrawn_key_is_gone_and_another_signs_at_once(tmp_path: Path) -> None:
    """Be it the only one, or one with a successor that does not sign yet."""
    ring = KeyRing(tmp_path)
    only = ring.add(NOW - DAY)
    successor = ring.withdraw(only.kid, NOW).successor
    assert successor is not None
    assert [ring.signer(NOW).kid] == [key.kid for key in ring.read()] == [successor.kid]
    soon = ring.add(NOW)
    again = ring.withdraw(successor.kid[:8], NOW).successor
    assert again is not None
    assert ring.signer(NOW).kid == again.kid
    assert {key.kid for key in ring.read()} == {again.kid, soon.kid}
    assert ring.signer(NOW + timedelta(minutes=3)).kid == soon.kid


def test_the_new_key_signs_before_an_older_one(tmp_path: Path) -> None:
    """Whoever could read the stolen key could read what lay beside it; the older one only verifies."""
    ring = KeyRing(tmp_path)
    replaced, stolen = ring.add(NOW - 2 * DAY), ring.add(NOW - DAY)
    successor = ring.withdraw(stolen.kid, NOW).successor
    assert successor is not None
    assert ring.signer(NOW).kid == successor.kid
    assert {key.kid for key in ring.read()} == {replaced.kid, successor.kid}


def test_withdrawing_a_key_that_does_not_sign_makes_none(tmp_path: Path) -> None:
    """A replaced one, or one that is still to come: the signer stays."""
    ring = KeyRing(tmp_path)
    replaced, signs, to_come = ring.add(NOW - 2 * DAY), ring.add(NOW - DAY), ring.add(NOW)
    for key in (replaced, to_come):
        assert ring.withdraw(key.kid, NOW).successor is None
    assert [key.kid for key in ring.read()] == [ring.signer(NOW).kid] == [signs.kid]


def test_a_copy_of_a_withdrawn_key_goes_too(tmp_path: Path) -> None:
    """A key is its id, and not the name of a file."""
    ring = KeyRing(tmp_path)
    key = ring.add(NOW - DAY)
    (tmp_path / "20261101T000000Z-copy.pem").write_bytes(key.path.read_bytes())
    ring.withdraw(key.kid, NOW)
    assert key.kid not in {left.kid for left in ring.read()}


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


def test_withdrawing_by_hand_says_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The beginning of the id is enough, and the command says which key signs now."""
    stolen = KeyRing(tmp_path).add(NOW - DAY)
    assert main(["withdraw", "--folder", str(tmp_path), "--", stolen.kid[:8]]) == 0
    [left] = KeyRing(tmp_path).read()
    said = capsys.readouterr().out
    assert f"Withdrew key {stolen.kid}; its tokens are refused within 30 seconds." in said
    assert f"New key {left.kid}; it signs at once." in said


@pytest.mark.parametrize("beginning", ["", "no such key"])
def test_a_key_that_is_not_there_is_not_withdrawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], beginning: str
) -> None:
    """The keys that are there are named; an empty variable of a script names none of them."""
    key = KeyRing(tmp_path).add(NOW - DAY)
    assert main(["withdraw", beginning, "--folder", str(tmp_path)]) == 1
    assert [left.kid for left in KeyRing(tmp_path).read()] == [key.kid]
    said = capsys.readouterr().err
    assert f"No key in {tmp_path} has an id that begins with {beginning!r}" in said
    assert key.kid in said


def test_a_beginning_that_two_keys_share_withdraws_neither(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are named, to choose from."""
    ring = KeyRing(tmp_path)
    begun: dict[str, str] = {}
    while True:  # with 64 letters to begin with, two that share one are soon made
        kid = ring.add(NOW - DAY).kid
        if kid[0] in begun:
            break
        begun[kid[0]] = kid
    before = {key.kid for key in ring.read()}
    assert main(["withdraw", "--folder", str(tmp_path), "--", kid[0]]) == 1
    assert {key.kid for key in KeyRing(tmp_path).read()} == before
    said = capsys.readouterr().err
    assert "More than one key's id begins with" in said
    assert kid in said
    assert begun[kid[0]] in said


def test_keys_that_cannot_be_written_are_an_error_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No stack trace for an operator in a hurry."""
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert main(["rotate", "--folder", str(blocked)]) == 1
    assert "The keys cannot be written" in capsys.readouterr().err
