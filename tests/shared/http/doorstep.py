"""Requests whose body never comes, for routes that must not wait for it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message

LONGEST_WAIT = 5.0  # seconds


@dataclass
class Answer:
    """The answer to a request without its body, and whether the application asked for that body."""

    status: int = 0
    asked_for_the_body: bool = False
    headers: dict[str, str] = field(default_factory=dict)


async def ask(
    app: ASGIApp,
    path: str,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    seconds: float = LONGEST_WAIT,
) -> Answer:
    """Post to an application without ever sending the body; raises TimeoutError when it waits for that."""
    answer = Answer()

    async def receive() -> Message:
        answer.asked_for_the_body = True
        await asyncio.Event().wait()
        raise AssertionError("the body never comes")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("permits", 80),
    }
    async with asyncio.timeout(seconds):
        await app(scope, receive, send)
    return answer


async def first_line(url: str, path: str, headers: Mapping[str, str]) -> str:
    """The first line that a server says to a client which sends its body only when it is told to."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    lines = {"Host": "permits", **headers, "Content-Length": "1000", "Expect": "100-continue"}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            return (await reader.readline()).decode().strip()
    finally:
        writer.close()
