"""Reports that are repeated under their key until they are answered, and what is killed meanwhile."""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.end_to_end.deployment import Deployment
from tests.end_to_end.houses import REPORT, RESIDENT, House

AGAIN_SECONDS = 0.5
BETWEEN_SECONDS = 3.0
AWAY_SECONDS = 2.0


@dataclass
class Reports:
    """Reports by their key: what each was answered, and how often it had to be repeated."""

    house: House
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    repeated: int = 0
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def keep_coming(self, a_second: float, until: asyncio.Event) -> None:
        """Begin so many a second, however long each takes, and wait for the last."""
        headers = await self.house.headers(RESIDENT)
        while not until.is_set():
            task = asyncio.create_task(self._report(str(uuid4()), headers))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            await asyncio.sleep(1 / a_second)
        await asyncio.gather(*self._under_way)

    async def _report(self, key: str, headers: dict[str, str]) -> None:
        """Send a report until it is answered, and once more after that, as a careful caller may."""
        answers = self.answers.setdefault(key, [])
        while len(answers) < 2:
            try:
                answer = await self.house.http.post(
                    "/v1/repairs", json=REPORT, headers={**headers, "Idempotency-Key": key}
                )
            except httpx.TransportError:
                self.repeated += 1
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if answer.status_code == httpx.codes.CREATED:
                answers.append(answer.json())
            elif answer.is_server_error or answer.status_code == httpx.codes.CONFLICT:  # it is being done
                self.repeated += 1
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self.refusals.append(f"{answer.status_code} {answer.text}")
                return


async def kill_in_turn(deployment: Deployment, times: int) -> list[str]:
    """Kill one process after the other, and the broker and the database between; tells who died."""
    names: Sequence[str] = sorted(deployment.processes())
    killed: list[str] = []
    for number in range(times):
        await asyncio.sleep(BETWEEN_SECONDS)
        for server, turn in ((deployment.rabbitmq, times // 3), (deployment.postgres, 2 * times // 3)):
            if number == turn:
                await server.kill()
                await asyncio.sleep(AWAY_SECONDS)
                await server.start()
                killed.append(type(server).__name__)
        name = names[number % len(names)]
        if (process := deployment.processes().get(name)) is not None:  # else it is being started again
            process.send_signal(signal.SIGKILL)
            killed.append(name)
    return killed
