"""The asb service, with the people who work in it."""

import httpx
import pytest

from shared.clock import Clock
from tests.services.asb.cases import Cases
from tests.services.callers import Callers
from tests.support.in_process import InProcess


@pytest.fixture
async def asb(services: InProcess, clock: Clock) -> httpx.AsyncClient:
    """The asb service; its events stay owed, since nobody listens."""
    return await services.serve(await services.state("asb", clock))


@pytest.fixture
def cases(asb: httpx.AsyncClient, callers: Callers) -> Cases:
    """Acts on cases, each by whoever may do it."""
    return Cases(asb, callers)
