"""Who is calling: a JSON Web Token verified in every service, and what each route asks of its caller.

The gateway is not believed by anybody: it forwards the token, and each service verifies it again.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any, cast

import jwt
from fastapi import Request
from fastapi.openapi.models import HTTPBearer as BearerScheme
from fastapi.security.base import SecurityBase
from jwt import PyJWK
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import Forbidden, Refusal, Unauthenticated
from shared.http.jwks import KeySource
from shared.http.problems import respond

ALGORITHMS = ("ES256", "RS256", "EdDSA")

SERVICE_ROLE = "service"

LEEWAY_SECONDS = 5.0
"""How far the issuer's clock may differ from ours."""

REMEMBERED_TOKENS = 10_000
REMEMBERED_SECONDS = 300.0
"""A token is believed again without its signature being checked for so long, if its key still stands.

Verifying ES256 costs more than most requests do.
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the token says: `subject` is a person or a client, `firm` a contractor's company.

    `issuer` is the sign-in that vouches for the subject, empty for our own gateway.
    """

    subject: str
    roles: frozenset[str]
    scopes: frozenset[str]
    departments: frozenset[str]
    firm: str | None
    issuer: str = ""

    @property
    def identity(self) -> str:
        """The subject, told from one of the same name at another issuer."""
        return f"{self.issuer}\n{self.subject}" if self.issuer else self.subject


@dataclass(frozen=True, slots=True)
class Signature:
    """The key that a token is signed with, and the issuer that shows it under that id."""

    keys: KeySource
    kid: str
    key: PyJWK

    async def stands(self) -> bool:
        """Tell if the issuer has not withdrawn the key since; a lookup among the keys at hand."""
        return await self.keys.still_has(self.kid, self.key)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A token that was verified, and until when that need not be done again."""

    until: float
    signature: Signature
    caller: Caller


class TokenVerifier:
    """Verifies tokens of the issuers it is given, for one audience.

    The first issuer is our own gateway: only its tokens may speak for a service, whatever roles the
    council's sign-in hands out to people.

    Within one issuer a subject is unique; two issuers that are both trusted must not share subjects.
    """

    def __init__(
        self, issuers: Mapping[str, KeySource], audience: str, leeway: float = LEEWAY_SECONDS
    ) -> None:
        self._issuers = issuers
        self._own_issuer = next(iter(issuers))
        self._audience = audience
        self._leeway = leeway
        self._remembered: OrderedDict[str, Remembered] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """The caller that a token speaks for.

        Raises Unauthenticated, or Unavailable when the issuer's keys could not be had yet.
        """
        remembered = self._remembered.get(token)
        if remembered is not None and time() < remembered.until:
            self._remembered.move_to_end(token)
            if await remembered.signature.stands():
                return remembered.caller
        signature, claims = await self._verified(token)
        caller = _caller(claims, is_our_own=claims["iss"] == self._own_issuer)
        self._remember(token, float(claims["exp"]), signature, caller)
        return caller

    async def _verified(self, token: str) -> tuple[Signature, dict[str, Any]]:
        try:
            unverified = jwt.decode_complete(token, options={"verify_signature": False})
            issuer, kid = unverified["payload"].get("iss"), unverified["header"].get("kid")
            keys = self._issuers.get(issuer) if isinstance(issuer, str) else None
            key = await keys.key(kid) if keys and isinstance(kid, str) else None
            if keys is None or key is None:
                raise Unauthenticated("The access token was signed by nobody known here.")
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=issuer,
                leeway=self._leeway,
                options={"require": ["iss", "aud", "exp", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The access token has expired.") from None
        except (jwt.PyJWTError, RecursionError):
            raise Unauthenticated("The access token is not valid.") from None
        return Signature(keys, kid, key), claims

    def _remember(self, token: str, expires: float, signature: Signature, caller: Caller) -> None:
        until = min(expires + self._leeway, time() + REMEMBERED_SECONDS)
        self._remembered[token] = Remembered(until, signature, caller)
        self._remembered.move_to_end(token)
        if len(self._remembered) > REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)


def _caller(claims: Mapping[str, Any], *, is_our_own: bool) -> Caller:
    firm = claims.get("firm")
    if firm is not None and not isinstance(firm, str):
        raise Unauthenticated("The access token's firm is not a text.")
    scope = claims.get("scope", "")
    if not isinstance(scope, str):
        raise Unauthenticated("The access token's scope is not a text.")
    return Caller(
        subject=claims["sub"],
        roles=_texts(claims, "roles") - (frozenset() if is_our_own else {SERVICE_ROLE}),
        scopes=frozenset(scope.split()),
        departments=_texts(claims, "departments"),
        firm=firm,
        issuer="" if is_our_own else claims["iss"],
    )


def _texts(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    values = claims.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Unauthenticated(f"The access token's {name} are not a list of texts.")
    return frozenset(values)


async def identify(scope: Scope, verifier: TokenVerifier) -> Caller | None:
    """The caller of a request, or None if it carries no Authorization; raises as `TokenVerifier.verify`."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        return None
    scheme, _, token = given[0].decode("latin-1").partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer":
        raise Unauthenticated("One Authorization header with a bearer token is expected.")
    return await verifier.verify(token.strip())


def verifier_of_app(scope: Scope) -> TokenVerifier:
    """The verifier that `create_app` has put among its resources before serving."""
    return cast(TokenVerifier, scope["app"].state.resources.verifier)


class Authentication:
    """Puts the caller, or None, at `scope["state"]["caller"]`; a bad token is always answered 401."""

    def __init__(self, app: ASGIApp, verifier: Callable[[Scope], TokenVerifier] = verifier_of_app) -> None:
        self._app = app
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            caller = await identify(scope, self._verifier(scope))
        except Refusal as refusal:
            await respond(refusal)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)


class Requires(SecurityBase):
    """What a route asks of its caller; `roles` and `scope` let a test that walks all routes see it.

    Being a SecurityBase, it also shows in the OpenAPI document that the route wants a bearer token.
    """

    scheme_name = "accessToken"
    model = BearerScheme(
        bearerFormat="JWT", description="From `POST /v1/token`, or the council's own sign-in."
    )

    def __init__(self, roles: frozenset[str], scope: str | None) -> None:
        self.roles = roles
        self.scope = scope

    async def __call__(self, request: Request) -> Caller:
        caller: Caller | None = request.scope["state"]["caller"]
        if caller is None:
            raise Unauthenticated("This needs an access token.")
        if self.roles and not self.roles & caller.roles:
            raise Forbidden("The access token has none of the roles that may do this.")
        if self.scope is not None and self.scope not in caller.scopes:
            raise Forbidden(f"The access token lacks the scope {self.scope}.")
        return caller


def requires(*roles: str, scope: str | None = None) -> Requires:
    """A dependency that gives the Caller, if they have one of the roles, and the scope when one is named.

    Without roles any good token will do. Raises Unauthenticated without a token, else Forbidden.
    """
    return Requires(frozenset(roles), scope)
