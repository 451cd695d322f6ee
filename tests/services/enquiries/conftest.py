"""The enquiries team at its service."""

import httpx
import pytest

from tests.services.callers import Callers
from tests.services.enquiries.asking import Desk


@pytest.fixture
def desk(enquiries: httpx.AsyncClient, callers: Callers) -> Desk:
    return Desk(enquiries, callers)
