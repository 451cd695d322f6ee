"""What a service runs on, with a database of its own for each test that asks for one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from shared.app_state import AppState, open_app_state
from shared.messaging.local import LocalBroker
from shared.settings import Settings


@pytest.fixture
async def state(database_for: Callable[[str], Awaitable[str]], tmp_path: Path) -> AsyncIterator[AppState]:
    """The state of a process that serves no request and runs no worker."""
    settings = Settings(database_urls={"repairs": await database_for("repairs")}, workers=False)
    opened = open_app_state("repairs", settings, broker=LocalBroker(tmp_path))
    yield opened
    await opened.close()
