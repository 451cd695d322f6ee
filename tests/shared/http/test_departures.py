"""Clients that leave in the middle: their work is done whole or not at all, and costs nobody a connection."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from shared.db.engine import Database
from tests.gateway.serving import served
from tests.shared.permits_app import REQUEST, calling, headers, permits_app, requested
from tests.shared.stored import count, is_waited_for, locked_row, rows
from tests.support.eventually import eventually

POOL = 3


@pytest.fixture
async def app(database_for: Callable[[str], Awaitable[str]]) -> AsyncIterator[FastAPI]:
    async with permits_app(await database_for("permits"), pool_size=POOL, pool_timeout=1.0) as app:
        yield app


def request(path: str, body: Any) -> bytes:
    """A POST as it goes over the wire."""
    content = json.dumps(body).encode()
    lines = {**headers(), "Host": "permits", "Content-Type": "application/json", "Idempotency-Key": path}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


async def connected(url: str) -> socket.socket:
    """A socket that, closed, tells the other side at once."""
    address = urlsplit(url)
    client = socket.socket()
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    await asyncio.get_running_loop().sock_connect(client, (address.hostname, address.port))
    return client


async def test_a_write_whose_client_has_left_is_done_whole(app: FastAPI, database: Database) -> None:
    """The case, its event and the answer kept for the key: all of them, and the connection is back."""
    async with served(app) as url, calling(app) as client:
        before = (await requested(client)).json()
        case = before["reference"]
        async with locked_row(database, case):
            leaver = await connected(url)
            sent = request(f"/v1/permits/{case}/issue", {})
            await asyncio.get_running_loop().sock_sendall(leaver, sent)
            await eventually(lambda: is_waited_for(database))
            leaver.close()
        await eventually(lambda: count_of_keys(database))
    version = before["version"] + 1
    assert await rows(database, "SELECT version, status FROM permits") == [(version, "issued")]
    assert await count(database, "events") == version


async def count_of_keys(database: Database) -> int:
    return await count(database, "idempotency_keys")


async def test_requests_that_break_off_write_nothing_and_cost_no_connection(
    app: FastAPI, database: Database
) -> None:
    """Thirty clients, ten for each connection of the pool, leave before they have sent everything."""
    async with served(app) as url, calling(app) as client:
        for _ in range(10 * POOL):
            leaver = await connected(url)
            await asyncio.get_running_loop().sock_sendall(leaver, request("/v1/permits", REQUEST)[:-10])
            leaver.close()
        assert await count(database, "permits") == 0
        await eventually(lambda: nothing_checked_out(database))
        answers = await asyncio.gather(*(requested(client) for _ in range(2 * POOL)))
    assert {answer.status_code for answer in answers} == {201}


async def test_clients_that_leave_without_waiting_cost_no_connection(
    app: FastAPI, database: Database
) -> None:
    """Thirty whole reports whose senders are gone before the answer: each is kept once or not at all."""
    async with served(app) as url:
        for number in range(10 * POOL):
            leaver = await connected(url)
            sent = request("/v1/permits", REQUEST).replace(b"Key: /v1/permits", b"Key: %d" % number)
            await asyncio.get_running_loop().sock_sendall(leaver, sent)
            leaver.close()
        await eventually(lambda: nothing_checked_out(database))
    kept = await count(database, "idempotency_keys")
    assert await count(database, "permits") == kept
    assert await rows(database, "SELECT count(DISTINCT reference) FROM events") == [(kept,)]


def nothing_checked_out(database: Database) -> bool:
    return database.engine.pool.checkedout() == 0  # type: ignore[attr-defined,no-any-return]
