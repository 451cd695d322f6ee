"""An issuer's public keys: kept, kept current, and fetched at once when a token names a key not yet seen."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any

import httpx
from jwt import PyJWK, PyJWKSet

from shared.errors import Unavailable
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

Fetch = Callable[[], Awaitable[Mapping[str, Any]]]

REFETCH_SECONDS = 2.0
"""At most one fetch in this time, or a flood of tokens with made-up key ids would hammer the issuer."""

RETRY_SECONDS = 1.0
"""A failed first fetch is tried again soon: without any key nothing can be verified."""

REFRESH_SECONDS = 20.0
"""Keys of this age are fetched again while they are used, and no request waits for it."""

BELIEVED_SECONDS = 30.0
"""A withdrawn key is refused after this at the latest, though no token named an unknown key."""

FETCH_SECONDS = 5.0
"""A fetch that takes longer has failed; another still fits in before the keys are too old to be believed."""


ANSWER_SECONDS = 2.0
WELL_KNOWN = "/.well-known/openid-configuration"


def jwks_at(url: str, client: httpx.AsyncClient) -> Fetch:
    """The document at a JWKS address, such as the gateway's `/.well-known/jwks.json`."""

    async def fetch() -> Mapping[str, Any]:
        response = await client.get(url, timeout=ANSWER_SECONDS)
        document: Mapping[str, Any] = response.raise_for_status().json()
        return document

    return fetch


def discovered_jwks(issuer: str, client: Callable[[], httpx.AsyncClient]) -> Fetch:
    """The keys at the address that an OpenID provider's own description names, read once while it holds.

    OpenID Connect Discovery 1.0, section 4.
    """
    address = ""

    async def fetch() -> Mapping[str, Any]:
        nonlocal address
        known, address = address, ""  # an address that fails is asked for again
        known = known or (await discover(issuer, client()))["jwks_uri"]
        document = await jwks_at(known, client())()
        address = known
        return document

    return fetch


async def discover(issuer: str, client: httpx.AsyncClient) -> Mapping[str, Any]:
    """An OpenID provider's description of itself; raises httpx.HTTPError, ValueError if it is another's."""
    answer = await client.get(issuer.rstrip("/") + WELL_KNOWN, timeout=ANSWER_SECONDS)
    document: Mapping[str, Any] = answer.raise_for_status().json()
    if document.get("issuer") != issuer:
        raise ValueError("the provider at OIDC_ISSUER says that it is another")
    return document


class KeySource:
    """The keys of one issuer.

    A fetch that fails keeps the keys there are, however long the issuer stays away: a withdrawal is rare, and
    an outage of the issuer must lock nobody out of the services. It ends with the first fetch that succeeds.
    """

    def __init__(self, fetch: Fetch, now: Callable[[], float] = monotonic) -> None:
        self._fetch = fetch
        self._now = now
        self._keys: dict[str, PyJWK] = {}
        self._asked_at = self._fetched_at = self._sought_at = float("-inf")
        self._is_away = False
        self._refreshing: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> PyJWK | None:
        """The key of that id, or None; raises Unavailable as long as no key could ever be fetched."""
        if kid in self._keys:
            await self._keep_current()
        else:
            await self._seek(kid)
        if not self._keys:
            raise Unavailable("Access tokens cannot be checked just now; please try again.", 1)
        return self._keys.get(kid)

    async def still_has(self, kid: str, key: PyJWK) -> bool:
        """Tell if the issuer still shows this very key under this id; raises as `key`."""
        current = await self.key(kid)
        return current is not None and current.key == key.key

    async def _keep_current(self) -> None:
        """Refresh in the background; only after an idle time a request waits, for a lost issuer once."""
        age = self._now() - self._fetched_at
        if age < REFRESH_SECONDS:
            return
        if self._refreshing is None and self._now() - self._asked_at >= REFETCH_SECONDS:
            self._refresh()
        if age >= BELIEVED_SECONDS and self._refreshing is not None and not self._is_away:
            await asyncio.shield(self._refreshing)

    async def _seek(self, kid: str) -> None:
        """Fetch for a key not yet seen, unless that was done a moment ago; a refresh does not count as that.

        The refresh under way may have been answered before the key was made, so a second fetch may follow it.
        """
        if self._refreshing is not None:
            await asyncio.shield(self._refreshing)
            if kid in self._keys or self._is_away:
                return
        if self._refreshing is None and self._may_seek():
            if self._keys:
                self._sought_at = self._now()
            self._refresh()
        if self._refreshing is not None:
            await asyncio.shield(self._refreshing)

    def _may_seek(self) -> bool:
        if not self._keys:
            return self._now() - self._asked_at >= RETRY_SECONDS
        return self._now() - self._sought_at >= REFETCH_SECONDS

    def _refresh(self) -> None:
        """Begin a fetch; all who need it wait for the same one."""
        self._asked_at = self._now()
        self._refreshing = asyncio.create_task(self._refreshed(self._asked_at))

    async def _refreshed(self, asked_at: float) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self._keys = _signing_keys(await self._fetch())
            self._fetched_at, self._is_away = asked_at, False
        except Exception as failure:  # an issuer can fail in any way; none of them may end our service
            self._is_away = True
            log.warning("an issuer's keys could not be fetched", extra={"error": type(failure).__name__})
        finally:
            self._refreshing = None


def _signing_keys(document: Mapping[str, Any]) -> dict[str, PyJWK]:
    if document["keys"] == []:  # an error to the library, but an issuer without keys has withdrawn them all
        return {}
    keys = PyJWKSet.from_dict(dict(document)).keys
    return {key.key_id: key for key in keys if key.key_id and key.public_key_use in (None, "sig")}


def provider_keys(settings: Settings, client: Callable[[], httpx.AsyncClient]) -> dict[str, KeySource]:
    """The keys of the council's own sign-in by its issuer, if there is one."""
    issuer, url = settings.oidc_issuer, settings.oidc_jwks_url
    if not issuer:
        return {}

    async def fetch() -> Mapping[str, Any]:
        return await jwks_at(url, client())()

    return {issuer: KeySource(fetch if url else discovered_jwks(issuer, client))}
