"""A replay outlives a gateway's bad moments, does nothing twice, and stops with a sentence when it must."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from deploy import gateway_client as client
from deploy.gateway_client import GatewayClient, HouseFailed, RequestRefused, UnusableGateway, in_words
from deploy.replay.deadlines import states_by_standard
from deploy.replay.meanings import Service
from deploy.replay.posting import Change, Gateways, PostedCase
from tests.support.programs import free_port

Reply = tuple[int, object, dict[str, str]]
Answer = Reply | None

DONE: Reply = (201, {"reference": "REP-1"}, {})
NO_GOOD: Reply = (401, {"detail": "No good token."}, {})
BROKEN_CONNECTION: Answer = None
PROBLEM = "urn:housing-service-standards:problem:"


@dataclass
class Script:
    """The answers of a gateway, one request after the other, and the requests it was sent."""

    url: str
    answers: list[Answer]
    asked: list[str] = field(default_factory=list)

    def keys(self) -> list[str]:
        """The Idempotency-Key of each POST but that for the token."""
        lines = [line for request in self.asked for line in request.splitlines()]
        return [line.partition(": ")[2] for line in lines if line.lower().startswith("idempotency-key")]


def token(expires_in: int = 900) -> Answer:
    return 200, {"access_token": "a", "token_type": "Bearer", "expires_in": expires_in}, {}


@asynccontextmanager
async def gateway_that_answers(answers: Iterable[Answer]) -> AsyncIterator[Script]:
    """A server that follows a script, for no healthy gateway breaks down when a test wants it to."""
    port = free_port()
    script = Script(f"http://127.0.0.1:{port}", list(answers))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = [line.partition(":")[2] for line in head.lower().splitlines() if "content-length" in line]
        await reader.readexactly(int(length[0]) if length else 0)
        script.asked.append(head)
        answer = script.answers.pop(0)
        if answer is not None:
            status, document, headers = answer
            body = json.dumps(document).encode()
            more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(f"HTTP/1.1 {status} X\r\n{more}Content-Length: {len(body)}\r\n".encode())
            writer.write(b"Connection: close\r\n\r\n" + body)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", port):
        yield script


def open_client(url: str) -> AbstractAsyncContextManager[GatewayClient]:
    """A client that has six tries in a blink."""
    return client.open_client(url, "me", "secret", first_pause=0.001)


@pytest.mark.parametrize(
    "bad_moment",
    [
        BROKEN_CONNECTION,
        (503, {"detail": "It is down."}, {"Retry-After": "0"}),
        (504, {"detail": "It took too long."}, {}),
        (429, {"detail": "Too many."}, {"Retry-After": "0"}),
        (409, {"type": PROBLEM + "request-in-progress", "detail": "Still being worked on."}, {}),
    ],
)
async def test_a_bad_moment_is_waited_out_under_the_same_key(bad_moment: Answer) -> None:
    """Nobody knows whether the first try was done, so the next says that it is the same."""
    async with (
        gateway_that_answers([token(), bad_moment, bad_moment, DONE]) as script,
        open_client(script.url) as gateway,
    ):
        answer = await gateway.post("/v1/repairs", {}, "row-1")
    assert answer.json() == {"reference": "REP-1"}
    assert script.keys() == ["row-1"] * 3


async def test_a_refused_token_is_replaced_in_the_midst_of_a_run() -> None:
    """Its key was withdrawn; the row is posted again under its key, with another token."""
    async with (
        gateway_that_answers([token(), DONE, NO_GOOD, token(), DONE]) as script,
        open_client(script.url) as gateway,
    ):
        for row in ("row-1", "row-2"):
            assert (await gateway.post("/v1/repairs", {}, row)).status_code == 201
    assert script.keys() == ["row-1", "row-2", "row-2"]


async def test_retry_after_is_honoured() -> None:
    """A gateway that asks for a second is given one."""
    async with (
        gateway_that_answers([token(), (429, {}, {"Retry-After": "1"}), DONE]) as script,
        open_client(script.url) as gateway,
    ):
        started = asyncio.get_running_loop().time()
        await gateway.post("/v1/repairs", {}, "row-1")
        assert asyncio.get_running_loop().time() - started >= 1


async def test_a_rate_limit_is_waited_out_however_often_it_is_met() -> None:
    """An import longer than the limit allows in a minute takes longer, and does not fail."""
    limited: list[Answer] = [(429, {}, {"Retry-After": "0"})] * (2 * client.TRIES)
    async with (
        gateway_that_answers([token(), *limited, DONE]) as script,
        open_client(script.url) as gateway,
    ):
        assert (await gateway.post("/v1/repairs", {}, "row-1")).status_code == 201


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([token()] + [BROKEN_CONNECTION] * client.TRIES, "cannot be reached: Server disconnected"),
        ([token()] + [(503, {"detail": "Down."}, {})] * client.TRIES, "keeps answering 503: Down"),
        ([token(), (503, {"detail": "Down."}, {"Retry-After": "3600"})], "keeps answering 503: Down"),
        ([BROKEN_CONNECTION], "cannot be reached: Server disconnected"),
        ([(401, {"error": "invalid_client"}, {})], "does not know the client me, or its secret is another"),
        ([(404, {}, {})], "There is no gateway at .*: POST /v1/token was answered with 404"),
        ([(200, {"welcome": "to a web site"}, {})], "There is no gateway at .* with 200"),
        ([token(), (403, {"detail": "No import scope."}, {})], "refuses the client me: No import scope"),
        ([token(), NO_GOOD, token(), NO_GOOD], "refuses the client me: No good token"),
    ],
)
async def test_what_stays_bad_ends_the_replay_with_a_sentence(answers: list[Answer], sentence: str) -> None:
    """After so many tries, at a wrong address or as a client without the right, it says so and stops."""
    async with gateway_that_answers(answers) as script, open_client(script.url) as gateway:
        with pytest.raises(UnusableGateway, match=sentence):
            await gateway.post("/v1/repairs", {}, "row-1")
    assert script.answers == []


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            (422, {"detail": "1 field", "errors": [{"pointer": "/fault", "detail": "no"}]}, {}),
            RequestRefused,
            "/fault no",
        ),
        (
            (409, {"type": PROBLEM + "move-not-allowed", "detail": "It has ended."}, {}),
            RequestRefused,
            "It has ended.",
        ),
        ((500, {"detail": "This was recorded."}, {}), HouseFailed, "500 X"),
    ],
)
async def test_a_request_may_be_refused_alone(answer: Answer, kind: type[Exception], words: str) -> None:
    """A mistake in one row is said of that row, and is not tried again."""
    async with (
        gateway_that_answers([token(), answer]) as script,
        open_client(script.url) as gateway,
    ):
        with pytest.raises(kind) as refused:
            await gateway.post("/v1/repairs", {}, "row-1")
    assert type(refused.value) is kind
    assert str(refused.value) == words


async def test_a_token_is_renewed_before_it_ends() -> None:
    """A token with less than a minute left is not used again: a request must not meet its end."""
    async with (
        gateway_that_answers([token(59), DONE, token(900), DONE, DONE]) as script,
        open_client(script.url) as gateway,
    ):
        for key in ("row-1", "row-2", "row-3"):
            await gateway.post("/v1/repairs", {}, key)
    paths = [request.split()[1] for request in script.asked]
    assert paths == ["/v1/token", "/v1/repairs", "/v1/token", "/v1/repairs", "/v1/repairs"]


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://localhost:port"])
async def test_what_is_no_address_is_said(url: str) -> None:
    """A URL without its http:// is the commonest mistake."""
    with pytest.raises(UnusableGateway, match=url.partition(":")[0]):
        async with open_client(url) as gateway:
            await gateway.get("/v1/repairs/guide")


def test_a_refusal_that_is_no_problem_document_is_still_said() -> None:
    """A proxy in between may answer with a page of its own."""
    assert in_words(httpx.Response(413, html="<h1>Too big</h1>")) == "Request Entity Too Large"


TWO_STANDARDS = {"items": [{"standard": "repairs.priority-3.completed"}, {"standard": "calls.answered"}]}


async def test_deadlines_that_do_not_arrive_are_given_up_and_named() -> None:
    """A case unknown to notifications, or known at an earlier version, is waited for, but not for ever."""
    promised = [{"standard": "repairs.priority-3.completed", "state": "met"}]
    behind: Answer = (200, {"version": 1, "deadlines": promised}, {})
    arrived: Answer = (200, {"version": 2, "deadlines": promised}, {})
    unknown: Answer = (404, {}, {})
    cases = [PostedCase(Service.REPAIRS, f"REP-{number}", 2, Change.NEW) for number in (1, 2, 3)]
    answers = [token(), (200, TWO_STANDARDS, {}), unknown, behind, arrived, arrived]
    steps: list[None] = []
    async with (
        gateway_that_answers(answers + [behind] * 1000) as script,
        open_client(script.url) as gateway,
    ):
        states, missing = await states_by_standard(
            Gateways(gateway, gateway),
            cases,
            lambda: steps.append(None),
            patience=0.3,
            pause=0.01,
            at_once=1,
        )
    assert states == {"repairs.priority-3.completed": {"met": 2}, "calls.answered": {}}
    assert missing == [cases[1]]
    assert len(steps) == 2
