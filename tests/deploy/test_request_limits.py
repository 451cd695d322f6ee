"""Limits of a request's head and body, by raw sockets: each refusal is a problem, and the connection ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from deploy.protocol import LimitedProtocol, Limits
from tests.gateway.serving import served

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
H2C = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
WEBSOCKET = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


class Hurried(LimitedProtocol):
    """The protocol with limits that a test can wait for."""

    limits = Limits(
        url_bytes=200, head_bytes=1000, head_lines=10, head_seconds=0.3, body_seconds=0.3, bytes_a_second=100
    )


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body's length; `/early` before the body is there, `/late` only after a while."""
    path = scope["path"]
    if path == "/early":
        await Response("early")(scope, receive, send)
        return
    body = await Request(scope, receive).body()
    if path == "/late":
        await asyncio.sleep(1.0)
    await Response(f"{len(body)} bytes")(scope, receive, send)


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[tuple[str, int]]:
    """A server with these limits."""
    async with served(app, Hurried) as url:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        yield parts.hostname, parts.port


async def answered(address: tuple[str, int], *pieces: bytes, pause: float = 0.0) -> bytes:
    """Everything that a server says to these pieces, until it closes the connection."""
    reading, writing = await asyncio.open_connection(*address)
    answer = asyncio.create_task(_until_closed(reading))
    try:
        for piece in pieces:
            if answer.done():
                break
            writing.write(piece)
            await asyncio.sleep(pause)
        return await asyncio.wait_for(answer, 10)
    finally:
        writing.close()


async def _until_closed(reading: asyncio.StreamReader) -> bytes:
    """All that comes; a server that closes before it has read the last piece resets the connection."""
    told = b""
    with suppress(ConnectionResetError):
        while piece := await reading.read(65_536):
            told += piece
    return told


def problem_in(answer: bytes, status: int) -> dict[str, Any]:
    """The problem document of an answer that has that status and says that the connection ends."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"connection: close" in head
    assert b"content-type: application/problem+json" in head
    document: dict[str, Any] = json.loads(body)
    assert document["status"] == status
    return document


async def test_a_request_within_the_limits_is_answered(address: tuple[str, int]) -> None:
    """A body in one piece, and one in chunks."""
    whole = await answered(address, HEAD + b"Connection: close\r\nContent-Length: 4\r\n\r\nbody")
    assert whole.endswith(b"\r\n\r\n4 bytes")
    chunks = b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
    assert (await answered(address, HEAD + chunks)).endswith(b"\r\n\r\n4 bytes")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"NOT HTTP AT ALL\r\n\r\n", 400, id="no HTTP"),
        pytest.param(HEAD + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody", 400, id="two lengths"),
        pytest.param(HEAD + b"Content-Length: four\r\n\r\nbody", 400, id="a length in words"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, id="no chunk"),
        pytest.param(b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, id="a tunnel"),
        pytest.param(HEAD + H2C + b"Content-Length: 4\r\n\r\nbody", 400, id="another protocol"),
        pytest.param(HEAD + H2C + b"Transfer-Encoding: chunked\r\n\r\n", 400, id="another, in chunks"),
        pytest.param(b"GET /%s HTTP/1.1\r\n" % (b"a" * 300), 414, id="a long address"),
        pytest.param(HEAD + b"X-Long: %s\r\n\r\n" % (b"a" * 1000), 431, id="a long header"),
        pytest.param(HEAD + b"X-Endless: %s" % (b"a" * 1000), 431, id="a header without end"),
        pytest.param(HEAD + b"X-Many: a\r\n" * 10 + b"\r\n", 431, id="many headers"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_problem(
    address: tuple[str, int], sent: bytes, status: int
) -> None:
    """By the parser, or by a limit, and before the application hears of it."""
    problem_in(await answered(address, sent), status)


@pytest.mark.parametrize("wish", [H2C, WEBSOCKET], ids=["HTTP/2", "WebSocket"])
async def test_a_wish_for_another_protocol_is_passed_over(address: tuple[str, int], wish: bytes) -> None:
    """The application answers as if it were not there (RFC 9110 section 7.8), and the connection ends."""
    answer = await answered(address, HEAD + wish + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"0 bytes")
    assert b"connection: close" in answer


async def test_a_header_without_end_is_not_collected(address: tuple[str, int]) -> None:
    """Pieces of one line are counted as they come."""
    pieces = [HEAD + b"X-Endless: ", *[b"a" * 100] * 20]
    problem_in(await answered(address, *pieces, pause=0.01), 431)


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"POST / HT", id="in the first line"),
        pytest.param(HEAD, id="in the headers"),
        pytest.param(HEAD + b"Content-Length: 9\r\n\r\nbody", id="in the body"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n", id="in a body in chunks"),
    ],
)
async def test_a_request_that_stops_is_refused(address: tuple[str, int], begun: bytes) -> None:
    """It would hold a connection, and once all are held nobody else gets in (Slowloris)."""
    problem_in(await answered(address, begun), 408)


async def test_a_head_that_trickles_is_refused(address: tuple[str, int]) -> None:
    """More of it gives it no more time."""
    problem_in(await answered(address, HEAD, *[b"X-A: b\r\n"] * 6, pause=0.1), 408)


async def test_a_body_over_a_poor_line_is_taken(address: tuple[str, int]) -> None:
    """What has arrived gives the rest more time, so that it may take longer than the limit in all."""
    pieces = [b"a" * 40] * 6
    head = HEAD + b"Connection: close\r\nContent-Length: 240\r\n\r\n"
    assert (await answered(address, head, *pieces, pause=0.1)).endswith(b"240 bytes")


async def test_a_body_that_trickles_is_refused(address: tuple[str, int]) -> None:
    """A byte now and then is not enough."""
    head = HEAD + b"Content-Length: 240\r\n\r\n"
    problem_in(await answered(address, head, *[b"a"] * 5, pause=0.1), 408)


async def test_an_idle_connection_is_closed_without_a_word(address: tuple[str, int]) -> None:
    """Nothing was asked; blank lines before a request are no request (RFC 9112 section 2.2)."""
    assert await answered(address) == b""
    assert await answered(address, b"\r\n") == b""


async def test_a_request_that_takes_long_is_not_late(address: tuple[str, int]) -> None:
    """It has arrived; the time that its answer takes is ours."""
    late = HEAD.replace(b"/ ", b"/late ") + b"Connection: close\r\nContent-Length: 4\r\n\r\nbody"
    assert (await answered(address, late)).endswith(b"4 bytes")


async def test_an_answer_that_has_begun_is_not_followed_by_another(address: tuple[str, int]) -> None:
    """The application answered without the body, which then never came whole."""
    early = HEAD.replace(b"/ ", b"/early ") + b"Content-Length: 9\r\n\r\nbody"
    answer = await answered(address, early)
    assert answer.endswith(b"early")
    assert answer.count(b"HTTP/1.1") == 1


async def test_a_bad_request_behind_another_leaves_its_answer_whole(address: tuple[str, int]) -> None:
    """Two requests sent at once: the first is answered, and the connection ends."""
    first = HEAD.replace(b"/ ", b"/late ") + b"Content-Length: 4\r\n\r\nbody"
    answer = await answered(address, first + b"NOT HTTP AT ALL\r\n\r\n")
    assert answer.endswith(b"4 bytes")
    assert answer.count(b"HTTP/1.1") == 1
