"""A service at an address, as an ASGI application: the one function that forwards.

It runs on aiohttp's client, streaming both ways; httpx polls every pooled socket on each request and was
measured at a twentieth of the rate. A service in the same process needs none of this: its application is
called directly.
"""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from multidict import CIMultiDict
from starlette.types import Message, Receive, Scope, Send
from yarl import URL

from gateway.headers import answer_headers
from gateway.routes import REGISTER
from shared.errors import Refusal, Unavailable
from shared.http.problems import respond
from shared.settings import Settings
from shared.telemetry import get_logger

log = get_logger(__name__)

CONNECTIONS = 256
"""To each service; whoever finds them all in use waits for one, so that no service is flooded."""

IDLE_SECONDS = 3.0
"""Shorter than the five after which uvicorn closes: a POST on a closing connection cannot be repeated."""

LISTEN_AFTER_SECONDS = 0.1
"""Most answers are there sooner, and so do not pay for a task that listens for the client's disconnect."""

LOADING_SECONDS = 600.0
"""The silence allowed to a service that loads a register of up to 32 MiB."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TookTooLong(Refusal):
    """The service did not answer in time; what was asked may have been done or may not."""

    status = 504
    slug = "timeout"
    title = "The service did not answer in time"


def open_session(settings: Settings) -> aiohttp.ClientSession:
    """Connections to one service; closed by the caller."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(
            total=None,  # an answer may stream for long; it may not fall silent
            connect=settings.upstream_timeout,
            sock_connect=settings.connect_timeout,
            sock_read=settings.upstream_timeout,
        ),
        auto_decompress=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
    )


class DistantService:
    """Forwards each request to the same path at `base_url`; headers are as the caller cleaned them."""

    def __init__(self, name: str, base_url: str, session: aiohttp.ClientSession) -> None:
        self._name = name
        self._base_url = base_url.rstrip("/")
        self._session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = await receive()
        if first["type"] == "http.disconnect":
            return
        listener = DisconnectListener(receive)
        try:
            async with listener.cancel_scope:
                if not first.get("more_body") and scope["method"] in READING:
                    listener.listen_soon()
                await self._forward(scope, first, listener, send)
        except (aiohttp.ClientError, TimeoutError):
            if not listener.is_disconnected:
                raise
        finally:
            listener.stop_listening()

    async def _forward(
        self, scope: Scope, first: Message, listener: "DisconnectListener", send: Send
    ) -> None:
        headers = [(name.decode(), value.decode("utf-8", "replace")) for name, value in scope["headers"]]
        try:
            response = await self._session.request(
                scope["method"],
                self._address(scope),
                headers=CIMultiDict(headers),
                data=listener.body(first),
                timeout=self._timeout(scope),
                allow_redirects=False,
            )
        except (aiohttp.ClientError, TimeoutError) as failure:
            if not listener.is_disconnected:
                await respond(self._refusal(failure))(scope, _nothing, send)
            return
        async with response:
            await _relay(response, send)

    def _timeout(self, scope: Scope) -> aiohttp.ClientTimeout:
        """The session's; while a register is loaded, nothing is heard of it until it is loaded whole."""
        usual = self._session.timeout
        if not scope["path"].endswith(f"/{REGISTER}"):
            return usual
        return aiohttp.ClientTimeout(
            total=None, connect=usual.connect, sock_connect=usual.sock_connect, sock_read=LOADING_SECONDS
        )

    def _address(self, scope: Scope) -> URL:
        """The path exactly as it was sent: to decode and encode again could make another path of it."""
        query = scope["query_string"]
        target: bytes = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
        return URL(self._base_url + target.decode("ascii"), encoded=True)

    def _refusal(self, failure: Exception) -> Refusal:
        log.warning("no answer", extra={"upstream": self._name, "error": type(failure).__name__})
        never_sent = isinstance(failure, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
        if never_sent:
            return Unavailable(f"The {self._name} service is down; the others are not concerned.", 2)
        again = "It may have been done; repeat it with the same Idempotency-Key to be sure."
        if isinstance(failure, TimeoutError):
            return TookTooLong(f"The {self._name} service took too long. {again}")
        return Unavailable(f"The {self._name} service broke off. {again}", 2)


async def _relay(response: aiohttp.ClientResponse, send: Send) -> None:
    headers = answer_headers(response.raw_headers)
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    chunk = await response.content.readany()
    while not response.content.at_eof():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        chunk = await response.content.readany()
    await send({"type": "http.response.body", "body": chunk})


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


class DisconnectListener:
    """Notices that a request is no longer wanted, and ends what runs inside `async with cancel_scope`.

    Reading is ended, and so is a body that will never be whole. A write that has been sent whole is not:
    nobody would know whether it was done.
    """

    def __init__(self, receive: Receive) -> None:
        self.cancel_scope = asyncio.timeout(None)
        self.is_disconnected = False
        self._receive = receive
        self._timer: asyncio.TimerHandle | None = None
        self._listening: asyncio.Task[None] | None = None

    def body(self, first: Message) -> bytes | AsyncIterator[bytes] | None:
        """The request's body: at hand if it came in one piece, else as it arrives."""
        return self._pieces(first) if first.get("more_body") else first.get("body") or None

    async def _pieces(self, message: Message) -> AsyncIterator[bytes]:
        while True:
            yield message.get("body", b"")
            if not message.get("more_body"):
                return
            try:
                message = await self._receive()
            except Refusal:  # the body has grown too large
                self._cancel()
                raise
            if message["type"] == "http.disconnect":
                self._cancel()
                raise ConnectionAbortedError("the client left before it had sent everything")

    def listen_soon(self) -> None:
        """Listen for the disconnect, unless the answer is there very soon; the body must have been read."""
        self._timer = asyncio.get_running_loop().call_later(LISTEN_AFTER_SECONDS, self._listen)

    def stop_listening(self) -> None:
        """There is nothing more to end."""
        if self._timer is not None:
            self._timer.cancel()
        if self._listening is not None:
            self._listening.cancel()

    def _listen(self) -> None:
        self._listening = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._cancel()

    def _cancel(self) -> None:
        if not self.is_disconnected:
            self.is_disconnected = True
            self.cancel_scope.reschedule(asyncio.get_running_loop().time())
