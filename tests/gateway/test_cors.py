"""Cross-origin requests: pages of the listed origins read answers in a browser, and nobody else's do."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.application import Gateway
from gateway.clients import demo_clients
from shared.errors import Conflict
from shared.http import problems
from shared.settings import Settings
from tests.gateway.serving import calling, new_gateway, token

LISTED, ELSEWHERE = "https://housing.example", "https://elsewhere.example"
WANTED = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,if-match",
}
EXPOSED = {
    *("Location", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy"),
    *("Idempotent-Replayed", "X-Request-ID", "Link"),
}


def repairs() -> FastAPI:
    """A service in this process: one route answers, one refuses, one breaks."""
    app = FastAPI()
    problems.install(app)

    @app.get("/v1/repairs")
    async def answer() -> dict[str, str]:
        return {}

    @app.get("/v1/repairs/conflict")
    async def conflict() -> None:
        raise Conflict("Somebody was first.")

    @app.get("/v1/repairs/defect")
    async def defect() -> None:
        raise RuntimeError

    return app


async def pieces(scope: Scope, receive: Receive, send: Send) -> None:
    """A service that answers in pieces, and varies by another header already."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"vary", b"Accept")]})
    for piece in (b"one ", b"two"):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def gateway(tmp_path: Path, *origins: str, per_minute: int = 100) -> Gateway:
    upstreams: dict[str, ASGIApp] = {"repairs": repairs(), "complaints": pieces}
    limits = {"rate_limit_per_minute": per_minute}
    return new_gateway(tmp_path, upstreams, demo_clients(), cors_origins=origins, **limits)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(gateway(tmp_path, LISTED, "http://localhost:5173")) as client:
        yield client


def words(headers: httpx.Headers, name: str) -> set[str]:
    return {word.strip() for word in headers.get(name, "").split(",")}


@pytest.mark.parametrize("origin", [LISTED, "http://localhost:5173"])
async def test_a_preflight_is_answered_here(client: httpx.AsyncClient, origin: str) -> None:
    """Without a token, which no browser sends with it; every header that a front end needs may be sent."""
    answer = await client.options("/v1/repairs", headers={"Origin": origin, **WANTED})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == origin
    assert "POST" in words(answer.headers, "access-control-allow-methods")
    assert words(answer.headers, "access-control-allow-headers") >= {
        *("Authorization", "Idempotency-Key", "If-Match", "If-None-Match", "Content-Type", "X-Request-ID"),
    }
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", f"{LISTED}.elsewhere.example", f"{LISTED}:8443"])
async def test_a_preflight_from_elsewhere_is_told_nothing(client: httpx.AsyncClient, origin: str) -> None:
    """204 as any other, and the browser sends no request."""
    answer = await client.options("/v1/repairs", headers={"Origin": origin, **WANTED})
    assert answer.status_code == 204
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_without_origins_no_page_reads_anything(tmp_path: Path) -> None:
    """The default: nothing is said of origins, nor do answers vary by them."""
    async with calling(gateway(tmp_path)) as client:
        preflight = await client.options("/v1/repairs", headers={"Origin": LISTED, **WANTED})
        answer = await client.get("/v1/repairs", headers={"Origin": LISTED})
    assert (preflight.status_code, answer.status_code) == (204, 200)
    for headers in (preflight.headers, answer.headers):
        assert not [name for name in headers if name.startswith("access-control-")]
    assert "vary" not in answer.headers


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/repairs", {}, 200),
        ("/v1/repairs/conflict", {}, 409),
        ("/v1/repairs/defect", {}, 500),
        ("/v1/estates/sites", {}, 500),  # its service is not there
        ("/v1/me/cases", {}, 401),
        ("/nowhere", {}, 404),
        ("/v1/repairs", {"Host": "forged.example"}, 400),
    ],
)
async def test_a_page_reads_refusals_too(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], status: int
) -> None:
    """Without these headers a script is told only that the request failed."""
    answer = await client.get(path, headers={"Origin": LISTED, **headers})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == LISTED
    assert words(answer.headers, "access-control-expose-headers") == EXPOSED


async def test_a_page_reads_when_it_may_come_back(tmp_path: Path) -> None:
    """A 429 with its Retry-After; preflights are not counted, for they are the browser's."""
    async with calling(gateway(tmp_path, LISTED, per_minute=1)) as client:
        for _ in range(3):
            await client.options("/v1/repairs", headers={"Origin": LISTED, **WANTED})
        first, second = [await client.get("/v1/repairs", headers={"Origin": LISTED}) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 429)
    assert second.headers["access-control-allow-origin"] == LISTED
    assert "retry-after" in second.headers


@pytest.mark.parametrize(("origin", "allowed"), [(LISTED, LISTED), (ELSEWHERE, None), (None, None)])
async def test_an_answer_in_pieces_varies_by_origin(
    client: httpx.AsyncClient, origin: str | None, allowed: str | None
) -> None:
    """A cache must not show one page's answer to another; what the service varies by is kept."""
    answer = await client.get("/v1/complaints", headers={"Origin": origin} if origin else {})
    assert answer.text == "one two"
    assert answer.headers.get("access-control-allow-origin") == allowed
    assert words(answer.headers, "vary") == {"Accept", "Origin"}


async def test_every_origin_may_be_let_in_by_a_star(tmp_path: Path) -> None:
    """For an interface that is open to all; with tokens in a header no cookie is at risk."""
    async with calling(gateway(tmp_path, "*")) as client:
        answer = await client.get("/v1/repairs", headers={"Origin": ELSEWHERE})
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_front_end_asks_for_its_token_across_origins(client: httpx.AsyncClient) -> None:
    """The token endpoint is read like any other."""
    assert await token(client, "demo-frontend")
    form = {"grant_type": "client_credentials", "client_id": "demo-frontend", "client_secret": "demo"}
    answer = await client.post("/v1/token", data=form, headers={"Origin": LISTED})
    assert answer.headers["access-control-allow-origin"] == LISTED


@pytest.mark.parametrize(
    "origins",
    [
        ("https://housing.example/",),
        ("https://housing.example/board",),
        ("housing.example",),
        ("https://Housing.example",),
        ("https://housing.example:443",),
        ("http://localhost:80",),
        ("https://*.example",),
        ("ftp://housing.example",),
        ("null",),
        ("",),
        ("*", LISTED),
        (LISTED, "*"),
    ],
)
def test_an_origin_that_no_browser_sends_is_found_at_the_start(origins: tuple[str, ...]) -> None:
    """It would never be matched, and the page would fail without anybody knowing why."""
    with pytest.raises(ValidationError, match="is no origin"):
        Settings(cors_origins=origins)


def test_the_origin_that_is_wrong_is_counted() -> None:
    """By its place, since no error repeats what a setting says."""
    with pytest.raises(ValidationError, match="number 2 is no origin") as refused:
        Settings(cors_origins=(LISTED, "https://secret.example/path"))
    assert "secret" not in str(refused.value)
