"""The way through the gateway to a service at an address: real servers on both sides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.cases.attachments.policy import MOST_BYTES
from tests.gateway.serving import new_gateway, served
from tests.support.programs import free_port

LIMIT = 64 * 1024


class Repairs:
    """A service that tells what reached it, and can be slow, silent, streaming or short-lived."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.arrived = asyncio.Event()
        self.was_left = asyncio.Event()
        self.written: asyncio.Queue[int] = asyncio.Queue()
        self.app = Starlette(
            routes=[
                Route("/v1/repairs/stream", self.stream),
                Route("/v1/repairs/wait", self.wait),
                Route("/v1/repairs/write", self.write, methods=["POST"]),
                Route("/v1/repairs/register", self.write, methods=["POST"]),
                Route("/v1/repairs/break", self.broken),
                Route("/v1/repairs/nothing", self.nothing, methods=["POST"]),
                Route("/{rest:path}", self.echo, methods=["GET", "POST", "HEAD", "DELETE"]),
            ]
        )

    async def echo(self, request: Request) -> Response:
        body = await request.body()
        seen = {
            "method": request.method,
            "target": request.scope["raw_path"].decode() + "?" + request.scope["query_string"].decode(),
            "headers": dict(request.headers),
            "length": len(body),
        }
        return JSONResponse(seen, headers={"ETag": '"3"', "Location": "/v1/repairs/REP-7K3M-Q9TX"})

    async def stream(self, request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"first"
            await self.go_on.wait()
            yield b"second"

        return StreamingResponse(pieces())

    async def wait(self, request: Request) -> Response:
        self.arrived.set()
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self.was_left.set()
        return Response()

    async def write(self, request: Request) -> Response:
        body = await request.body()
        self.arrived.set()
        await self.go_on.wait()
        self.written.put_nowait(len(body))
        return Response(status_code=201)

    async def broken(self, request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"a beginning"
            raise RuntimeError("no end")

        return StreamingResponse(pieces())

    async def nothing(self, request: Request) -> Response:
        return Response(status_code=204)


@asynccontextmanager
async def house(tmp_path: Path, repairs: Repairs, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway, before a repairs service; notifications is down."""
    async with served(repairs.app) as address:
        urls = {"repairs": address, "notifications": f"http://127.0.0.1:{free_port()}"}
        # gateway, service and a hundred clients share one thread here: a connection may take its time
        settings = {"connect_timeout": 10.0, **settings}
        gateway = new_gateway(tmp_path, service_urls=urls, body_limit=LIMIT, **settings)
        async with served(gateway) as door, httpx.AsyncClient(base_url=door) as client:
            yield client


@pytest.fixture
def repairs() -> Repairs:
    """The service behind the gateway."""
    return Repairs()


@pytest.fixture
async def client(tmp_path: Path, repairs: Repairs) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody outside."""
    async with house(tmp_path, repairs) as client:
        yield client


async def test_a_request_arrives_as_it_was_sent(client: httpx.AsyncClient) -> None:
    """Method, path, query, body and token go through; claims about identity do not."""
    answer = await client.post(
        "/v1/repairs/a%2Fb%20c?on=2026-11-23&x=%C3%A9",
        content=b"x" * 1000,
        headers={
            "Authorization": "Bearer t",
            "X-User": "me",
            "X-Forwarded-For": "1.2.3.4",
            "If-Match": '"3"',
        },
    )
    seen = answer.json()
    assert seen["method"] == "POST"
    assert seen["target"] == "/v1/repairs/a%2Fb%20c?on=2026-11-23&x=%C3%A9"
    assert seen["length"] == 1000
    assert seen["headers"]["authorization"] == "Bearer t"
    assert seen["headers"]["if-match"] == '"3"'
    assert not {"x-user", "x-forwarded-for"} & set(seen["headers"])


async def test_an_answer_arrives_as_it_was_given(client: httpx.AsyncClient) -> None:
    """Its headers too, once each, and what the gateway adds."""
    answer = await client.get("/v1/repairs", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["etag"] == '"3"'
    assert answer.headers["location"] == "/v1/repairs/REP-7K3M-Q9TX"
    for name in ("server", "date", "x-request-id", "ratelimit", "ratelimit-policy", "content-length"):
        assert len(answer.headers.get_list(name)) == 1, name
    assert answer.headers["x-request-id"] == answer.json()["headers"]["x-request-id"] == "abc-1"


async def test_a_request_id_that_is_not_well_formed_is_replaced(client: httpx.AsyncClient) -> None:
    """It goes into logs and events."""
    answer = await client.get("/v1/repairs", headers={"X-Request-ID": "a b"})
    assert answer.headers["x-request-id"] != "a b"
    assert answer.headers["x-request-id"] == answer.json()["headers"]["x-request-id"]


async def test_an_answer_without_a_body_has_none(client: httpx.AsyncClient) -> None:
    """A HEAD says how long the body would be; a 204 has nothing to say."""
    head = await client.head("/v1/repairs")
    assert int(head.headers["content-length"]) > 0
    assert (await client.post("/v1/repairs/nothing")).status_code == 204


@pytest.mark.parametrize(
    "path", ["/internal/status", "/v1/repairs/%2e%2e/%2e%2e/internal/status", "/v1/repairs%2f..%2fx"]
)
async def test_what_is_in_no_route_cannot_be_reached(client: httpx.AsyncClient, path: str) -> None:
    """The service has such a page; from outside it does not exist."""
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_answer_streams(client: httpx.AsyncClient, repairs: Repairs) -> None:
    """The first piece is there before the second exists."""
    async with asyncio.timeout(5), client.stream("GET", "/v1/repairs/stream") as answer:
        pieces = answer.aiter_raw()
        assert await anext(pieces) == b"first"
        repairs.go_on.set()
        assert await anext(pieces) == b"second"


async def test_a_body_of_announced_length_may_have_the_limit_and_no_more(client: httpx.AsyncClient) -> None:
    """One byte over is a 413, before anything is sent on."""
    assert (await client.post("/v1/repairs", content=b"x" * LIMIT)).json()["length"] == LIMIT
    answer = await client.post("/v1/repairs", content=b"x" * (LIMIT + 1))
    assert (answer.status_code, answer.json()["title"]) == (413, "The request body is too large")


@pytest.mark.parametrize(("size", "status"), [(LIMIT, 200), (LIMIT + 1, 413), (LIMIT * 20, 413)])
async def test_a_body_in_chunks_is_counted(client: httpx.AsyncClient, size: int, status: int) -> None:
    """Its length is announced by nobody; the service never sees the end of one that is too long."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, 1000):
            yield b"x" * min(1000, size - start)

    answer = await client.post("/v1/repairs", content=chunks())
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["length"] == size


@pytest.mark.parametrize(("size", "status"), [(MOST_BYTES, 200), (MOST_BYTES + 1, 413)])
@pytest.mark.parametrize("announced", [True, False])
async def test_a_photo_may_be_larger(
    client: httpx.AsyncClient, size: int, status: int, announced: bool
) -> None:
    """A photo may be longer than a report, with its length announced or not."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, LIMIT):
            yield b"x" * min(LIMIT, size - start)

    content = b"x" * size if announced else chunks()
    answer = await client.post("/v1/repairs/REP-7K3M-Q9TX/attachments", content=content)
    assert answer.status_code == status
    assert status == 413 or answer.json()["length"] == size


async def test_a_photo_may_take_longer_to_send_than_a_service_to_answer(
    tmp_path: Path, repairs: Repairs
) -> None:
    """Twelve mebibytes from a stairwell take minutes; the service has not fallen silent meanwhile."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"x"
            await asyncio.sleep(0.2)

    async with house(tmp_path, repairs, upstream_timeout=0.3) as client:
        answer = await client.post("/v1/repairs/REP-7K3M-Q9TX/attachments", content=chunks())
    assert (answer.status_code, answer.json()["length"]) == (200, 4)


async def test_a_service_that_is_down_is_a_quick_503_and_the_others_go_on(client: httpx.AsyncClient) -> None:
    """It says when to come back, and what is concerned."""
    started = monotonic()
    answer = await client.get("/v1/cases/REP-7K3M-Q9TX/deadlines")
    assert monotonic() - started < 1
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "notifications" in answer.json()["detail"]
    assert (await client.get("/v1/repairs")).status_code == 200


async def test_a_service_that_says_nothing_is_a_504(tmp_path: Path, repairs: Repairs) -> None:
    """The caller learns that it may have been done, and how to repeat it safely."""
    async with house(tmp_path, repairs, upstream_timeout=0.3) as client:
        answer = await client.post("/v1/repairs/write", content=b"x")
        repairs.go_on.set()
    assert answer.status_code == 504
    assert "Idempotency-Key" in answer.json()["detail"]


async def test_a_register_is_waited_for(tmp_path: Path, repairs: Repairs) -> None:
    """Nothing is heard of a file of thousands of lines until it is loaded whole."""
    async with house(tmp_path, repairs, upstream_timeout=0.3) as client:
        asyncio.get_running_loop().call_later(0.7, repairs.go_on.set)
        answer = await client.post("/v1/repairs/register", content=b"kind,address,postcode")
    assert answer.status_code == 201


async def test_an_answer_that_breaks_off_is_seen_to_be_broken(client: httpx.AsyncClient) -> None:
    """It must not look like a short but whole one."""
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/v1/repairs/break")


async def test_a_client_that_leaves_ends_its_reading(client: httpx.AsyncClient, repairs: Repairs) -> None:
    """The service is told, and stops working for nobody."""
    reading = asyncio.create_task(client.get("/v1/repairs/wait"))
    await repairs.arrived.wait()
    reading.cancel()
    async with asyncio.timeout(5):
        await repairs.was_left.wait()
    assert (await client.get("/v1/repairs")).status_code == 200


async def test_a_client_that_leaves_does_not_undo_its_writing(
    client: httpx.AsyncClient, repairs: Repairs
) -> None:
    """A write that was sent whole is done."""
    writing = asyncio.create_task(client.post("/v1/repairs/write", content=b"whole"))
    await repairs.arrived.wait()
    writing.cancel()
    await asyncio.sleep(0.3)
    repairs.go_on.set()
    async with asyncio.timeout(5):
        assert await repairs.written.get() == 5


async def test_a_client_that_leaves_halfway_through_its_body_has_written_nothing(
    client: httpx.AsyncClient, repairs: Repairs
) -> None:
    """Half a report is no report."""
    sent = asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield b"half of it"
        sent.set()
        await asyncio.sleep(60)

    writing = asyncio.create_task(client.post("/v1/repairs/write", content=half()))
    await sent.wait()
    await asyncio.sleep(0.1)
    writing.cancel()
    repairs.go_on.set()
    await asyncio.sleep(0.3)
    assert repairs.written.empty()
    assert (await client.get("/v1/repairs")).status_code == 200


async def test_a_hundred_at_once_each_get_their_own_answer(client: httpx.AsyncClient) -> None:
    """Connections are shared, answers are not."""
    answers = await asyncio.gather(*(client.get(f"/v1/repairs/{number}") for number in range(100)))
    assert [answer.json()["target"] for answer in answers] == [f"/v1/repairs/{n}?" for n in range(100)]
