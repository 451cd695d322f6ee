"""A rolling restart of a house under load, as somebody outside finds it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import psutil

from tests.end_to_end.deployment import Deployment
from tests.end_to_end.houses import OFFICER, REPORT, RESIDENT, House
from tests.support.child import Child
from tests.support.eventually import eventually

REPORTERS = 2
PAUSE_SECONDS = 0.2
RESTART_SECONDS = 600.0
EXPECTED = frozenset({"200", "201"})
DONE, GIVEN_UP = "Everything was restarted.", "The restart is given up"


@dataclass(frozen=True)
class Question:
    """A page of the house that somebody reads again and again; without `by`, one that asks for no token."""

    path: str
    by: str | None = OFFICER


WORKLIST = (Question("/v1/worklist"),) * 2


@asynccontextmanager
async def load(house: House, questions: Sequence[Question] = WORKLIST) -> AsyncIterator[Counter[str]]:
    """Reports and questions, one after the other from each of several callers; counts how they end."""
    outcomes: Counter[str] = Counter()
    ours = {by: await house.headers(by) for by in {RESIDENT, *(each.by for each in questions if each.by)}}

    async def call_again_and_again(ask: Callable[[], Awaitable[httpx.Response]]) -> None:
        while True:
            try:
                outcomes[str((await ask()).status_code)] += 1
            except httpx.HTTPError as failure:
                outcomes[type(failure).__name__] += 1
            await asyncio.sleep(PAUSE_SECONDS)

    report = partial(house.http.post, "/v1/repairs", json=REPORT, headers=ours[RESIDENT])
    asking = [
        partial(house.http.get, each.path, headers=ours[each.by] if each.by else {}) for each in questions
    ]
    calls = (report,) * REPORTERS + tuple(asking)
    callers = [asyncio.create_task(call_again_and_again(call)) for call in calls]
    try:
        await eventually(lambda: outcomes["201"] and outcomes["200"])
        yield outcomes
        before = outcomes.total()
        await eventually(lambda: outcomes.total() > before + len(callers))
    finally:
        for caller in callers:
            caller.cancel()
            with suppress(asyncio.CancelledError):
                await caller


@dataclass(frozen=True)
class Restart:
    """A restart that has ended: how requests ended meanwhile, and the processes before and after it."""

    outcomes: Counter[str]
    before: dict[str, psutil.Process]
    after: dict[str, psutil.Process]
    said: str

    @property
    def failures(self) -> list[str]:
        """The outcomes that nobody wants, each with how often it came."""
        unwanted = self.outcomes.keys() - EXPECTED
        return [f"{outcome} {self.outcomes[outcome]} times" for outcome in sorted(unwanted)]

    @property
    def not_replaced(self) -> list[str]:
        """The processes that are gone, or still those of before."""
        kept = {process.pid for process in self.before.values()}
        return [name for name in self.before if name not in self.after or self.after[name].pid in kept]


async def restart_everything(
    deployment: Deployment, folder: Path, questions: Sequence[Question] = WORKLIST
) -> Restart:
    """Restart a house that is well, as `make restart` does, while reports and questions keep coming."""
    house, before = deployment.house, deployment.processes()
    said_before = len(house.process.said())

    def said() -> str:
        return house.process.said()[said_before:]

    async with load(house, questions) as outcomes:
        asked = Child(folder, "deploy.restart", environment={"VAR": str(house.var)})
        assert await asked.ended() == 0, asked.complained()
        await eventually(lambda: DONE in said() or GIVEN_UP in said(), RESTART_SECONDS)
    return Restart(outcomes, before, deployment.processes(), said())
