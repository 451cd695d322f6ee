"""Client for questions to other services over HTTP: with a service token, and only while reading."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx

from shared.clients.claims import sign_in_of
from shared.clients.jwks import Fetch, KeySource, jwks_at, provider_keys
from shared.clients.tls import tls
from shared.clients.tokens import TokenVerifier
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

SECONDS = 5.0
RENEW_BEFORE_SECONDS = 60.0
RETRY_SECONDS = 1.0


class ServiceClient:
    """Calls of one service to others and the token issuer, with a token until it is refused or soon over."""

    def __init__(
        self, service: str, settings: Settings, transports: dict[str, httpx.AsyncBaseTransport]
    ) -> None:
        self._service = service
        self._settings = settings
        self._transports = transports
        self._token = ""
        self._renew_at = self._ends_at = 0.0
        self._renewing: asyncio.Task[None] | None = None
        self._made: httpx.AsyncClient | None = None

    @property
    def _http(self) -> httpx.AsyncClient:
        """Made at the first call: in one process, the transports to the others are known only then."""
        if self._made is None:
            self._made = httpx.AsyncClient(timeout=SECONDS, verify=tls(), mounts=dict(self._transports))
        return self._made

    async def get(self, service: str, path: str, **query: Any) -> httpx.Response:
        """GET from a service as this service; raises httpx.HTTPError, UnknownService."""
        return await self._asked("GET", service, path, params=query)

    async def post(self, service: str, path: str, body: Any) -> httpx.Response:
        """POST JSON to a service as this service; raises httpx.HTTPError, UnknownService."""
        return await self._asked("POST", service, path, json=body)

    async def hand(
        self, service: str, path: str, content: bytes, media_type: str, *, key: str
    ) -> httpx.Response:
        """Hand a file to a service as this service, under an Idempotency-Key.

        Raises httpx.HTTPError, UnknownService.
        """
        headers = {"Content-Type": media_type, "Idempotency-Key": key}
        return await self._asked("POST", service, path, content=content, headers=headers)

    async def _asked(
        self, method: str, service: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Ask a service; raises httpx.HTTPError when it cannot be asked, UnknownService.

        A refused token is replaced and the question asked once more: its key may have been withdrawn, and the
        token would else be refused until it ends, for a quarter of an hour.
        """
        url = self._settings.service_url(service) + path
        token = await self._current_token()
        given = headers or {}
        answer = await self._http.request(method, url, headers={**given, **_bearer(token)}, **more)
        if answer.status_code != httpx.codes.UNAUTHORIZED:
            return answer
        token = await self._current_token(refused=token)
        return await self._http.request(method, url, headers={**given, **_bearer(token)}, **more)

    async def _current_token(self, refused: str = "") -> str:
        """A token other than the refused one; callers who come while it is renewed wait for that renewal.

        Nobody waits while the one at hand is still good, for some have less time than a renewal takes; and a
        caller who waits no longer leaves it running.
        """
        now = time.monotonic()
        if self._token == refused or now >= self._ends_at:
            await asyncio.shield(self._renewal())
        elif now >= self._renew_at:
            self._renewal()
        return self._token

    def _renewal(self) -> asyncio.Task[None]:
        """The renewal under way, begun if there is none."""
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
            self._renewing.add_done_callback(self._renewed)
        return self._renewing

    async def get_ready(self) -> None:
        """Get the first token before anybody needs it who might not have the time; try until it is there."""
        while not self._token:
            try:
                await self._current_token()
            except httpx.HTTPError as away:
                log.info("no token yet", extra={"error": type(away).__name__})
                await asyncio.sleep(RETRY_SECONDS)

    def _renewed(self, renewal: asyncio.Task[None]) -> None:
        self._renewing = None
        if not renewal.cancelled():
            renewal.exception()  # for whoever waits; nobody need be there any more

    async def _renew(self) -> None:
        secret = (self._service, self._settings.client_secret)
        form = {"grant_type": "client_credentials"}
        answer = await self._http.post(f"{self._settings.gateway_url}/v1/token", data=form, auth=secret)
        answer.raise_for_status()
        granted = answer.json()
        self._token = granted["access_token"]
        now = time.monotonic()
        self._ends_at = now + granted["expires_in"]
        self._renew_at = max(now, self._ends_at - RENEW_BEFORE_SECONDS)

    def verifier(self) -> TokenVerifier:
        """Checks tokens of the gateway, and of the council's own OIDC provider when one is set.

        Raises BadClaimsMap.
        """
        settings = self._settings
        url = settings.jwks_url or f"{settings.gateway_url}/.well-known/jwks.json"
        return TokenVerifier(
            {settings.issuer: KeySource(self._at(url)), **provider_keys(settings, lambda: self._http)},
            settings.audience,
            pseudonym_key=settings.pseudonym_key,
            sign_in=sign_in_of(settings),
            notify_token=settings.notify_callback_token,
        )

    def _at(self, url: str) -> Fetch:
        async def fetch() -> Mapping[str, Any]:
            return await jwks_at(url, self._http)()

        return fetch

    async def close(self) -> None:
        """Close the connections, if there ever were any: to make a client takes 40 ms."""
        if self._made is not None:
            await self._made.aclose()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
