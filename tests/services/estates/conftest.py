"""The estates team at its service."""

import httpx
import pytest

from shared.app_state import AppState
from shared.clock import Clock
from tests.services.callers import Callers
from tests.services.estates.caring import Estate
from tests.support.in_process import InProcess


@pytest.fixture
async def estates_state(services: InProcess, clock: Clock) -> AppState:
    """The application state of estates."""
    return await services.state("estates", clock)


@pytest.fixture
async def estates(services: InProcess, estates_state: AppState) -> httpx.AsyncClient:
    """The estates service; its events stay owed, since nobody listens."""
    return await services.serve(estates_state)


@pytest.fixture
def estate(estates: httpx.AsyncClient, callers: Callers) -> Estate:
    """The estates team at its service."""
    return Estate(estates, callers)
