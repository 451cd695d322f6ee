"""Cases a second and milliseconds a case: at the service, through the whole chain, and beside pgbench."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import fmean
from typing import ParamSpec

from tests.benchmarks import pgbench
from tests.benchmarks.figures import BenchmarkFailed, Figure, Steps, a_second, milliseconds
from tests.benchmarks.house import House, Servers, house
from tests.benchmarks.load import WARM_UP_SECONDS, Answers, Target, closed_loop, open_loop, percentile

CONNECTIONS = 32
CALM_RATE = 100
CHAIN_GOAL = 0.08

# The gateway gives the token and the keys to verify it with; nothing takes the events in.
SERVICE_ALONE = ("repairs", "gateway")

P = ParamSpec("P")


class Measurements:
    """Takes the figures one after the other, so that none disturbs another; every method answers its rows."""

    def __init__(self, servers: Servers, seconds: int, steps: Steps) -> None:
        self._servers = servers
        self._seconds = seconds
        self._steps = steps

    async def pgbench(self) -> float:
        """Transactions of two inserts a second."""
        with self._steps.step(f"pgbench, {self._seconds} s"):
            return await pgbench.transactions_a_second(
                self._servers.postgres, self._seconds, self._servers.folder
            )

    async def created(self) -> float:
        """Cases a second that the service takes in, with its own relay and without what comes behind it."""
        with self._steps.step("starting repairs alone"):
            alone = house(self._servers, SERVICE_ALONE)
            running = await alone.__aenter__()
        try:
            with self._steps.step(f"creating cases at the service, {self._seconds} s"):
                await loaded(closed_loop, running.repairs(), CONNECTIONS, WARM_UP_SECONDS)
                return (await loaded(closed_loop, running.repairs(), CONNECTIONS, self._seconds)).rate()
        finally:
            await alone.__aexit__(None, None, None)
