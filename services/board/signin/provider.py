"""The council's OpenID provider, whose relying party we are: authorization code flow with PKCE.

OpenID Connect Core 1.0, section 3.1. An ID token is checked though it comes from the provider itself: its
issuer, audience, nonce and signature.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from services.board.signin.people import Session
from services.board.signin.settings import SignInSettings
from shared.clients.jwks import KeySource, discover, provider_keys
from shared.errors import Unavailable
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

ALGORITHMS = ("RS256", "ES256", "EdDSA", "PS256")
DESCRIBED_SECONDS = 3600.0
SECONDS = 5.0
LEEWAY_SECONDS = 10.0
ASSERTION_SECONDS = 60
LONDON = ZoneInfo("Europe/London")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class SignInFailed(Exception):
    """A sign-in that came to nothing; the message is for the person."""


class Away(SignInFailed):
    """A sign-in or a session that cannot go on just now, for whoever is asked about it gives no answer."""


class ApiAway(Away):
    """The API does not say what somebody may.

    `session` is theirs, if they had one, with what the provider gave to go on with once the API answers.
    """

    def __init__(self, session: Session | None = None) -> None:
        super().__init__("The service gives no answer just now. Try again in a minute.")
        self.session = session


class ProviderAway(Away):
    """The provider gives no answer; `since` is when that was first noticed, in seconds since 1970."""

    def __init__(self, since: float) -> None:
        super().__init__("The council's sign-in gives no answer.")
        self.since = since

    @property
    def since_words(self) -> str:
        """The time of day, with the weekday."""
        at = datetime.fromtimestamp(self.since, LONDON)
        return f"{at:%A} {at:%I:%M}{at:%p}".replace(" 0", " ").lower().capitalize()


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything that the provider gives for a code, or for a refresh token."""

    access_token: str
    seconds: int
    refresh_token: str = ""
    id_token: str = ""

    @classmethod
    def granted(cls, answer: Mapping[str, Any]) -> "Tokens":
        """The answer of a token endpoint (RFC 6749 section 5.1)."""
        return cls(
            answer["access_token"],
            int(answer.get("expires_in", 0)),
            answer.get("refresh_token", ""),
            answer.get("id_token", ""),
        )


class RelyingParty:
    """The board as a client of the provider."""

    def __init__(self, settings: Settings, own: SignInSettings, http: httpx.AsyncClient) -> None:
        self._issuer = settings.oidc_issuer
        self._own = own
        self._http = http
        [self._keys] = provider_keys(settings, lambda: http).values() or (KeySource(_no_keys),)
        self._key = own.private_key
        self._described: Mapping[str, Any] = {}
        self._described_at = float("-inf")
        self._away_since: float | None = None

    @property
    def is_known(self) -> bool:
        """Tell if there is a provider that knows us."""
        return bool(self._issuer and self._own.client_id)

    async def authorization_url(
        self, back_at: str, *, state: str, nonce: str, verifier: str, again: bool
    ) -> str:
        """The address at which people sign in, once more if `again`; raises ProviderAway."""
        asked = {
            "response_type": "code",
            "client_id": self._own.client_id,
            "redirect_uri": back_at,
            "scope": f"openid {self._own.scopes}".strip(),
            "state": state,
            "nonce": nonce,
            "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if again:  # some know one of the two
            asked |= {"max_age": "0", "prompt": "login"}
        at: str = (await self._description())["authorization_endpoint"]
        return f"{at}{'&' if '?' in at else '?'}{urlencode(asked)}"

    async def redeem(self, code: str, back_at: str, verifier: str) -> Tokens:
        """The tokens for a code; raises SignInFailed."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back_at}
        return await self._granted({**form, "code_verifier": verifier})

    async def renew(self, refresh_token: str) -> Tokens:
        """Newer tokens; raises SignInFailed, ProviderAway."""
        return await self._granted({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def identified(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token that was made for us and this sign-in; raises SignInFailed."""
        try:
            kid = jwt.get_unverified_header(id_token).get("kid")
            key = await self._keys.key(str(kid))
            if key is None:
                raise SignInFailed("The sign-in answered with a key of nobody's. Try again.")
            claims: Mapping[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=self._own.client_id,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except Unavailable:
            raise self._away() from None
        except jwt.PyJWTError as wrong:
            log.warning("an ID token was refused", extra={"error": type(wrong).__name__})
            raise SignInFailed("The sign-in's answer was not meant for us. Try again.") from None
        if claims.get("nonce") != nonce or claims.get("azp", self._own.client_id) != self._own.client_id:
            raise SignInFailed("The sign-in's answer was not meant for this try. Try again.")
        return claims

    async def end_session_url(self, id_token: str, back_at: str) -> str:
        """The address at which the provider's own session ends; empty where there is none to be had."""
        try:
            at = (await self._description()).get("end_session_endpoint", "")
        except ProviderAway:
            return ""
        hint = {"id_token_hint": id_token} if id_token else {}
        asked = {"client_id": self._own.client_id, "post_logout_redirect_uri": back_at, **hint}
        return f"{at}?{urlencode(asked)}" if at else ""

    async def _description(self) -> Mapping[str, Any]:
        """The provider's description of itself, of this hour; raises ProviderAway."""
        if time.monotonic() - self._described_at > DESCRIBED_SECONDS:
            try:
                self._described = await discover(self._issuer, self._http)
            except (httpx.HTTPError, ValueError) as wrong:
                log.warning("the sign-in gives no answer", extra={"error": type(wrong).__name__})
                if not self._described:
                    raise self._away() from None
            self._described_at = time.monotonic()
        return self._described

    async def _granted(self, form: Mapping[str, str]) -> Tokens:
        at: str = (await self._description())["token_endpoint"]
        shown, credentials = self._credentials(at)
        try:
            answer = await self._http.post(at, data={**form, **shown}, auth=credentials, timeout=SECONDS)
            if answer.is_server_error:
                raise self._away()
            self._away_since = None
            granted = answer.json()
            if answer.is_success:
                return Tokens.granted(granted)
        except httpx.HTTPError:
            raise self._away() from None
        except (ValueError, LookupError, TypeError):
            raise SignInFailed("The sign-in's answer could not be read. Try again.") from None
        # the code of RFC 6749 section 5.2, which names nobody
        log.warning("the sign-in gave no token", extra={"error": str(granted.get("error"))[:64]})
        raise SignInFailed("The sign-in took too long, or was used twice. Try again.")

    def _credentials(self, at: str) -> tuple[Mapping[str, str], httpx.Auth]:
        """Our part of the form, or HTTP Basic: by one of them the provider knows us."""
        name = self._own.client_id
        if self._key is not None:
            return {
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self._assertion(at),
            }, httpx.Auth()
        known = self._described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_post" in known:
            return {"client_id": name, "client_secret": self._own.client_secret}, httpx.Auth()
        return {}, httpx.BasicAuth(name, self._own.client_secret)

    def _assertion(self, at: str) -> str:
        """A token by which our key speaks for us (RFC 7523), as GOV.UK One Login wants it."""
        assert self._key is not None
        now, name = int(time.time()), self._own.client_id
        claims = {"iss": name, "sub": name, "aud": at, "jti": uuid4().hex, "iat": now}
        algorithm = "RS256" if isinstance(self._key, rsa.RSAPrivateKey) else "ES256"
        return jwt.encode({**claims, "exp": now + ASSERTION_SECONDS}, self._key, algorithm)

    def _away(self) -> ProviderAway:
        self._away_since = self._away_since or time.time()
        return ProviderAway(self._away_since)


async def _no_keys() -> Mapping[str, Any]:
    return {"keys": []}
