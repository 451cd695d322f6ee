"""Fixtures of a service: its database, and its state on another, new for each test that asks for one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from shared.app_state import AppState, open_app_state
from shared.db.engine import Database, open_database
from shared.messaging.local import LocalBroker
from shared.settings import Settings
from tests.shared.example.directory import ALONE


@pytest.fixture
async def url(database_for: Callable[[str], Awaitable[str]]) -> str:
    """The URL of a database of the permits service."""
    return await database_for("permits")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


@pytest.fixture
async def state(database_for: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[AppState]:
    """The state of a process that serves no request and runs no worker."""
    settings = Settings(
        directory=ALONE, database_urls={"permits": await database_for("permits")}, workers=False
    )
    opened = open_app_state("permits", settings, broker=LocalBroker(tmp_path))
    yield opened
    await opened.close()
