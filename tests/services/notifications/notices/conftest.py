"""The stand-in for GOV.UK Notify, for every story that sends by it."""

from collections.abc import AsyncIterator

import pytest

from tests.services.notifications.notify_server import NotifyServer, notify_server


@pytest.fixture
async def server() -> AsyncIterator[NotifyServer]:
    """GOV.UK Notify on a port of its own; a file about another kind of server has a fixture of its own."""
    async with notify_server() as running:
        yield running
