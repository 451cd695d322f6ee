"""The complaints team at its service."""

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.complaints.complaining import Team


@pytest.fixture
def team(complaints: httpx.AsyncClient, callers: Callers) -> Team:
    return Team(complaints, callers)
