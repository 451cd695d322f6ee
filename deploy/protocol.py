"""HTTP/1.1 as our processes speak it: a request's head and body have limits of size and of time."""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from math import inf
from typing import ClassVar, cast

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from deploy.gathering import GatheringTransport
from shared.http.problems import problem_response


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a request: bytes and lines of its head, seconds until head and body are there.

    A body has `body_seconds`, and one more for every `bytes_a_second` of it that have arrived: a photo may
    come over a poor line, and a client that sends a byte a minute holds no connection.
    """

    url_bytes: int = 8 * 1024
    head_bytes: int = 32 * 1024
    head_lines: int = 100
    head_seconds: float = 10.0
    body_seconds: float = 20.0
    bytes_a_second: int = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal below the application, which never sees the request."""

    status: int
    title: str
    detail: str

    def response(self) -> Response:
        """The refusal as a problem."""
        return problem_response(self.status, "http", self.title, self.detail)


UPGRADE = Refused(
    400,
    "Only HTTP/1.1 is spoken here",
    "A request that asks for another protocol has no body: leave Upgrade out.",
)
MALFORMED = Refused(400, "This is no request", "The request is not well-formed HTTP/1.1.")
URL_TOO_LONG = Refused(414, "The address is too long", "The path and query are longer than is read here.")
HEAD_TOO_LARGE = Refused(431, "The headers are too large", "The headers are more than are read here.")
TOO_SLOW = Refused(408, "The request took too long", "The whole request did not arrive in time.")


class Phase(Enum):
    """The phases of a connection: between requests, in a head, in a body."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits, and with refusals that are problems (RFC 9457).

    Trailer fields are dropped (RFC 9110 section 6.5.1): uvicorn's parser reports them as it does headers, and
    would add an Authorization, or a Content-Length to pass on, that nobody who judged the headers has seen.
    """

    limits: ClassVar[Limits] = Limits()

    _phase = Phase.IDLE
    _refused = MALFORMED
    _received = 0
    _header_bytes = 0
    _due = inf
    _timer: asyncio.TimerHandle | None = None
    _rings_at = inf

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Expect a request: a connection on which none begins is closed too."""
        # uvloop's is one in all but its family
        gathering = GatheringTransport(cast(asyncio.Transport, transport), self.loop)
        super().connection_made(gathering)
        self._expect(Phase.IDLE, self.limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is expected any more."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse data; a line that does not end is counted here, for the parser reports whole lines."""
        super().data_received(data)
        if self._phase is Phase.HEAD:
            self._received += len(data)
            if self._received > self.limits.head_bytes:
                self._refuse(HEAD_TOO_LARGE)
        elif self._phase is Phase.IDLE and self._due == inf:  # blank lines begin no request
            self._expect(Phase.IDLE, self.limits.head_seconds)

    def on_message_begin(self) -> None:
        """Begin a request: its head is due."""
        self._received = self._header_bytes = 0
        self._expect(Phase.HEAD, self.limits.head_seconds)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take in a piece of the address."""
        super().on_url(url)
        if len(self.url) > self.limits.url_bytes:
            self._stop(URL_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header; what comes after the body is none."""
        if self._phase is not Phase.HEAD:
            return
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if len(self.headers) > self.limits.head_lines or self._header_bytes > self.limits.head_bytes:
            self._stop(HEAD_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Hand the request on to the application: its body is due.

        The parser skips the body of a request that asks for another protocol, and may read it as the next
        request: one that has a body is refused, and after any other the connection ends.
        """
        is_upgrade = self.parser.should_upgrade()
        if is_upgrade and any(_announces_body(*header) for header in self.headers):
            self._stop(UPGRADE)
        super().on_headers_complete()
        if is_upgrade:
            self.cycle.keep_alive = False
        self._expect(Phase.BODY, self.limits.body_seconds)

    def on_body(self, body: bytes) -> None:
        """Take in a piece of the body, which gives the rest more time."""
        self._due += len(body) / self.limits.bytes_a_second
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; until the next begins nothing is due."""
        self._phase, self._due = Phase.IDLE, inf
        super().on_message_complete()

    def _should_upgrade(self) -> bool:
        """Speak no WebSocket, whose library knows none of these limits, nor the gateway's hosts."""
        return False

    def send_400_response(self, msg: str) -> None:
        """Answer a request that the parser stopped at."""
        self._refuse(self._refused)

    def _stop(self, refused: Refused) -> None:
        """Stop the parser, which makes uvicorn ask for the answer above."""
        self._refused = refused
        raise ValueError(refused.title)

    def _refuse(self, refused: Refused) -> None:
        """Answer and close the connection; no answer that is under way is cut open by ours."""
        if self.transport.is_closing():
            return
        if (
            self._phase is Phase.HEAD and self._is_answering
        ):  # an earlier request's answer, after which we close
            self.flow.pause_reading()
            self.cycle.keep_alive = False
            return
        if self._phase is Phase.HEAD or (not self.cycle.response_started and not self.pipeline):
            self.transport.write(_as_bytes(refused.response()))
        self.transport.close()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect(self, phase: Phase, seconds: float) -> None:
        """Be in a phase, the end of which is due in so many seconds.

        A timer that rings before that is left as it is: it looks then for what is due. One for each phase of
        each request would cost more than the phases do.
        """
        self._phase, self._due = phase, self.loop.time() + seconds
        if self._due < self._rings_at:
            self._stop_timer()
            self._ring_when_due()

    def _ring_when_due(self) -> None:
        self._rings_at = self._due
        self._timer = self.loop.call_at(self._due, self._ring)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._rings_at = None, inf

    def _ring(self) -> None:
        self._timer, self._rings_at = None, inf
        if self._due <= self.loop.time():
            self._time_is_up()
        elif self._due < inf:
            self._ring_when_due()

    def _time_is_up(self) -> None:
        """Refuse a request that is late, unless it is we who do not read on."""
        if self.flow.read_paused or (self._phase is Phase.IDLE and self._is_answering):
            self._expect(self._phase, self.limits.body_seconds)
        elif self._phase is Phase.IDLE:
            self.transport.close()
        else:
            self._refuse(TOO_SLOW)


def _announces_body(name: bytes, value: bytes) -> bool:
    return name == b"transfer-encoding" or (name == b"content-length" and value != b"0")


def _as_bytes(response: Response) -> bytes:
    status = HTTPStatus(response.status_code)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return "\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1") + bytes(response.body)
