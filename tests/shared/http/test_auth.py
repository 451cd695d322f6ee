"""Authentication of the caller: good tokens, and bad tokens."""

import asyncio
from time import time
from typing import Annotated

import httpx
import jwt
import pytest
from fastapi import FastAPI

from shared.caller import OFFICER, SERVICE, Caller
from shared.clients.jwks import KeySource
from shared.clients.tokens import TokenVerifier
from shared.errors import Unauthenticated
from shared.http import problems
from shared.http.auth import Authentication, may, requires
from tests.shared.answering import LIFECYCLE, Act
from tests.shared.http.issuing import (
    ANOTHER_KEY,
    AUDIENCE,
    ISSUER,
    KEY,
    RSA_JWK,
    RSA_KEY,
    Issuer,
    claims,
    jwk,
    token,
)


def verifier(issuer: Issuer | None = None, leeway: float = 5.0) -> TokenVerifier:
    keys = KeySource(issuer or Issuer(jwk(KEY, "one"), RSA_JWK))
    return TokenVerifier({ISSUER: keys}, AUDIENCE, leeway)


async def test_a_good_token_says_who_calls_and_what_they_may() -> None:
    """Roles, scopes, departments and firm come from the token, each as a set."""
    given = token(roles=["officer"], scope="asb import", departments=["asb", "repairs"], firm="Fixit")
    caller = await verifier().verify(given)
    assert caller == Caller(
        subject="officer-7",
        roles=frozenset({"officer"}),
        scopes=frozenset({"asb", "import"}),
        departments=frozenset({"asb", "repairs"}),
        firm="Fixit",
    )


async def test_a_subject_is_told_from_its_namesake_at_another_issuer() -> None:
    """Only of our own gateway's subjects the name alone is enough."""
    keys = KeySource(Issuer(jwk(KEY, "one")))
    both = TokenVerifier({ISSUER: keys, "urn:other": keys}, AUDIENCE)
    own, other = await both.verify(token()), await both.verify(token(iss="urn:other"))
    assert (own.subject, other.subject) == ("officer-7", "officer-7")
    assert own.identity == "officer-7" != other.identity


async def test_a_token_without_roles_gives_a_caller_who_may_nothing() -> None:
    """Nothing is assumed that the token does not say."""
    caller = await verifier().verify(token())
    assert (caller.roles, caller.scopes, caller.departments, caller.firm) == (
        frozenset(),
        frozenset(),
        frozenset(),
        None,
    )


async def test_the_councils_own_sign_in_may_use_rsa() -> None:
    """OIDC providers sign with RS256 more often than not."""
    assert (await verifier().verify(token(RSA_KEY, "rsa", "RS256"))).subject == "officer-7"


def confused_token() -> str:
    """HS256 with part of a public key as its secret: fools whoever takes the algorithm from the token."""
    secret = jwk(KEY, "one")["x"]
    return jwt.encode(claims(), secret, "HS256", headers={"kid": "one", "typ": "at+jwt"})


def tampered_token() -> str:
    header, _, signature = token(roles=["resident"]).split(".")
    return ".".join([header, token(roles=["officer"]).split(".")[1], signature])


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(token(exp=int(time()) - 60), id="expired"),
        pytest.param(token(exp=None), id="without an end"),
        pytest.param(token(sub=None), id="of nobody"),
        pytest.param(token(sub=""), id="with an empty subject"),
        pytest.param(token(sub=" \u200b"), id="with a blank subject"),
        pytest.param(token(iat=None), id="without a beginning"),
        pytest.param(token(exp=int(time()) + 25 * 3600), id="good for more than a day"),
        pytest.param(token(typ="JWT"), id="of no type"),
        pytest.param(token(typ=None), id="without a type"),
        pytest.param(token(typ="logout+jwt"), id="of another type"),
        pytest.param(token(aud="another service"), id="for another audience"),
        pytest.param(token(aud=None), id="for nobody"),
        pytest.param(token(iss="urn:somebody"), id="from an unknown issuer"),
        pytest.param(token(iss=None), id="from nobody"),
        pytest.param(token(nbf=int(time()) + 3600), id="not valid yet"),
        pytest.param(token(ANOTHER_KEY), id="signed with another key under our key's id"),
        pytest.param(token(kid="two"), id="with an unknown key id"),
        pytest.param(token(kid=None), id="with no key id"),
        pytest.param(
            jwt.encode(claims(), "", "none", headers={"kid": "one", "typ": "at+jwt"}), id="not signed"
        ),
        pytest.param(confused_token(), id="signed with the public key as a secret"),
        pytest.param(token(RSA_KEY, "one", "RS256"), id="of another algorithm than its key"),
        pytest.param(tampered_token(), id="changed after signing"),
        pytest.param(token(roles="officer"), id="with a text for a list"),
        pytest.param(token(scope=[7]), id="with a number for a text"),
        pytest.param("", id="empty"),
        pytest.param("not.a.token", id="garbage"),
        pytest.param("é.é.é", id="not even ASCII"),
    ],
)
async def test_a_bad_token_is_refused(bad: str) -> None:
    """Whatever is wrong with a token, nobody is let in by it."""
    with pytest.raises(Unauthenticated):
        await verifier().verify(bad)


@pytest.mark.parametrize(
    ("typ", "is_taken"),
    [("at+jwt", True), ("application/at+jwt", True), ("JWT", True), (None, True), ("logout+jwt", False)],
)
async def test_the_councils_own_sign_in_may_name_no_type(typ: str | None, is_taken: bool) -> None:
    """Many providers say JWT of every token; one that is said to be another kind is none to get in by."""
    keys = KeySource(Issuer(jwk(KEY, "one")))
    both = TokenVerifier({ISSUER: keys, "urn:other": keys}, AUDIENCE)
    given = token(iss="urn:other", typ=typ)
    if is_taken:
        assert (await both.verify(given)).issuer == "urn:other"
    else:
        with pytest.raises(Unauthenticated):
            await both.verify(given)


async def test_a_token_that_was_believed_ends_when_it_says() -> None:
    """Remembering a verified token must not make it live longer."""
    checks = verifier(leeway=0)
    soon_over = token(exp=int(time()) + 2)
    assert (await checks.verify(soon_over)).subject == "officer-7"
    await asyncio.sleep(2.1)
    with pytest.raises(Unauthenticated):
        await checks.verify(soon_over)


def application() -> FastAPI:
    app = FastAPI()
    problems.install(app)
    checks = verifier()
    app.add_middleware(Authentication, verifier=lambda scope: checks)

    @app.get("/open")
    async def open_to_all() -> str:
        return "open"

    @app.get("/me")
    async def me(caller: Annotated[Caller, requires()]) -> str:
        return caller.subject

    @app.get("/asb")
    async def asb(caller: Annotated[Caller, requires(OFFICER | SERVICE, scope="asb")]) -> str:
        return caller.subject

    return app


@pytest.mark.parametrize(
    ("path", "authorization", "status"),
    [
        ("/open", None, 200),
        ("/open", f"Bearer {token()}", 200),
        ("/open", "Bearer nonsense", 401),
        ("/open", "Basic ZGVtbzpkZW1v", 401),
        ("/me", None, 401),
        ("/me", f"Bearer {token()}", 200),
        ("/me", f"bearer {token()}", 200),
        ("/asb", None, 401),
        ("/asb", f"Bearer {token(roles=['resident'], scope='asb')}", 403),
        ("/asb", f"Bearer {token(roles=['officer'], scope='import')}", 403),
        ("/asb", f"Bearer {token(roles=['officer'], scope='asb')}", 200),
        ("/asb", f"Bearer {token(roles=['service', 'ops'], scope='asb')}", 200),
    ],
)
async def test_a_route_asks_for_what_it_says(path: str, authorization: str | None, status: int) -> None:
    """No token is 401, a good one that may not is 403, and a bad one 401 even where none is needed."""
    headers = {"Authorization": authorization} if authorization else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application()), base_url="http://x") as client:
        answer = await client.get(path, headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "stored"), [("/open", None), ("/me", "no-store"), ("/asb", "no-store")])
async def test_what_a_caller_is_answered_is_kept_by_no_cache(path: str, stored: str | None) -> None:
    """Answers and refusals alike, in a shared browser too; what is open to all may be cached."""
    headers = {} if path == "/open" else {"Authorization": f"Bearer {token()}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application()), base_url="http://x") as client:
        answer = await client.get(path, headers=headers)
    assert answer.headers.get("cache-control") == stored


async def test_two_authorization_headers_are_refused() -> None:
    """Which of two would count could differ between one part of the house and another."""
    twice = [("Authorization", f"Bearer {token()}"), ("Authorization", f"Bearer {token(sub='other')}")]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application()), base_url="http://x") as client:
        assert (await client.get("/me", headers=twice)).status_code == 401


def test_an_act_asks_what_its_lifecycle_says() -> None:
    """Its roles are written once, in the rule; the marker names the act, to leave it out of a refusal."""
    wanted = may(LIFECYCLE, Act.NOTE, scope="asb").dependency
    assert (wanted.roles, wanted.scope, wanted.action) == (LIFECYCLE.who(Act.NOTE), "asb", Act.NOTE)


def test_a_route_shows_what_it_asks_for() -> None:
    """A test that walks all routes can see roles and scope, and the OpenAPI document the bearer token."""
    wanted = requires(OFFICER, scope="asb").dependency
    assert (wanted.roles, wanted.scope, wanted.action) == (frozenset({"officer"}), "asb", None)
    document = application().openapi()
    assert document["paths"]["/asb"]["get"]["security"] == [{"accessToken": []}]
    assert "security" not in document["paths"]["/open"]["get"]
    assert document["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"


async def test_only_our_own_tokens_speak_for_a_service() -> None:
    """Whatever roles the council's own sign-in hands out, `service` is not for it to give."""
    sign_in = "https://sign-in.example"
    keys = KeySource(Issuer(jwk(KEY, "one")))
    both = TokenVerifier({ISSUER: keys, sign_in: keys}, AUDIENCE)
    foreign = await both.verify(token(iss=sign_in, roles=["service", "officer"]))
    own = await both.verify(token(roles=["service"]))
    assert (set(foreign.roles), set(own.roles)) == ({"officer"}, {"service"})
