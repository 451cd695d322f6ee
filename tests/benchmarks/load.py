"""Sends requests as cheaply as Python can: it shares the machine's processors with what it measures.

Raw HTTP/1.1 on kept connections, of which the answer's status, Location and length are read and no more.
It runs in a process of its own, so that its own work never delays the clock it measures with.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from math import ceil
from typing import cast
from urllib.parse import urlsplit
from uuid import uuid4

from shared.runtime import run_loop

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *\S*/([^/\s]+)\r\n", re.IGNORECASE)
CREATED = "201"


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a load: where to post, as whom, which bodies in turn, and if each has its own key."""

    url: str
    token: str
    bodies: tuple[bytes, ...]
    with_keys: bool = False

    def requests(self) -> Iterator[bytes]:
        """Requests without end, as the bytes that go over the wire."""
        address = urlsplit(self.url)
        head = (
            f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
        ).encode()
        for rest in cycle([b"Content-Length: %d\r\n\r\n" % len(body) + body for body in self.bodies]):
            key = f"Idempotency-Key: {uuid4()}\r\n".encode() if self.with_keys else b""
            yield head + key + rest


@dataclass(slots=True)
class Answers:
    """The outcomes of the requests: each case's reference, when it was sent, and how long the answer took.

    `sent_at` is the machine's clock in seconds since 1970, which the database's can be compared with.
    `refused` counts whatever was not 201, by status or by error.
    """

    references: list[str] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def last_answered_at(self) -> float:
        """The time of the last answer."""
        return max(sent + seconds for sent, seconds in zip(self.sent_at, self.seconds, strict=True))


class Connection(asyncio.Protocol):
    """One kept connection, on which one request at a time is under way."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what requests are written to."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its family

    def data_received(self, data: bytes) -> None:
        """Hand the answer over once it is whole."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._answer is None or self._answer.done():
            return
        length = CONTENT_LENGTH.search(self._received, 0, end + 2)
        if length is None:
            self._answer.set_exception(ConnectionError("an answer has no Content-Length"))
        elif len(self._received) >= end + 4 + int(length[1]):
            self._answer.set_result(bytes(self._received[: end + 2]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for an answer gets none."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server closed the connection"))

    async def ask(self, request: bytes) -> bytes:
        """The head of the answer; raises OSError when the connection is lost before that."""
        self._received.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    @property
    def is_usable(self) -> bool:
        """Tell whether a request may still be sent on it."""
        return not self._transport.is_closing()

    def close(self) -> None:
        """Let go of it."""
        self._transport.close()


class Client:
    """Posts to one target, on the connection that was last in use, or on a new one when all are."""

    def __init__(self, target: Target) -> None:
        address = urlsplit(target.url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._requests = target.requests()
        self._idle: list[Connection] = []

    async def post(self, into: Answers, due: float | None = None) -> None:
        """Send the next request; it counts from `due` (on time.time's clock), by default from now."""
        sent_at = due or time.time()
        try:
            connection = await self._connection()
            head = await connection.ask(next(self._requests))
        except OSError as problem:
            into.refused[type(problem).__name__] += 1
            return
        seconds = time.time() - sent_at
        self._idle.append(connection)
        status, location = head[9:12].decode(), LOCATION.search(head)
        if status != CREATED or location is None:
            into.refused[status] += 1
            return
        into.references.append(location[1].decode())
        into.sent_at.append(sent_at)
        into.seconds.append(seconds)

    async def _connection(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable:
                return connection
        _, made = await asyncio.get_running_loop().create_connection(Connection, self._host, self._port)
        return made

    def close(self) -> None:
        """Let go of every connection."""
        for connection in self._idle:
            connection.close()


def closed_loop(target: Target, connections: int, seconds: float) -> Answers:
    """Post as many cases as the target takes: each connection posts again as soon as it is answered."""
    return run_loop(_closed_loop(target, connections, seconds))


async def _closed_loop(target: Target, connections: int, seconds: float) -> Answers:
    client, answers = Client(target), Answers()

    async def post_until(end: float) -> None:
        while time.time() < end:
            await client.post(answers)

    end = time.time() + seconds
    await asyncio.gather(*(post_until(end) for _ in range(connections)))
    client.close()
    return answers


def open_loop(target: Target, rate: float, seconds: float) -> Answers:
    """So many cases a second, each counted from the instant it was due to be sent.

    A target that stalls is so charged with all who would have come meanwhile; a generator that waits
    for it would leave them out.
    """
    return run_loop(_open_loop(target, rate, seconds))


async def _open_loop(target: Target, rate: float, seconds: float) -> Answers:
    client, answers = Client(target), Answers()
    start = time.time() + 0.1
    async with asyncio.TaskGroup() as posting:
        for number in range(round(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.time()))
            posting.create_task(client.post(answers, due))
    client.close()
    return answers


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all the values do not exceed."""
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1]
