"""Everything is restarted under load, and nobody outside can tell."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from tests.end_to_end.deployment import Deployment
from tests.end_to_end.houses import OFFICER, REPORT, RESIDENT, House
from tests.support.child import Child
from tests.support.eventually import eventually

CALLERS = 4
PAUSE_SECONDS = 0.2
RESTART_SECONDS = 600.0


@asynccontextmanager
async def load(house: House) -> AsyncIterator[Counter[str]]:
    """Reports and questions, one after the other from each of several callers; counts how they end."""
    outcomes: Counter[str] = Counter()
    ours = {by: await house.headers(by) for by in (RESIDENT, OFFICER)}

    async def call_again_and_again(ask: Callable[[], Awaitable[httpx.Response]]) -> None:
        while True:
            try:
                outcomes[str((await ask()).status_code)] += 1
            except httpx.HTTPError as failure:
                outcomes[type(failure).__name__] += 1
            await asyncio.sleep(PAUSE_SECONDS)

    def report() -> Awaitable[httpx.Response]:
        return house.http.post("/v1/repairs", json=REPORT, headers=ours[RESIDENT])

    def worklist() -> Awaitable[httpx.Response]:
        return house.http.get("/v1/worklist", headers=ours[OFFICER])

    callers = [
        asyncio.create_task(call_again_and_again(ask))
        for ask in (report, worklist)
        for _ in range(CALLERS // 2)
    ]
    try:
        await eventually(lambda: outcomes["201"] and outcomes["200"])
        yield outcomes
        before = outcomes.total()
        await eventually(lambda: outcomes.total() > before + CALLERS)
    finally:
        for caller in callers:
            caller.cancel()
            with suppress(asyncio.CancelledError):
                await caller


async def test_everything_is_restarted_and_no_request_fails(deployment: Deployment, tmp_path: Path) -> None:
    """Every process is another one, and each request was answered, though none may be sent twice."""
    house = await deployment.until_well()
    before = deployment.processes()
    async with load(house) as outcomes:
        restart = Child(tmp_path, "deploy.restart", environment={"VAR": str(house.var)})
        assert await restart.ended() == 0, restart.complained()
        await eventually(lambda: has_ended(house), RESTART_SECONDS)
        assert "Everything was restarted." in house.process.said(), house.process.said()
    assert set(outcomes) == {"200", "201"}, outcomes
    after = deployment.processes()
    assert after.keys() == before.keys()
    assert not {process.pid for process in before.values()} & {process.pid for process in after.values()}


def has_ended(house: House) -> bool:
    """Tell whether the restart has, well or not."""
    said = house.process.said()
    return "Everything was restarted." in said or "The restart is given up" in said


async def test_a_service_that_is_told_to_end_is_followed_without_a_request_lost(
    deployment: Deployment,
) -> None:
    """SIGTERM from somebody else: it serves on until the next is ready, and ends then."""
    house = await deployment.until_well()
    last = deployment.process_of("services.repairs.main:app")
    async with load(house) as outcomes:
        last.send_signal(signal.SIGTERM)
        await eventually(lambda: not last.is_running(), RESTART_SECONDS)
    assert set(outcomes) == {"200", "201"}, outcomes
