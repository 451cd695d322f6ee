"""Deadlines of the cases of a file, by standard and state."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from deploy.gateway_client import IN_FLIGHT, for_each
from deploy.replay.posting import Gateways, PostedCase

PATIENCE = 60.0
"""Seconds without any case's deadlines arriving, after which the rest is given up."""

PAUSE = 0.2

States = dict[str, Counter[str]]


async def states_by_standard(
    gateways: Gateways,
    cases: Iterable[PostedCase],
    step: Callable[[], None],
    patience: float = PATIENCE,
    pause: float = PAUSE,
    at_once: int = IN_FLIGHT,
) -> tuple[States, list[PostedCase]]:
    """Count the deadlines of every standard by state, and the cases whose deadlines did not arrive.

    Deadlines follow a case by way of its events, so each case is asked for until they have reached the
    version that its owner answered. `step` is called for each that has. Raises UnusableGateway.
    """
    told = await gateways.importing.get("/v1/standards")
    states: States = {row["standard"]: Counter() for row in told["items"]}
    waiting = {case.reference: case for case in cases}
    last_arrival = time.monotonic()

    async def ask(case: PostedCase) -> None:
        nonlocal last_arrival
        found = await gateways.working(case.service).get(f"/v1/cases/{case.reference}/deadlines")
        if not _has_reached(found, case.version):
            return
        for deadline in found["deadlines"]:
            states.setdefault(deadline["standard"], Counter())[deadline["state"]] += 1
        del waiting[case.reference]
        last_arrival = time.monotonic()
        step()

    while waiting and time.monotonic() - last_arrival < patience:
        await for_each(list(waiting.values()), ask, at_once)
        if waiting:
            await asyncio.sleep(pause)
    return states, list(waiting.values())


def _has_reached(found: Any, version: int) -> bool:
    return found is not None and int(found["version"]) >= version
