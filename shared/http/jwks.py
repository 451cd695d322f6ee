"""An issuer's public keys: fetched once, kept, and fetched again when a token names a key not yet seen."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any

import httpx
from jwt import PyJWK, PyJWKSet

from shared.errors import Unavailable
from shared.telemetry import get_logger

log = get_logger(__name__)

Fetch = Callable[[], Awaitable[Mapping[str, Any]]]

REFETCH_SECONDS = 10.0
"""At most one fetch in this time, or a flood of tokens with made-up key ids would hammer the issuer."""

RETRY_SECONDS = 1.0
"""As long as there is no key at all nothing can be verified, so a failed first fetch is tried again soon."""

MAX_AGE_SECONDS = 300.0
"""A key that the issuer has withdrawn stops being believed after this, though no unknown key was named."""


def jwks_at(url: str, client: httpx.AsyncClient) -> Fetch:
    """The document at a JWKS address, such as the gateway's `/.well-known/jwks.json`."""

    async def fetch() -> Mapping[str, Any]:
        response = await client.get(url, timeout=2.0)
        document: Mapping[str, Any] = response.raise_for_status().json()
        return document

    return fetch


class KeySource:
    """The keys of one issuer. A fetch that fails keeps the keys there are."""

    def __init__(self, fetch: Fetch, now: Callable[[], float] = monotonic) -> None:
        self._fetch = fetch
        self._now = now
        self._keys: dict[str, PyJWK] = {}
        self._asked_at = float("-inf")
        self._refreshing: asyncio.Task[None] | None = None

    async def key(self, kid: str) -> PyJWK | None:
        """The key of that id, or None; raises Unavailable as long as no key could ever be fetched."""
        if kid in self._keys:
            self._refresh_after(MAX_AGE_SECONDS)
            return self._keys[kid]
        refreshing = self._refresh_after(REFETCH_SECONDS if self._keys else RETRY_SECONDS)
        if refreshing is not None:
            await asyncio.shield(refreshing)
        if not self._keys:
            raise Unavailable("Access tokens cannot be checked just now; please try again.", 1)
        return self._keys.get(kid)

    def _refresh_after(self, seconds: float) -> asyncio.Task[None] | None:
        """Begin a fetch unless the last one is younger; all who need it wait for the same one."""
        if self._refreshing is None and self._now() - self._asked_at >= seconds:
            self._asked_at = self._now()
            self._refreshing = asyncio.create_task(self._refresh())
        return self._refreshing

    async def _refresh(self) -> None:
        try:
            self._keys = _signing_keys(await self._fetch())
        except Exception as failure:  # an issuer can fail in any way; none of them may end our service
            log.warning("an issuer's keys could not be fetched", extra={"error": type(failure).__name__})
        finally:
            self._refreshing = None


def _signing_keys(document: Mapping[str, Any]) -> dict[str, PyJWK]:
    keys = PyJWKSet.from_dict(dict(document)).keys
    return {key.key_id: key for key in keys if key.key_id and key.public_key_use in (None, "sig")}
