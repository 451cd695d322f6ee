"""A session ends when it lies untouched, sooner on some pages and later on others."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from services.board.sealing import Sealer
from services.board.signin.cookies import SealedCookies
from services.board.signin.people import Session
from services.board.signin.provider import ApiAway, ProviderAway, SignInFailed
from services.board.signin.sessions import SESSION, Sessions, current
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
    refresh_token="r",
)
CONTRACTOR = replace(OFFICER, roles=frozenset({Role.CONTRACTOR}), firm="Acme")
CARETAKER = replace(OFFICER, departments=frozenset({"estates"}))


@pytest.mark.parametrize(
    ("session", "limit"),
    [
        (OFFICER, HOUR),
        (CONTRACTOR, 12 * HOUR),
        (CARETAKER, 12 * HOUR),
        (replace(CARETAKER, scopes=frozenset({"manager"})), HOUR),
        (replace(CARETAKER, departments=frozenset({"estates", "repairs"})), HOUR),
    ],
)
def test_a_session_that_lies_untouched_ends(session: Session, limit: int) -> None:
    """After an hour at a desk, and after twelve in a pocket, at whatever page one then asks for."""
    assert not session.is_over(NOW + limit)
    assert session.is_over(NOW + limit + 1)


@pytest.mark.parametrize("session", [OFFICER, CONTRACTOR])
def test_pages_about_behaviour_end_it_after_ten_minutes(session: Session) -> None:
    """Wherever one then goes."""
    shortened = replace(session, idle_seconds=10 * MINUTE)
    assert not shortened.is_over(NOW + 10 * MINUTE)
    assert shortened.is_over(NOW + 10 * MINUTE + 1)


def test_no_session_is_older_than_a_day() -> None:
    """However often it is touched."""
    touched = replace(OFFICER, seen_at=NOW + 24 * HOUR)
    assert not touched.is_over(NOW + 24 * HOUR)
    assert touched.is_over(NOW + 24 * HOUR + 1)


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


class SigningIn:
    """A sign-in whose clock and whose renewals a test decides on."""

    def __init__(self) -> None:
        self.cookies = SealedCookies(Sealer("s" * 32), is_secure=True)
        self.now = datetime.fromtimestamp(NOW, UTC)
        self.renewals = 0
        self.refuses: SignInFailed | None = None
        self.api_is_away = False
        self.with_tokens: list[str] = []

    def clock(self) -> datetime:
        return self.now

    async def renew(self, session: Session) -> Session:
        self.renewals += 1
        await asyncio.sleep(0.01)
        if self.refuses is not None:
            raise self.refuses
        self.with_tokens.append(session.refresh_token)
        if self.api_is_away:
            raise ApiAway(replace(session, refresh_token=f"{session.refresh_token}+"))
        return replace(session, token="renewed", ends_at=session.ends_at + HOUR)


async def named(scope: Scope, receive: Receive, send: Send) -> None:
    """A page that tells by which token it would ask."""
    session = current(Request(scope))
    await JSONResponse(session.token if session else None)(scope, receive, send)


@pytest.fixture
def signing_in() -> SigningIn:
    return SigningIn()


@pytest.fixture
async def browser(signing_in: SigningIn) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has the officer's session."""
    answer = JSONResponse(None)
    signing_in.cookies.keep(answer, {}, SESSION, OFFICER.as_json())
    cookie = answer.headers["set-cookie"].partition(";")[0]
    name, _, value = cookie.partition("=")
    way = httpx.ASGITransport(Sessions(named, lambda: signing_in))
    async with httpx.AsyncClient(transport=way, base_url="https://board.test") as client:
        client.cookies.set(name, value, domain="board.test")
        yield client


async def test_a_page_that_a_person_asks_for_keeps_the_session_alive(
    browser: httpx.AsyncClient, signing_in: SigningIn
) -> None:
    """Fifty minutes, and fifty more."""
    for _ in range(2):
        signing_in.now += timedelta(minutes=50)
        assert (await browser.get("/board/list")).json() is not None


@pytest.mark.parametrize(
    ("path", "headers"), [("/board/list", {"HX-Request": "true"}), ("/board/session", {})]
)
async def test_a_script_keeps_no_session_alive(
    browser: httpx.AsyncClient, signing_in: SigningIn, path: str, headers: dict[str, str]
) -> None:
    """A list that refreshes itself on a desk that was left would be open all night."""
    for _ in range(2):
        signing_in.now += timedelta(minutes=30)
        assert (await browser.get(path, headers=headers)).json() is not None
    signing_in.now += timedelta(seconds=1)
    assert (await browser.get("/board/list")).json() is None


async def test_pages_that_are_asked_for_together_have_one_renewal(
    browser: httpx.AsyncClient, signing_in: SigningIn
) -> None:
    """A refresh token is good once: the second of two would end the session."""
    signing_in.now += timedelta(minutes=59, seconds=30)
    answers = await asyncio.gather(*(browser.get("/board/list") for _ in range(5)))
    assert [answer.json() for answer in answers] == ["renewed"] * 5
    assert signing_in.renewals == 1


async def test_a_session_that_is_not_renewed_ends_with_its_token(
    browser: httpx.AsyncClient, signing_in: SigningIn
) -> None:
    """A leaver is out then, and not a moment later."""
    signing_in.refuses = SignInFailed()
    signing_in.now += timedelta(minutes=59, seconds=30)
    assert (await browser.get("/board/list")).json() == "t"
    signing_in.now += timedelta(seconds=30)
    ended = await browser.get("/board/list")
    assert ended.json() is None
    assert "Max-Age=0" in ended.headers["set-cookie"]


async def test_a_session_outlives_a_provider_that_is_away_for_a_moment(
    browser: httpx.AsyncClient, signing_in: SigningIn
) -> None:
    """Its refresh token is still good: the first page after the provider is back goes on with it."""
    signing_in.refuses = ProviderAway(NOW)
    signing_in.now += timedelta(minutes=60)
    resting = await browser.get("/board/list")
    assert resting.json() is None
    assert "session" not in resting.headers.get("set-cookie", "")
    signing_in.refuses = None
    assert (await browser.get("/board/list")).json() == "renewed"


@pytest.mark.parametrize("minutes", [59.5, 60], ids=["the old token is still good", "it is over"])
async def test_a_session_goes_on_with_what_the_provider_gave_while_the_api_was_silent(
    browser: httpx.AsyncClient, signing_in: SigningIn, minutes: float
) -> None:
    """A refresh token is good once: the newer one is in the browser, whatever became of the page."""
    signing_in.api_is_away = True
    signing_in.now += timedelta(minutes=minutes)
    token = "t" if minutes < 60 else None
    for _ in range(2):
        resting = await browser.get("/board/list")
        assert resting.json() == token
        assert "session" in resting.headers["set-cookie"]
        assert "Max-Age=0" not in resting.headers["set-cookie"]
    signing_in.api_is_away = False
    assert (await browser.get("/board/list")).json() == "renewed"
    assert signing_in.with_tokens == ["r", "r+", "r++"]


async def test_a_page_that_was_asked_for_before_uses_no_refresh_token_twice(
    browser: httpx.AsyncClient, signing_in: SigningIn
) -> None:
    """It comes with the older cookies, and a provider ends a session whose refresh token comes twice."""
    signing_in.api_is_away = True
    signing_in.now += timedelta(minutes=60)
    before = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    await browser.get("/board/list")
    await browser.get("/board/list", headers={"cookie": before})
    signing_in.api_is_away = False
    assert (await browser.get("/board/list", headers={"cookie": before})).json() == "renewed"
    assert signing_in.with_tokens == ["r", "r+", "r++"]
