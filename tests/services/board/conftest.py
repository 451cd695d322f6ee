"""The board in this process, in front of services that are as well."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.board.main import create_app
from shared.settings import Settings
from tests.services.lines import Line


@pytest.fixture
async def board(settings: Settings, inside: dict[str, Line]) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's client of the board, which asks the gateway where there is one."""
    app = create_app(settings, inside[settings.gateway_url])
    async with (
        app.running(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://board.test") as client,
    ):
        yield client
