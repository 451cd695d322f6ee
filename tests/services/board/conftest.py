"""A house in this process with the board in it, one for the whole run, and people who have signed in."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, expect

from deploy.embedded import house
from gateway.application import Gateway
from services.board.main import create_app
from shared.settings import Settings
from tests.gateway.serving import served
from tests.services.board.desk import Desk
from tests.services.board.signing_in import BACK, CLIENT, HERE, MAP, browser as browser_at, browsers
from tests.services.lines import Line
from tests.support.asgi import requests_only
from tests.support.browser import NoBrowser, browser_page
from tests.support.postgres import Databases
from tests.support.sign_in import OpenIDProvider

BROWSER_MILLISECONDS = 20_000


@pytest.fixture
async def board(settings: Settings, inside: dict[str, Line]) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's client of the board alone, whose gateway gives no answer."""
    app = create_app(settings, inside[settings.gateway_url])
    async with (
        app.running(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://board.test") as client,
    ):
        yield client


@pytest.fixture(scope="session")
async def urls(_databases: Databases) -> dict[str, str]:
    """The databases of the house."""
    return {name: await _databases.fresh(name) for name in Settings().directory.names}


@pytest.fixture(scope="session")
def house_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the house, with its dead letters."""
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="session")
async def gateway(urls: dict[str, str], encryption_keys: Path, house_folder: Path) -> AsyncIterator[Gateway]:
    """The gateway of a house with every service and the board, as `make run` has it."""
    settings = Settings(
        token_seconds=24 * 3600,  # tokens are asked for once in the whole run
        var=house_folder,
        encryption_keys=encryption_keys,
        council="Havering Council",
    )
    with pytest.MonkeyPatch.context() as patient:
        # a busy machine takes longer for the first answers; a part that is missing is another story
        patient.setattr("gateway.search.SECONDS", 10.0)
        patient.setattr("services.board.client.PART_SECONDS", 10.0)
        patient.setattr("services.board.client.SECONDS", 30.0)
        patient.setattr("services.board.pages.ops.SOURCE_SECONDS", 10.0)
        async with house(settings, urls) as running:
            yield running


@pytest.fixture(scope="session")
async def _desk(gateway: Gateway) -> AsyncIterator[Desk]:
    """The officer's desk: the API and the board of the house."""
    async with Desk.at(gateway) as desk:
        yield desk


@pytest.fixture
async def desk(_desk: Desk, urls: dict[str, str]) -> Desk:
    """The desk with nothing on its lists: they show the first 25 rows, and a new case comes last."""
    connection = await asyncpg.connect(urls["notifications"])
    try:
        await connection.execute("DELETE FROM deadlines")
    finally:
        await connection.close()
    return _desk


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all stories, which is waited for as long as a busy machine may take."""
    expect.set_options(timeout=BROWSER_MILLISECONDS)
    try:
        async with browser_page() as page:
            assert page.context.browser is not None
            yield page.context.browser
    except NoBrowser as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
async def address(gateway: Gateway) -> AsyncIterator[str]:
    """The house, served to browsers."""
    async with served(requests_only(gateway)) as at:
        yield at


@pytest.fixture
def sign_in(provider: OpenIDProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Settings of a house whose people sign in at the provider, and of a board that it knows."""
    (tmp_path / "map.toml").write_text(MAP)
    for name, value in {"URL": HERE, "SCOPES": "profile offline_access", "SECRET": "s" * 32}.items():
        monkeypatch.setenv(f"BOARD_{name}", value)
    for name, value in CLIENT.items():
        monkeypatch.setenv(f"BOARD_{name.upper()}", value)
    return {
        "oidc_issuer": provider.issuer,
        "oidc_audience": "api://housing",
        "oidc_claims_file": tmp_path / "map.toml",
    }


@pytest.fixture
async def way(
    provider: OpenIDProvider, tmp_path: Path, sign_in: dict[str, Any]
) -> AsyncIterator[httpx.ASGITransport]:
    await provider.register("board", BACK, secret=CLIENT["client_secret"])
    async with browsers(tmp_path, **sign_in) as way:
        yield way


@pytest.fixture
async def here(way: httpx.ASGITransport) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the board."""
    async with browser_at(way) as client:
        yield client
