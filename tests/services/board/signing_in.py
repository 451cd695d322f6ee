"""Browsers at a board whose people sign in at a provider, and a page that tells who is there."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import Request

from gateway.clients import Client, demo_clients
from services.board.main import create_app
from services.board.signin import checked_form, current, form_token
from shared.settings import Settings
from tests.gateway.serving import calling, new_gateway
from tests.support.sign_in import OpenIDProvider

CLIENT = {"client_id": "board", "client_secret": "the board's own"}
HERE = "https://board.test"
BACK = f"{HERE}/board/sign-in/return"
MAP = """
claim = "roles"
[[grant]]
value = "officer.repairs"
roles = ["officer"]
departments = ["repairs"]
[[grant]]
value = "acme"
roles = ["contractor"]
firm = "Acme Repairs"
[[grant]]
claim = "groups"
value = "00000000-0000-0000-0000-000000000001"
departments = ["asb"]
"""


@asynccontextmanager
async def browsers(
    var: Path, demo_persons: tuple[str, ...] = (), clients: Iterable[Client] = (), **settings: Any
) -> AsyncIterator[httpx.ASGITransport]:
    """The way of browsers to a board before a gateway, with a page that tells who is here."""
    async with calling(new_gateway(var, {}, [*demo_clients(), *clients], **settings)) as api:
        board = create_app(Settings(**settings), api._transport, demo_persons)

        @board.pages.get("/board/who")
        async def who(request: Request) -> dict[str, Any]:
            here = current(request)
            told = (
                {}
                if here is None
                else {"name": here.name, "roles": [*here.roles], "firm": here.firm, "person": here.person}
            )
            return {
                **told,
                "departments": sorted(here.departments) if here else [],
                "csrf": form_token(request),
            }

        @board.pages.post("/board/act")
        async def act(request: Request) -> str:
            return str((await checked_form(request))["what"])

        async with board.running():
            yield httpx.ASGITransport(board, raise_app_exceptions=False)


def browser(way: httpx.ASGITransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=way, base_url=HERE)


async def signed_in(
    client: httpx.AsyncClient,
    provider: OpenIDProvider,
    name: str,
    path: str = "/board/sign-in?then=/board/who",
) -> httpx.Response:
    """The answer to somebody who has come back from the provider."""
    to = await client.get(path)
    assert to.status_code == 303, to.text
    return await client.get(await provider.choose(to.headers["location"], name))


async def who(client: httpx.AsyncClient, **headers: str) -> dict[str, Any]:
    told: dict[str, Any] = (await client.get("/board/who", headers=headers)).json()
    return told
