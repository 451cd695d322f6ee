"""Gateways and services to test with: real servers on free ports, or called in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from deploy.protocol import LimitedProtocol
from gateway.application import Gateway
from gateway.clients import Client
from gateway.main import create_gateway
from shared.settings import Settings


class Server(uvicorn.Server):
    """A server inside a test: the signals stay pytest's."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def served(app: ASGIApp, protocol: type[LimitedProtocol] = LimitedProtocol) -> AsyncIterator[str]:
    """The application behind a real server on a free port; gives its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=protocol, log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        if serving.done():
            serving.result()
            raise RuntimeError("the server did not start")
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


def new_gateway(
    var: Path, upstreams: Mapping[str, ASGIApp] | None = None, clients: Iterable[Client] = (), **settings: Any
) -> Gateway:
    """A gateway with its keys and clients in a folder of its own."""
    return create_gateway(Settings(var=var, **settings), upstreams, clients)


@asynccontextmanager
async def calling(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway in this process."""
    async with (
        gateway.running(),
        httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url="http://localhost") as client,
    ):
        yield client


async def token(client: httpx.AsyncClient, client_id: str, secret: str = "demo", **more: str) -> str:
    """An access token from the gateway."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
    }
    answer = await client.post("/v1/token", data=form | more)
    given: str = answer.raise_for_status().json()["access_token"]
    return given
