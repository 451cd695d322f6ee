"""Killed at the worst moment, the one process loses nothing that it had accepted, and says nothing twice."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.houses import RESIDENT, SAM, House, one_process, var_folder
from tests.support.eventually import eventually
from tests.support.few import FEW, in_the_environment

DIRECTORY = in_the_environment(FEW)


async def kill(house: House) -> None:
    """End the one process as kill -9 does; its PostgreSQL is left behind, as it would be."""
    assert await house.process.stop(signal.SIGKILL) == -signal.SIGKILL


async def owed(house: House) -> float:
    """The seconds for which the repairs service has owed its oldest event."""
    return float((await house.status())["repairs"]["oldest_unpublished_seconds"])


async def acknowledged_once(house: House, references: set[str]) -> None:
    """Each of these cases has its deadlines, and one acknowledgement, on paper and in the records."""
    for reference in references:
        assert await house.deadlines(reference)
        notices = await house.notices(reference, "acknowledgement")
        assert len(notices) == 1
        assert len(house.letters(reference, to=SAM)) == 1


async def reports_until_killed(house: House, enough: int) -> set[str]:
    """The cases that were accepted while ever more are reported, up to a kill in the midst of it."""
    accepted: set[str] = set()

    async def report_again_and_again() -> None:
        while True:
            case: dict[str, Any] = await house.report()
            accepted.add(case["reference"])

    await house.headers(RESIDENT)
    reporters = [asyncio.create_task(report_again_and_again()) for _ in range(8)]
    await eventually(lambda: len(accepted) >= enough)
    await kill(house)
    outcomes = await asyncio.gather(*reporters, return_exceptions=True)
    assert all(isinstance(outcome, httpx.HTTPError) for outcome in outcomes), outcomes
    return accepted


@pytest.fixture
async def var() -> Any:
    async with var_folder() as folder:
        yield folder


async def test_a_kill_between_report_and_delivery_delays_the_notice_and_no_more(var: Path) -> None:
    """Nobody delivers when the first process is killed; the next finds each case, and tells of it once."""
    async with one_process(var, DIRECTORY=DIRECTORY, WORKERS="false") as house:
        references = {(await house.report())["reference"] for _ in range(5)}
        assert await owed(house) > 0
        assert house.letters("REP") == []
        await kill(house)

    async with one_process(var, DIRECTORY=DIRECTORY) as house:
        await acknowledged_once(house, references)
        assert await owed(house) == 0

        accepted = await reports_until_killed(house, enough=40)

    async with one_process(var, DIRECTORY=DIRECTORY) as house:
        await acknowledged_once(house, references | accepted)
