"""Reports while residents is away: they go in at once, and the department looks itself."""

import asyncio
from time import monotonic

import httpx
import pytest

from shared.settings import Settings
from tests.services.callers import Callers
from tests.services.lines import Line
from tests.services.repairs.reporting import reported
from tests.services.residents.moving_in import events_of


@pytest.fixture
def household_timeout() -> float:
    """As it is where people wait."""
    return 0.3


class SlowLine(Line):
    """A way on which nothing is answered in time."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        raise AssertionError("somebody has waited for it")


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("outage", ["down", "slow"])
async def test_a_report_goes_in_without_residents_and_the_department_is_flagged(
    repairs: httpx.AsyncClient, settings: Settings, inside: dict[str, Line], callers: Callers, outage: str
) -> None:
    """A household that cannot be asked about keeps no repair waiting; history is not asked about at all."""
    inside[settings.service_url("residents")] = SlowLine() if outage == "slow" else Line()
    began = monotonic()
    case = await reported(repairs, callers.officer())
    assert monotonic() - began < 10
    assert case["vulnerable"] is False
    told = await events_of(repairs, callers, case["reference"])
    assert told[:2] == ["repairs.repair-reported", "repairs.household-not-known"]
    old = await reported(repairs, callers.officer(scopes=["import"]), imported=True)
    assert "repairs.household-not-known" not in await events_of(repairs, callers, old["reference"])
