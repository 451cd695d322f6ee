"""Verification of access tokens: JSON Web Tokens of the issuers that a service trusts."""

import hmac
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any

import jwt
from jwt import PyJWK

from shared.caller import Caller, Role, provider, pseudonym_of
from shared.clients.claims import Granted, SignIn
from shared.clients.jwks import KeySource
from shared.errors import Unauthenticated
from shared.text import kept

ALGORITHMS = ("ES256", "RS256", "EdDSA")

TYPES = frozenset({"at+jwt", "application/at+jwt"})
"""The `typ` of an access token (RFC 9068 section 2.1), by which no other kind of token passes for one."""

PLAIN_TYPES = frozenset({"jwt", ""})
"""The `typ` that a council's sign-in may give its access tokens besides: many know no other."""

OTHER_KINDS = frozenset({"id", "refresh", "offline", "logout"})
"""The `typ` among the claims by which Keycloak tells tokens of other kinds, whose header says JWT as well."""

LONGEST_SECONDS = 24 * 3600
"""A token that lives longer could not be taken back from a lost phone or a leaver."""

LEEWAY_SECONDS = 5.0
"""The difference that the issuer's clock may have from ours."""

NOTIFY = provider("notify")
"""GOV.UK Notify, which calls back with a secret of our own choice in the place of a token."""

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
    """Verifies tokens of the issuers it is given, each for its audience.

    The first issuer is our own gateway: only its tokens may speak for a service, whatever roles the
    council's sign-in hands out to people. `sign_in` says how that one's tokens are read; without it they are
    as ours.

    A subject is unique within its issuer, and a resident's cases are theirs by both (`Caller.identity`).
    Officers are told apart by their subject alone, as a case's handler is: two issuers must not share one.
    """

    def __init__(
        self,
        issuers: Mapping[str, KeySource],
        audience: str,
        leeway: float = LEEWAY_SECONDS,
        pseudonym_key: str = "",
        sign_in: SignIn | None = None,
        notify_token: str = "",
    ) -> None:
        self._issuers = issuers
        self._own_issuer = next(iter(issuers))
        self._own = SignIn(audience)
        self._sign_in = sign_in or self._own
        self._leeway = leeway
        self._pseudonym_key = pseudonym_key
        self._notify_token = notify_token.encode()
        self._cache: OrderedDict[str, CachedToken] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """The caller that a token speaks for.

        Raises Unauthenticated, or Unavailable when the issuer's keys could not be had yet.
        """
        if self._notify_token and hmac.compare_digest(token.encode(), self._notify_token):
            return NOTIFY
        cached = self._cache.get(token)
        if cached is not None and time() < cached.until:
            self._cache.move_to_end(token)
            if await cached.signature.stands():
                return cached.caller
        signature, claims = await self._verified(token)
        caller = self._caller(claims, self._read_by(claims["iss"]).read(claims))
        self._keep(token, float(claims["exp"]), signature, caller)
        return caller

    async def identify(self, id_token: str) -> Caller:
        """The person of whom an ID token of the council's own sign-in speaks; raises as `verify`.

        It is no access token, and nobody but a trusted client may bring one for another.
        """
        _, claims = await self._verified(id_token, is_access_token=False)
        if claims["iss"] == self._own_issuer:
            raise Unauthenticated("The token is not of the council's own sign-in.")
        return self._caller(claims, self._sign_in.read(claims))

    async def _verified(
        self, token: str, *, is_access_token: bool = True
    ) -> tuple[Signature, dict[str, Any]]:
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
                audience=self._read_by(issuer).audience,
                issuer=issuer,
                leeway=self._leeway,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The access token has expired.") from None
        except (jwt.PyJWTError, RecursionError):
            raise Unauthenticated("The access token is not valid.") from None
        if is_access_token:
            self._check_kind(unverified["header"], claims)
        self._check(claims)
        return Signature(keys, kid, key), claims

    def _read_by(self, issuer: str | None) -> SignIn:
        return self._own if issuer == self._own_issuer else self._sign_in

    def _check_kind(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """Raise Unauthenticated for a token that was not made to call with."""
        types = TYPES if claims["iss"] == self._own_issuer else TYPES | PLAIN_TYPES
        if str(header.get("typ") or "").lower() not in types:
            raise Unauthenticated("The token is no access token.")
        if str(claims.get("typ") or "").lower() in OTHER_KINDS or "at_hash" in claims:
            raise Unauthenticated("The token is no access token.")

    def _check(self, claims: Mapping[str, Any]) -> None:
        """Raise Unauthenticated for a token of nobody, or of too long a life."""
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

    def _caller(self, claims: Mapping[str, Any], granted: Granted) -> Caller:
        is_our_own = claims["iss"] == self._own_issuer
        return Caller(
            subject=granted.subject,
            roles=granted.roles - ({Role.PROVIDER} if is_our_own else {Role.PROVIDER, Role.SERVICE}),
            scopes=granted.scopes,
            departments=granted.departments,
            firm=granted.firm,
            # of a person whose token was exchanged, the sign-in that vouched for them
            issuer=str(claims.get("idp", "")) if is_our_own else claims["iss"],
            pseudonym=pseudonym_of(granted.subject, self._pseudonym_key),
        )
