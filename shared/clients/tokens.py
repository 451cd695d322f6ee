"""Verification of access tokens: JSON Web Tokens of the issuers that a service trusts."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any

import jwt
from jwt import PyJWK

from shared.caller import Caller, Role, pseudonym_of
from shared.clients.jwks import KeySource
from shared.errors import Unauthenticated
from shared.text import compared, kept

ALGORITHMS = ("ES256", "RS256", "EdDSA")

TYPES = frozenset({"at+jwt", "application/at+jwt"})
"""The `typ` of an access token (RFC 9068 section 2.1), by which no other kind of token passes for one."""

PLAIN_TYPES = frozenset({"jwt", ""})
"""The `typ` that a council's sign-in may give its access tokens besides: many know no other."""

LONGEST_SECONDS = 24 * 3600
"""A token that lives longer could not be taken back from a lost phone or a leaver."""

LEEWAY_SECONDS = 5.0
"""The difference that the issuer's clock may have from ours."""

CACHED_TOKENS = 10_000
CACHED_SECONDS = 300.0
"""A token is believed again without its signature being checked for so long, if its key still stands.

Verifying ES256 costs more than most requests do.
"""


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
class CachedToken:
    """A token that was verified, and until when that need not be done again."""

    until: float
    signature: Signature
    caller: Caller


class TokenVerifier:
    """Verifies tokens of the issuers it is given, for one audience.

    The first issuer is our own gateway: only its tokens may speak for a service, whatever roles the
    council's sign-in hands out to people.

    A subject is unique within its issuer, and a resident's cases are theirs by both (`Caller.identity`).
    Officers are told apart by their subject alone, as a case's handler is: two issuers must not share one.
    """

    def __init__(
        self,
        issuers: Mapping[str, KeySource],
        audience: str,
        leeway: float = LEEWAY_SECONDS,
        pseudonym_key: str = "",
    ) -> None:
        self._issuers = issuers
        self._own_issuer = next(iter(issuers))
        self._audience = audience
        self._leeway = leeway
        self._pseudonym_key = pseudonym_key
        self._cache: OrderedDict[str, CachedToken] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """The caller that a token speaks for.

        Raises Unauthenticated, or Unavailable when the issuer's keys could not be had yet.
        """
        cached = self._cache.get(token)
        if cached is not None and time() < cached.until:
            self._cache.move_to_end(token)
            if await cached.signature.stands():
                return cached.caller
        signature, claims = await self._verified(token)
        caller = self._caller(claims)
        self._keep(token, float(claims["exp"]), signature, caller)
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
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The access token has expired.") from None
        except (jwt.PyJWTError, RecursionError):
            raise Unauthenticated("The access token is not valid.") from None
        self._check(unverified["header"], claims)
        return Signature(keys, kid, key), claims

    def _check(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """Raise Unauthenticated for a token of another kind, of nobody, or of too long a life."""
        types = TYPES if claims["iss"] == self._own_issuer else TYPES | PLAIN_TYPES
        if str(header.get("typ") or "").lower() not in types:
            raise Unauthenticated("The token is no access token.")
        if not kept(claims["sub"]):
            raise Unauthenticated("The access token has an empty subject.")
        if int(claims["exp"]) - int(claims["iat"]) > LONGEST_SECONDS:
            raise Unauthenticated("The access token is good for more than 24 hours.")

    def _keep(self, token: str, expires: float, signature: Signature, caller: Caller) -> None:
        until = min(expires + self._leeway, time() + CACHED_SECONDS)
        self._cache[token] = CachedToken(until, signature, caller)
        self._cache.move_to_end(token)
        if len(self._cache) > CACHED_TOKENS:
            self._cache.popitem(last=False)

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        pseudonym = pseudonym_of(claims["sub"], self._pseudonym_key)
        return _caller(claims, pseudonym, is_our_own=claims["iss"] == self._own_issuer)


def _caller(claims: Mapping[str, Any], pseudonym: str, *, is_our_own: bool) -> Caller:
    firm = claims.get("firm")
    if firm is not None and not isinstance(firm, str):
        raise Unauthenticated("The access token's firm is not a text.")
    scope = claims.get("scope", "")
    if not isinstance(scope, str):
        raise Unauthenticated("The access token's scope is not a text.")
    return Caller(
        subject=claims["sub"],
        roles=_texts(claims, "roles") - (frozenset() if is_our_own else {Role.SERVICE}),
        scopes=frozenset(scope.split()),
        departments=frozenset(map(compared, _texts(claims, "departments"))),
        firm=kept(firm) if firm else None,
        issuer="" if is_our_own else claims["iss"],
        pseudonym=pseudonym,
    )


def _texts(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    values = claims.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Unauthenticated(f"The access token's {name} are not a list of texts.")
    return frozenset(values)
