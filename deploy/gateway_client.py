"""A client of the public API for command lines: it does not give up easily, and never does anything twice."""

import argparse
import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import orjson

from shared.errors import InProgress

IN_FLIGHT = 8
SECONDS = 30.0
RENEW_BEFORE_SECONDS = 60.0

TRIES = 6
FIRST_PAUSE = 0.5
"""Seconds, doubled each time: six tries outlast a restart, some 15 seconds."""

LONGEST_PAUSE = 60.0
"""Seconds; a gateway that wants a longer one is better asked another day."""

PASSING = frozenset({429, 502, 503, 504})
"""The statuses of a house that is busy, restarting or half away; 500 is the fault of one request."""

Item = TypeVar("Item")


class UnusableGateway(Exception):
    """A gateway that cannot be used as this client, in one sentence for whoever started the command."""


class RequestRefused(Exception):
    """The API refuses this one request, in the words of its problem document."""


class HouseFailed(RequestRefused):
    """The house failed over this one request; it may serve others."""


@dataclass(frozen=True, slots=True)
class TransientError:
    """A transient error; `pause` is how many seconds the gateway asks to wait."""

    words: str
    pause: float = 0.0
    counts: bool = True


class GatewayClient:
    """Asks one gateway as one client; its token is renewed before it ends, and once when it is refused."""

    def __init__(
        self, http: httpx.AsyncClient, client_id: str, client_secret: str, first_pause: float
    ) -> None:
        self._http = http
        self._url = str(http.base_url).rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._first_pause = first_pause
        self._renewing = asyncio.Lock()
        self._token = ""
        self._renew_at = 0.0
        self._was_reached = False

    async def post(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        """POST under an Idempotency-Key; raises RequestRefused and UnusableGateway."""
        # The service compares bodies byte by byte, next year too: no library's default order or spacing.
        content = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        return self._granted(await self._asked("POST", path, content=content, headers=headers))

    async def get(self, path: str) -> Any:
        """The document at a path, or None where there is none yet; raises as `post` does."""
        answer = await self._asked("GET", path, headers={})
        return None if answer.status_code == httpx.codes.NOT_FOUND else self._granted(answer).json()

    async def _asked(self, method: str, path: str, *, headers: dict[str, str], **more: Any) -> httpx.Response:
        token = await self._current_token()
        answer = await self._persist(method, path, headers=headers | _bearer(token), **more)
        if answer.status_code != httpx.codes.UNAUTHORIZED:
            return answer
        # Its key may have been withdrawn in the midst of a long run; the next token has another.
        token = await self._current_token(refused=token)
        return await self._persist(method, path, headers=headers | _bearer(token), **more)

    def _granted(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            raise UnusableGateway(f"The gateway refuses the client {self._client_id}: {in_words(answer)}")
        if answer.is_server_error:
            raise HouseFailed(f"{answer.status_code} {answer.reason_phrase}")
        if not answer.is_success:
            raise RequestRefused(in_words(answer))
        return answer

    async def _current_token(self, refused: str = "") -> str:
        async with self._renewing:
            if self._token == refused or time.monotonic() >= self._renew_at:
                await self._renew_token()
        return self._token

    async def _renew_token(self) -> None:
        secret = {"client_id": self._client_id, "client_secret": self._client_secret}
        answer = await self._persist("POST", "/v1/token", data={"grant_type": "client_credentials", **secret})
        if answer.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED}:
            unknown = f"The gateway does not know the client {self._client_id}, or its secret is another"
            raise UnusableGateway(f"{unknown}; give --client-id and --client-secret.")
        try:
            granted = answer.raise_for_status().json()
            self._token, lasts = granted["access_token"], granted["expires_in"]
        except (httpx.HTTPStatusError, ValueError, LookupError, TypeError):
            said = f"POST /v1/token was answered with {answer.status_code}"
            raise UnusableGateway(f"There is no gateway at {self._url}: {said}.") from None
        self._renew_at = time.monotonic() + max(0.0, lasts - RENEW_BEFORE_SECONDS)

    async def _persist(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask until there is an answer that is meant to stay; what is sent again carries its key again."""
        failures = 0
        while True:
            outcome = await self._attempt(method, path, **request)
            if isinstance(outcome, httpx.Response):
                return outcome
            failures += outcome.counts
            pause = max(outcome.pause, self._first_pause * 2 ** (failures - 1))
            # Before the first answer of all, a mistyped address is likelier than a short outage.
            if failures == TRIES or pause > LONGEST_PAUSE or not self._was_reached:
                raise UnusableGateway(f"The gateway at {self._url} {outcome.words}.")
            await asyncio.sleep(pause)

    async def _attempt(self, method: str, path: str, **request: Any) -> httpx.Response | TransientError:
        try:
            answer = await self._http.request(method, path, **request)
        except httpx.TransportError as failure:
            return TransientError(f"cannot be reached: {str(failure) or type(failure).__name__}".rstrip("."))
        self._was_reached = True
        if not _is_passing(answer):
            return answer
        words = f"keeps answering {answer.status_code}: {in_words(answer)}".rstrip(".")
        # A rate limit lets everybody in, sooner or later; anything else may be there to stay.
        counts = answer.status_code != httpx.codes.TOO_MANY_REQUESTS
        return TransientError(words, _retry_after(answer), counts)


def add_client_arguments(parser: argparse.ArgumentParser, prefix: str, default: str, what: str) -> None:
    """Add --client-id and --client-secret, which the environment has under a prefix; `what` client it is."""
    parser.add_argument(
        "--client-id",
        default=os.environ.get(f"{prefix}_CLIENT_ID") or default,
        help=f"{what} ({prefix}_CLIENT_ID, else {default})",
    )
    parser.add_argument(
        "--client-secret",
        default=os.environ.get(f"{prefix}_CLIENT_SECRET") or "demo",
        help=f"better in {prefix}_CLIENT_SECRET, for other people on the machine can read a command line",
    )


@asynccontextmanager
async def open_client(
    url: str, client_id: str, client_secret: str, first_pause: float = FIRST_PAUSE
) -> AsyncIterator[GatewayClient]:
    """A client of the gateway at a URL; raises UnusableGateway when the URL is none."""
    limits = httpx.Limits(max_connections=IN_FLIGHT)
    try:
        http = httpx.AsyncClient(base_url=url, timeout=SECONDS, limits=limits)
    except httpx.InvalidURL as wrong:
        raise UnusableGateway(f"{url} is no address of a gateway: {wrong}") from None
    async with http:
        yield GatewayClient(http, client_id, client_secret, first_pause)


async def for_each(
    items: Iterable[Item], work: Callable[[Item], Awaitable[None]], at_once: int = IN_FLIGHT
) -> None:
    """Do the work on every item, a bounded number at once; the first failure ends it and is raised."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(at_once):
                workers.create_task(worker())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


def in_words(answer: httpx.Response) -> str:
    """The text of a refusal, with each field that is wrong."""
    problem = _problem(answer)
    errors = [f"{error['pointer']} {error['detail']}".strip() for error in problem.get("errors") or ()]
    return "; ".join(errors) or str(problem.get("detail") or answer.reason_phrase)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _is_passing(answer: httpx.Response) -> bool:
    """Tell whether the same request may soon be answered otherwise."""
    if answer.status_code == httpx.codes.CONFLICT:
        # With our own first try, which lost its connection and is still being worked on.
        return str(_problem(answer).get("type")).endswith(f":{InProgress.slug}")
    return answer.status_code in PASSING


def _retry_after(answer: httpx.Response) -> float:
    """Seconds; the header's other form, a date, is not used by any gateway of ours."""
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.0
