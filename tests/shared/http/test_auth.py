"""Who is calling: good tokens, bad tokens, and what happens when the issuer is away."""

import asyncio
from collections.abc import Mapping
from time import time
from typing import Annotated, Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import Depends, FastAPI
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from shared.errors import Unauthenticated, Unavailable
from shared.http import problems
from shared.http.auth import Authentication, Caller, TokenVerifier, requires
from shared.http.jwks import KeySource

ISSUER = "urn:test-issuer"
AUDIENCE = "housing"
KEY = ec.generate_private_key(ec.SECP256R1())
ANOTHER_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "ES256"}


RSA_JWK = {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256"}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time())
    standard = {"iss": ISSUER, "aud": AUDIENCE, "sub": "officer-7", "iat": now, "exp": now + 3600}
    return {name: value for name, value in (standard | changes).items() if value is not None}


def token(key: Any = KEY, kid: str | None = "one", algorithm: str = "ES256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm, headers={"kid": kid} if kid else None)


class Issuer:
    """An issuer whose keys can be changed, that can be away, and that counts how often it is asked."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.is_away = False
        self.asked = 0

    async def __call__(self) -> Mapping[str, Any]:
        self.asked += 1
        if self.is_away:
            raise httpx.ConnectError("away")
        return {"keys": self.keys}


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


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
    """What the token does not say is not assumed."""
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
    return jwt.encode(claims(), secret, "HS256", headers={"kid": "one"})


def tampered_token() -> str:
    header, _, signature = token(roles=["resident"]).split(".")
    return ".".join([header, token(roles=["officer"]).split(".")[1], signature])


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(token(exp=int(time()) - 60), id="expired"),
        pytest.param(token(exp=None), id="without an end"),
        pytest.param(token(sub=None), id="of nobody"),
        pytest.param(token(aud="another service"), id="for another audience"),
        pytest.param(token(aud=None), id="for nobody"),
        pytest.param(token(iss="urn:somebody"), id="from an unknown issuer"),
        pytest.param(token(iss=None), id="from nobody"),
        pytest.param(token(nbf=int(time()) + 3600), id="not valid yet"),
        pytest.param(token(ANOTHER_KEY), id="signed with another key under our key's id"),
        pytest.param(token(kid="two"), id="with an unknown key id"),
        pytest.param(token(kid=None), id="with no key id"),
        pytest.param(jwt.encode(claims(), "", "none", headers={"kid": "one"}), id="not signed"),
        pytest.param(confused_token(), id="signed with the public key as a secret"),
        pytest.param(token(RSA_KEY, "one", "RS256"), id="of another algorithm than its key"),
        pytest.param(tampered_token(), id="changed after signing"),
        pytest.param(token(roles="officer"), id="with a text for a list"),
        pytest.param(token(scope=["asb"]), id="with a list for a text"),
        pytest.param("", id="empty"),
        pytest.param("not.a.token", id="garbage"),
        pytest.param("é.é.é", id="not even ASCII"),
    ],
)
async def test_a_bad_token_is_refused(bad: str) -> None:
    """Whatever is wrong with a token, nobody is let in by it."""
    with pytest.raises(Unauthenticated):
        await verifier().verify(bad)


async def test_a_token_that_was_believed_ends_when_it_says() -> None:
    """Remembering a verified token must not make it live longer."""
    checks = verifier(leeway=0)
    soon_over = token(exp=int(time()) + 2)
    assert (await checks.verify(soon_over)).subject == "officer-7"
    await asyncio.sleep(2.1)
    with pytest.raises(Unauthenticated):
        await checks.verify(soon_over)


async def test_made_up_key_ids_do_not_hammer_the_issuer() -> None:
    """A flood of tokens with unknown key ids costs the issuer one request in ten seconds."""
    issuer, watch = Issuer(jwk(KEY, "one")), Watch()
    keys = KeySource(issuer, now=watch)
    for number in range(100):
        assert await keys.key(f"made-up-{number}") is None
    assert issuer.asked == 1
    watch.now += 10
    assert await keys.key("made-up") is None
    assert issuer.asked == 2


async def test_a_new_key_is_found_without_a_restart() -> None:
    """After a rotation the first token of the new key fetches it."""
    issuer, watch = Issuer(jwk(KEY, "one")), Watch()
    keys = KeySource(issuer, now=watch)
    assert await keys.key("one") is not None
    issuer.keys.append(jwk(ANOTHER_KEY, "two"))
    watch.now += 10
    assert await keys.key("two") is not None
    assert await keys.key("one") is not None


async def test_the_keys_we_have_are_kept_while_the_issuer_is_away() -> None:
    """An issuer's outage locks nobody out whose key is known."""
    issuer, watch = Issuer(jwk(KEY, "one")), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.is_away = True
    watch.now += 1000
    assert await keys.key("two") is None
    assert await keys.key("one") is not None


async def test_an_issuer_that_was_never_reached_is_an_outage_and_no_bad_token() -> None:
    """A caller with a good token is told to come back, not that the token is bad; a second later it works."""
    issuer, watch = Issuer(jwk(KEY, "one")), Watch()
    keys = KeySource(issuer, now=watch)
    issuer.is_away = True
    with pytest.raises(Unavailable):
        await keys.key("one")
    issuer.is_away = False
    watch.now += 1
    assert await keys.key("one") is not None


async def test_a_withdrawn_key_is_believed_five_minutes_at_most() -> None:
    """A key the issuer no longer shows is dropped, though no unknown key id was ever named."""
    issuer, watch = Issuer(jwk(KEY, "one"), jwk(ANOTHER_KEY, "two")), Watch()
    keys = KeySource(issuer, now=watch)
    await keys.key("one")
    issuer.keys.pop()
    watch.now += 300
    await keys.key("one")
    await asyncio.sleep(0.01)
    assert await keys.key("two") is None


def application() -> FastAPI:
    app = FastAPI()
    problems.install(app)
    checks = verifier()
    app.add_middleware(Authentication, verifier=lambda scope: checks)

    @app.get("/open")
    async def open_to_all() -> str:
        return "open"

    @app.get("/me")
    async def me(caller: Annotated[Caller, Depends(requires())]) -> str:
        return caller.subject

    @app.get("/asb")
    async def asb(caller: Annotated[Caller, Depends(requires("officer", "service", scope="asb"))]) -> str:
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


async def test_two_authorization_headers_are_refused() -> None:
    """Which of two would count could differ between one part of the house and another."""
    twice = [("Authorization", f"Bearer {token()}"), ("Authorization", f"Bearer {token(sub='other')}")]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application()), base_url="http://x") as client:
        assert (await client.get("/me", headers=twice)).status_code == 401


def test_a_route_shows_what_it_asks_for() -> None:
    """A test that walks all routes can see roles and scope, and the OpenAPI document the bearer token."""
    wanted = requires("officer", scope="asb")
    assert (wanted.roles, wanted.scope) == (frozenset({"officer"}), "asb")
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
