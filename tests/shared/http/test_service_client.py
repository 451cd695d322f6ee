"""The token with which a service asks others: nobody with little time waits for it to be renewed."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from shared.clients.service_client import RENEW_BEFORE_SECONDS, ServiceClient
from shared.settings import Settings
from tests.shared.example.directory import ALONE
from tests.support.eventually import eventually


class Issuer:
    """A gateway and a service in one, whose tokens last as long as a test says, and take as long to make."""

    def __init__(self) -> None:
        self.given, self.lasting, self.is_open = 0, 2 * RENEW_BEFORE_SECONDS, asyncio.Event()
        self.is_open.set()
        routes = [Route("/v1/token", self._token, methods=["POST"]), Route("/asked", self._asked)]
        self.transport = httpx.ASGITransport(Starlette(routes=routes))

    async def _token(self, _: Request) -> JSONResponse:
        await self.is_open.wait()
        self.given += 1
        return JSONResponse({"access_token": f"token {self.given}", "expires_in": self.lasting})

    async def _asked(self, request: Request) -> JSONResponse:
        return JSONResponse(request.headers["authorization"])


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def client(issuer: Issuer) -> AsyncIterator[ServiceClient]:
    settings = Settings(directory=ALONE, client_secret="between services")
    made = ServiceClient("permits", settings, {"all://": issuer.transport})
    yield made
    await made.close()


async def token_of(client: ServiceClient) -> str:
    shown: str = (await client.get("permits", "/asked")).json()
    return shown


async def test_a_token_is_renewed_while_the_old_one_is_still_good(
    issuer: Issuer, client: ServiceClient
) -> None:
    """Whoever asks meanwhile asks with the old one, and waits for nothing."""
    issuer.lasting = RENEW_BEFORE_SECONDS / 2
    assert await token_of(client) == "Bearer token 1"
    issuer.is_open.clear()
    async with asyncio.timeout(5):
        assert [await token_of(client) for _ in range(3)] == ["Bearer token 1"] * 3
    issuer.is_open.set()
    issuer.lasting = 2 * RENEW_BEFORE_SECONDS

    async def is_renewed() -> bool:
        return await token_of(client) == "Bearer token 2"

    assert await eventually(is_renewed)
    assert issuer.given == 2


async def test_who_cannot_wait_leaves_the_renewal_running(issuer: Issuer, client: ServiceClient) -> None:
    """A renewal that takes longer than any one caller has would else never end."""
    issuer.is_open.clear()
    for _ in range(2):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await token_of(client)
    issuer.is_open.set()
    assert (await token_of(client), issuer.given) == ("Bearer token 1", 1)


async def test_the_first_token_is_there_before_anybody_needs_it(
    issuer: Issuer, client: ServiceClient
) -> None:
    """A service gets it as it starts."""
    await client.get_ready()
    issuer.is_open.clear()
    async with asyncio.timeout(5):
        assert await token_of(client) == "Bearer token 1"
