"""A session ends when it lies untouched, sooner on some pages and later on others."""

from dataclasses import replace

import pytest

from services.board.signin.people import Session
from shared.caller import Role

NOW = 1_795_000_000
MINUTE, HOUR = 60, 3600
OFFICER = Session(
    token="t",
    person="p",
    name="Ola",
    roles=frozenset({Role.OFFICER}),
    signed_in_at=NOW,
    proved_at=NOW,
    seen_at=NOW,
    ends_at=NOW + HOUR,
)


@pytest.mark.parametrize(
    ("path", "untouched", "is_over"),
    [
        ("/board/list", 60 * MINUTE, False),
        ("/board/list", 60 * MINUTE + 1, True),
        ("/board/days", 2 * HOUR, True),
        ("/board/day", 12 * HOUR, False),
        ("/board/day/REP-7K3M-Q9TX", 12 * HOUR, False),
        ("/board/day", 12 * HOUR + 1, True),
        ("/board/round", 12 * HOUR, False),
        ("/board/round", 12 * HOUR + 1, True),
    ],
)
def test_a_session_that_lies_untouched_ends(path: str, untouched: int, is_over: bool) -> None:
    """After an hour at a desk, and after twelve in a pocket."""
    assert OFFICER.is_over(path, NOW + untouched) is is_over


@pytest.mark.parametrize("path", ["/board/report", "/board/day"])
def test_pages_about_behaviour_end_it_after_ten_minutes(path: str) -> None:
    """Wherever one then goes."""
    shortened = replace(OFFICER, idle_seconds=10 * MINUTE)
    assert not shortened.is_over(path, NOW + 10 * MINUTE)
    assert shortened.is_over(path, NOW + 10 * MINUTE + 1)


def test_no_session_is_older_than_a_day() -> None:
    """However often it is touched."""
    touched = replace(OFFICER, seen_at=NOW + 24 * HOUR)
    assert not touched.is_over("/board/list", NOW + 24 * HOUR)
    assert touched.is_over("/board/list", NOW + 24 * HOUR + 1)


def test_it_comes_back_as_it_was_put_into_the_browser() -> None:
    """With sets for the lists that JSON has."""
    whole = replace(OFFICER, departments=frozenset({"repairs", "asb"}), firm="Acme", refresh_token="r")
    assert Session.from_json(whole.as_json()) == whole


def test_a_session_of_another_version_is_none() -> None:
    """One of these is a sign-in, not a page that breaks."""
    with pytest.raises(TypeError):
        Session.from_json({"token": "t"})


@pytest.mark.parametrize(("seconds", "is_fresh"), [(60, True), (61, False)])
def test_a_proof_is_fresh_for_so_long(seconds: int, is_fresh: bool) -> None:
    """It counts from when the person proved who they are, and not from when they came."""
    assert OFFICER.proved_within(60, NOW + seconds) is is_fresh


def test_it_tells_no_token_in_the_log() -> None:
    """The text of a session has who it is and what they may."""
    secret = replace(OFFICER, token="hidden", refresh_token="hidden", id_token="hidden")
    assert "hidden" not in repr(secret)
