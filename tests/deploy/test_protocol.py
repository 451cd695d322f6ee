"""Trailer fields (RFC 9110, section 6.5) become no headers, at the gateway and at the services as served."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial

import httpx
import pytest

from gateway.clients import add_to_file, demo_clients
from tests.end_to_end.houses import REPORT
from tests.gateway.serving import token
from tests.support.child import child
from tests.support.eventually import eventually
from tests.support.postgres import Databases
from tests.support.programs import free_port

START_SECONDS = 60.0
BODY = json.dumps(REPORT).encode()

Ports = dict[str, int]


async def is_alive(port: int) -> bool:
    """True once a process answers at that port."""
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/health/live")).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
async def ports(tmp_path_factory: pytest.TempPathFactory, _databases: Databases) -> AsyncIterator[Ports]:
    """A gateway and a service, each served as a process of its own, by name."""
    var = tmp_path_factory.mktemp("served")
    ports = {"gateway": free_port(), "repairs": free_port()}
    for client in demo_clients():
        add_to_file(var / "clients.toml", client)
    environment = {
        "VAR": str(var),
        "WORKERS": "false",
        "DATABASE_URLS": json.dumps({"repairs": await _databases.fresh("repairs")}),
        "RABBITMQ_URL": "amqp://127.0.0.1:1/",
        "GATEWAY_URL": f"http://127.0.0.1:{ports['gateway']}",
        "SERVICE_URLS": json.dumps({"repairs": f"http://127.0.0.1:{ports['repairs']}"}),
        "PSEUDONYM_KEY": "between services",
    }
    async with AsyncExitStack() as stack:
        for name, app in (("gateway", "gateway.main:app"), ("repairs", "services.repairs.main:app")):
            folder = tmp_path_factory.mktemp(name)
            command = ("deploy.serve", app, str(ports[name]))
            await stack.enter_async_context(child(folder, *command, environment=environment))
        for port in ports.values():
            await eventually(partial(is_alive, port), START_SECONDS)
        yield ports


async def resident(ports: Ports) -> str:
    """A resident's token."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['gateway']}") as client:
        return await token(client, "demo-resident")


async def posted(port: int, headers: str, trailers: str) -> int:
    """The status that a report sent in chunks gets, with these header lines and these trailer lines."""
    request = (
        b"POST /v1/repairs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n" + headers.encode() + b"\r\n"
        b"%x\r\n%b\r\n0\r\n%b\r\n" % (len(BODY), BODY, trailers.encode())
    )
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    try:
        writing.write(request)
        answer = await asyncio.wait_for(reading.read(), 20)
    finally:
        writing.close()
    return int(answer.split(b" ")[1])


@pytest.mark.parametrize("name", ["gateway", "repairs"])
async def test_a_token_after_the_body_lets_nobody_in(ports: Ports, name: str) -> None:
    """The request had none when its body was accepted, and none is what it has."""
    bearer = f"Authorization: Bearer {await resident(ports)}\r\n"
    assert await posted(ports[name], bearer, "") == 201
    assert await posted(ports[name], "", bearer) == 401


@pytest.mark.parametrize("name", ["gateway", "repairs"])
async def test_a_second_token_after_the_body_changes_nothing(ports: Ports, name: str) -> None:
    """Two Authorization headers are refused, and a trailer is no header."""
    bearer = f"Authorization: Bearer {await resident(ports)}\r\n"
    assert await posted(ports[name], bearer, bearer) == 201


@pytest.mark.parametrize("name", ["gateway", "repairs"])
async def test_a_length_after_the_body_is_refused(ports: Ports, name: str) -> None:
    """A body with two lengths is one request to one server and two to the next (request smuggling)."""
    bearer = f"Authorization: Bearer {await resident(ports)}\r\n"
    assert await posted(ports[name], bearer, "Content-Length: 5\r\n") == 400
