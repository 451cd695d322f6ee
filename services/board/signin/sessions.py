"""The session of each request: opened from the browser's cookies, renewed, ended, and put back. Pure ASGI."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.board.signin.cookies import SealedCookies
from services.board.signin.people import BEHAVIOUR_SECONDS, Session
from services.board.signin.provider import ApiAway, Away, SignInFailed
from shared.clock import Clock

SESSION, BROWSER = "session", "browser"
STATE = "sign_in"
SEEN_AGAIN_SECONDS = 60
"""The session is put back so often, and not with every page: its cookies are large."""

RENEWED_KEPT_SECONDS = 60.0
"""A page that was asked for with the older token at the same time gets the renewed one as well."""

UNTOUCHED = "/board/session"
"""The address at which a script asks if the session still lives, which does not make it live longer."""


class SigningIn(Protocol):
    """The part of the sign-in that sessions need."""

    @property
    def cookies(self) -> SealedCookies:
        """The cookies that sessions are kept in."""

    @property
    def clock(self) -> Clock:
        """The clock by which they end."""

    async def renew(self, session: Session) -> Session:
        """The session with a newer token; raises SignInFailed."""


Renew = Callable[[Session], Awaitable[Session]]


@dataclass(slots=True)
class Held:
    """The sign-in of one request: `session` is changed by whoever signs in or leaves.

    `away` says that a session rests: whoever is asked gives no answer by which it could go on.
    `browser` is a number that this browser alone has; forms and tries to sign in are bound to it.
    """

    session: Session | None
    browser: str
    browser_is_new: bool = False
    away: Away | None = None


def held(request: Request) -> Held:
    """The sign-in of a request that came through `Sessions`."""
    found: Held = request.scope["state"][STATE]
    return found


def current(request: Request) -> Session | None:
    """The session of whoever is here; None for whoever has not signed in, or was away for too long."""
    return held(request).session


def resting(request: Request) -> Away | None:
    """The silence of the provider or of the API for which this session rests; None where both answer."""
    return held(request).away


def shorten(request: Request) -> None:
    """End this session after ten minutes untouched from now on, as on pages about somebody's behaviour."""
    here = held(request)
    if here.session is not None:
        here.session = replace(here.session, idle_seconds=BEHAVIOUR_SECONDS)


def reveal(request: Request, now: float) -> None:
    """Note in this session that its person asks to see everything; it is forgotten with the session."""
    here = held(request)
    if here.session is not None:
        here.session = replace(here.session, everything_at=int(now))


class Sessions:
    """Stands around the pages that want to know who is here."""

    def __init__(self, app: ASGIApp, signing_in: Callable[[], SigningIn]) -> None:
        self._app = app
        self._signing_in = signing_in
        self._renewals = Renewals(lambda session: signing_in().renew(session))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        before = self._read(request)
        session, away = await self._alive(before)
        if session is not None and self._is_touched(request):
            session = replace(session, seen_at=int(self._signing_in().clock().timestamp()))
        browser = self._signing_in().cookies.read(request.cookies, BROWSER)
        here = Held(session, browser or token_urlsafe(24), browser_is_new=not browser, away=away)
        scope.setdefault("state", {})[STATE] = here

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._put(request, before, here)]}
            await send(message)

        await self._app(scope, receive, send_with_cookies)

    def _read(self, request: Request) -> Session | None:
        values = self._signing_in().cookies.read(request.cookies, SESSION)
        try:
            return None if values is None else Session.from_json(values)
        except TypeError:  # of another version of this software
            return None

    async def _alive(self, session: Session | None) -> tuple[Session | None, Away | None]:
        """The session, with a token that is good now; None once it is over, or while it rests."""
        now = self._signing_in().clock().timestamp()
        if session is None or session.is_over(now):
            return None, None
        if not session.needs_renewal(now):
            return session, None
        is_good = now < session.ends_at
        try:
            return await self._renewals.of(session), None
        except ApiAway as away:
            return (away.session or session) if is_good else None, away
        except Away as away:
            return session if is_good else None, away
        except SignInFailed:
            return session if is_good else None, None

    def _is_touched(self, request: Request) -> bool:
        return "hx-request" not in request.headers and request.scope["path"] != UNTOUCHED

    def _put(self, request: Request, before: Session | None, here: Held) -> list[tuple[bytes, bytes]]:
        """The headers that put back into the browser what has changed."""
        answer, cookies, after = Response(), self._signing_in().cookies, here.session
        if here.browser_is_new:
            cookies.keep(answer, request.cookies, BROWSER, here.browser)
        if after is None and isinstance(here.away, ApiAway):
            after = here.away.session
        if after is None:
            if here.away is None:
                cookies.forget(answer, request.cookies, SESSION)
        elif before is None or _differs(before, after):
            cookies.keep(answer, request.cookies, SESSION, after.as_json(), after.keep_seconds)
        return [(name, value) for name, value in answer.raw_headers if name == b"set-cookie"]


def _differs(before: Session, after: Session) -> bool:
    """Tell if a session must be put back: a moment later it need not be."""
    if after.seen_at - before.seen_at >= SEEN_AGAIN_SECONDS:
        return True
    return replace(after, seen_at=before.seen_at) != before


class Renewals:
    """Renewals under way: those who come with one token get one renewal, as a refresh token is good once."""

    def __init__(self, renew: Renew) -> None:
        self._renew = renew
        self._by_token: dict[str, asyncio.Task[Session]] = {}
        self._going_on: dict[str, Session] = {}

    async def of(self, session: Session) -> Session:
        """The session with a newer token; raises SignInFailed."""
        token = session.token
        if token not in self._by_token:
            going_on = self._going_on.get(token, session)
            self._by_token[token] = asyncio.ensure_future(self._renew(going_on))
            self._by_token[token].add_done_callback(lambda renewal: self._ended(token, renewal))
        return await asyncio.shield(self._by_token[token])

    def _ended(self, token: str, renewal: asyncio.Task[Session]) -> None:
        """Keep a newer token for a while; what failed is tried again by the next page.

        It goes on from the refresh token that the provider gave last, which the next page may not have yet.
        """
        later = asyncio.get_running_loop().call_later
        failure = None if renewal.cancelled() else renewal.exception()
        if isinstance(failure, ApiAway) and failure.session is not None:
            self._going_on[token] = failure.session
            later(RENEWED_KEPT_SECONDS, self._forget, token, failure.session)
        if renewal.cancelled() or failure:
            del self._by_token[token]
        else:
            later(RENEWED_KEPT_SECONDS, self._by_token.pop, token, None)

    def _forget(self, token: str, session: Session) -> None:
        """Forget what a session goes on with, if it has not come further since."""
        if self._going_on.get(token) is session:
            del self._going_on[token]
