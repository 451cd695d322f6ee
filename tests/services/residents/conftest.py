"""Residents, and repairs beside it: here the household in a home is asked about."""

import httpx
import pytest

from shared.app_state import AppState
from shared.directory import DIRECTORY, Directory
from tests.services.clocks import SteppedClock
from tests.support.in_process import InProcess


@pytest.fixture
def directory() -> Directory:
    """Every service."""
    return DIRECTORY


@pytest.fixture
async def residents_state(services: InProcess, stepped: SteppedClock) -> AppState:
    """The application state of residents."""
    return await services.state("residents", stepped)


@pytest.fixture
async def residents(services: InProcess, residents_state: AppState) -> httpx.AsyncClient:
    """The residents service; its events stay owed, since nobody listens."""
    return await services.serve(residents_state)
