"""Batching: nobody who waits is forgotten, whatever becomes of the batch."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.batching import Batcher, Waiting

Numbers = Sequence[Waiting[int, int]]


class Doubler:
    """Doubles the numbers of each batch once it is let go, and keeps which numbers it was given together."""

    def __init__(self, most: int = 100) -> None:
        self.batches: list[list[int]] = []
        self.may_go_on = asyncio.Event()
        self.batcher = Batcher[int, int](self._settle, most)

    async def _settle(self, batch: Numbers) -> None:
        self.batches.append([one.given for one in batch])
        await self.may_go_on.wait()
        for one in batch:
            one.succeed(2 * one.given)


async def begun(*numbers: int, most: int = 100) -> tuple[Doubler, list[asyncio.Future[int]]]:
    """A first batch of 0 that is under way, and numbers that wait behind it."""
    doubler = Doubler(most)
    first = doubler.batcher.join(0)
    await asyncio.sleep(0)
    return doubler, [first, *map(doubler.batcher.join, numbers)]


async def test_calls_that_come_while_a_batch_is_under_way_share_the_next() -> None:
    """At most so many; the others have the one after it."""
    doubler, outcomes = await begun(1, 2, 3, most=2)
    doubler.may_go_on.set()
    assert await asyncio.gather(*outcomes) == [0, 2, 4, 6]
    assert doubler.batches == [[0], [1, 2], [3]]


async def test_a_caller_who_left_before_the_batch_began_is_not_in_it() -> None:
    """And a batch whose callers have all gone is none."""
    doubler, outcomes = await begun(1, 2, 3, most=2)
    for gone in (outcomes[1], outcomes[3]):
        gone.cancel()
    doubler.may_go_on.set()
    assert (await outcomes[0], await outcomes[2]) == (0, 4)
    assert doubler.batches == [[0], [2]]


async def test_a_batch_that_fails_leaves_nobody_waiting() -> None:
    """Each of it is told, and whoever comes next has a batch again."""
    failed: list[Numbers] = []

    async def settle(batch: Numbers) -> None:
        failed.append(batch)
        raise ValueError("not today")

    batcher = Batcher[int, int](settle, most=100)
    for _ in range(2):
        told = await asyncio.gather(batcher.join(1), batcher.join(2), return_exceptions=True)
        assert [type(problem) for problem in told] == [ValueError, ValueError]
    assert len(failed) == 2


@pytest.mark.parametrize("steps", range(8))
async def test_whoever_comes_just_as_the_work_ends_is_served_too(steps: int) -> None:
    """Work that had ended but was not yet known to have would leave them waiting for ever."""
    doubler = Doubler()
    doubler.may_go_on.set()
    first = doubler.batcher.join(1)
    for _ in range(steps):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert (await doubler.batcher.join(2), await first) == (4, 2)
