"""The ways in and out: to the provider and back, a demo person, and leaving."""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import quote

import httpx
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.board.client import Api, Refused, Unanswered
from services.board.sealing import Sealer
from services.board.signin.cookies import SealedCookies
from services.board.signin.forms import own_page
from services.board.signin.people import Session
from services.board.signin.provider import ApiAway, RelyingParty, SignInFailed, Tokens
from services.board.signin.sessions import SESSION, current, held
from services.board.signin.settings import SignInSettings
from shared.clients.tls import tls
from shared.clock import Clock
from shared.settings import Settings

ROOT = "/board"
BACK_AT = f"{ROOT}/sign-in/return"
TRY_SECONDS = 600
"""The time that somebody may take at the provider; for the second factor some fetch their phone."""

FRESH_SECONDS = 60
"""A sign-in that was asked for anew is one of this age at most."""

UNSAID_SECONDS = 300
"""The life of a token of which the provider does not say how long it lives."""

LEFT, LEFT_SECONDS = "left", 300
DEMO_SECRET = "demo"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
NO_WAY = "This is not set up yet. The council's sign-in is named by OIDC_ISSUER and BOARD_CLIENT_ID."
TOO_LARGE = (
    "The sign-in says more of you than a browser can keep. Ask whoever runs it to send only "
    "the roles of this application."
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Everything that the ways in and out need while the board is served."""

    own: SignInSettings
    provider: RelyingParty
    sealer: Sealer
    cookies: SealedCookies
    http: httpx.AsyncClient
    clock: Clock
    demo_persons: Sequence[str]

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        settings: Settings,
        sealer: Sealer,
        http: httpx.AsyncClient,
        demo_persons: Sequence[str],
        clock: Clock,
    ) -> AsyncIterator[Self]:
        """The sign-in that the environment names; `http` leads to the API."""
        own = SignInSettings()
        async with httpx.AsyncClient(verify=tls()) as to_provider:
            provider = RelyingParty(settings, own, to_provider)
            cookies = SealedCookies(sealer, is_secure=own.is_secure)
            yield cls(own, provider, sealer, cookies, http, clock, demo_persons)

    async def session(self, tokens: Tokens, name: str, **more: Any) -> Session:
        """The session of whoever has these tokens, with what the API says they may.

        Raises SignInFailed, and ApiAway where it says nothing.
        """
        try:
            may: Mapping[str, Any] = (await Api(self.http, tokens.access_token).get("/v1/me")).body
        except Refused as refused:
            raise SignInFailed(refused.detail) from None
        except Unanswered:
            raise ApiAway from None
        now = int(self.clock().timestamp())
        ends_at = now + (tokens.seconds or UNSAID_SECONDS)
        times = {"signed_in_at": now, "proved_at": now, "seen_at": now, "ends_at": ends_at}
        session = Session(
            token=tokens.access_token,
            person=f"{may['issuer']} {may['subject']}",
            name=name,
            roles=frozenset(may["roles"]),
            departments=frozenset(may["departments"]),
            scopes=frozenset(may["scopes"]),
            firm=may["firm"] or "",
            refresh_token=tokens.refresh_token,
            id_token=tokens.id_token,
            **{**times, **more},
        )
        return self._fitted(session)

    def _fitted(self, session: Session) -> Session:
        """The session as it goes into cookies: rather without the ID token, which only ends it elsewhere."""
        for tried in (session, replace(session, id_token="")):
            if self.cookies.fits(SESSION, tried.as_json()):
                return tried
        raise SignInFailed(TOO_LARGE)

    async def exchanged(self, tokens: Tokens) -> Tokens:
        """Tokens with one that the API takes, in exchange where the provider's own are not (RFC 8693)."""
        if not self.own.exchange_client:
            return tokens
        form = {"grant_type": EXCHANGE, "subject_token": tokens.id_token, "subject_token_type": ID_TOKEN}
        try:
            credentials = (self.own.exchange_client, self.own.exchange_secret)
            answer = await self.http.post("/v1/token", data=form, auth=credentials)
            granted = answer.json()
        except (httpx.HTTPError, ValueError):
            raise ApiAway from None
        if not answer.is_success:
            raise SignInFailed(granted.get("error_description") or granted.get("detail") or str(ApiAway()))
        return replace(Tokens.granted(granted), id_token=tokens.id_token)

    async def demo_tokens(self, person: str) -> Tokens:
        """A token of a demo client, by the secret that all of them have; raises SignInFailed."""
        form = {"grant_type": "client_credentials"}
        try:
            answer = await self.http.post("/v1/token", data=form, auth=(person, DEMO_SECRET))
            return Tokens.granted(answer.raise_for_status().json())
        except httpx.HTTPError:
            raise ApiAway from None

    async def renew(self, session: Session) -> Session:
        """The session with a newer token, and with what its person may now.

        Raises SignInFailed, ProviderAway, and ApiAway with the session as it goes on: a refresh token is good
        once, and by then the provider has given another in its place.
        """
        if session.demo_person:
            tokens = await self.demo_tokens(session.demo_person)
        elif session.refresh_token:
            tokens = await self.provider.renew(session.refresh_token)
        else:
            raise SignInFailed("The sign-in gave no means to go on.")
        again = tokens.refresh_token or session.refresh_token
        known = tokens.id_token or session.id_token
        try:
            kept = replace(tokens, refresh_token=again, id_token=known)
            renewed = await self.session(kept, session.name)
        except ApiAway:
            going_on = replace(session, refresh_token=again, id_token=known)
            raise ApiAway(self._fitted(going_on)) from None
        if renewed.person != session.person:
            raise SignInFailed("The sign-in answered for another person.")
        return replace(
            renewed,
            signed_in_at=session.signed_in_at,
            proved_at=session.proved_at,
            seen_at=session.seen_at,
            idle_seconds=session.idle_seconds,
            everything_at=session.everything_at,
            demo_person=session.demo_person,
        )


def sign_in_of(request: Request) -> SignIn:
    """The sign-in of the application that a request came to."""
    found: SignIn = request.app.state.sign_in
    return found


def sign_in_at(then: str, *, again: bool = False) -> str:
    """The address that leads through the sign-in to a page of ours."""
    return f"{ROOT}/sign-in?then={quote(then, safe='')}{'&again=1' if again else ''}"


async def start(request: Request, then: str, *, again: bool = False) -> Response:
    """Send somebody to the provider, and from there to a page of ours; raises SignInFailed.

    All that is to be known when they come back travels with them, sealed and bound to this browser.
    """
    sign_in = sign_in_of(request)
    if not sign_in.provider.is_known:
        raise SignInFailed(NO_WAY)
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    going = [held(request).browser, nonce, verifier, own_page(then, ROOT), again]
    to = await sign_in.provider.authorization_url(
        sign_in.own.url + BACK_AT,
        state=sign_in.sealer.seal("going", going),
        nonce=nonce,
        verifier=verifier,
        again=again,
    )
    return RedirectResponse(to, 303)


async def finish(request: Request) -> str:
    """Take in whom the provider has sent back; answers the page to which they wanted. Raises SignInFailed."""
    sign_in, query = sign_in_of(request), request.query_params
    going = sign_in.sealer.open("going", query.get("state"), TRY_SECONDS)
    if not isinstance(going, list) or going[0] != held(request).browser:
        raise SignInFailed("This sign-in was not begun here, or took too long. Try again.")
    _, nonce, verifier, then, again = going
    if "code" not in query:
        raise SignInFailed("You were not signed in.")
    tokens = await sign_in.provider.redeem(query["code"], sign_in.own.url + BACK_AT, verifier)
    claims = await sign_in.provider.identified(tokens.id_token, nonce)
    tokens = await sign_in.exchanged(tokens)
    now = int(sign_in.clock().timestamp())
    if again and now - int(claims.get("auth_time", 0)) > FRESH_SECONDS:
        raise SignInFailed("The sign-in did not ask who you are once more, or did not say that it had.")
    name = str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or "")
    proved_at = min(now, int(claims.get("auth_time") or now))
    held(request).session = await sign_in.session(tokens, name, proved_at=proved_at)
    return str(then)


async def choose(request: Request, person: str) -> None:
    """Sign in as a demo person, in the house that has them; raises SignInFailed."""
    sign_in = sign_in_of(request)
    if person not in sign_in.demo_persons:
        raise SignInFailed("There is no such person to try this out with.")
    tokens = await sign_in.demo_tokens(person)
    name = person.replace("-", " ").capitalize()
    held(request).session = await sign_in.session(tokens, name, demo_person=person)


def leave(request: Request, then: str) -> Response:
    """End the session, and go on to a page of ours, which leads on to the provider's own end.

    A form may not lead to another site (`form-action 'self'`).
    """
    session, answer = current(request), RedirectResponse(then, 303)
    if session is not None and session.id_token:
        cookies = sign_in_of(request).cookies
        cookies.keep(answer, request.cookies, LEFT, session.id_token, LEFT_SECONDS)
    here = held(request)
    here.session, here.browser, here.browser_is_new = None, secrets.token_urlsafe(24), True
    here.away = None
    return answer


async def left(request: Request) -> str:
    """The address at which whoever has just left ends their session at the provider too; empty for others."""
    sign_in = sign_in_of(request)
    id_token = sign_in.cookies.read(request.cookies, LEFT, LEFT_SECONDS)
    if not isinstance(id_token, str):
        return ""
    return await sign_in.provider.end_session_url(id_token, sign_in.own.url + ROOT)
