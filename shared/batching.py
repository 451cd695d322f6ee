"""Batching: calls that arrive while a batch is under way share the next one.

Nobody waits for a timer: under light load each call has a batch of its own, under heavy load many share one.
A question that many requests ask costs so a fraction of a round trip each.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Given = TypeVar("Given")
Gained = TypeVar("Gained")


@dataclass(slots=True)
class Waiting(Generic[Given, Gained]):
    """One call that waits for its share of a batch."""

    given: Given
    outcome: asyncio.Future[Gained] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def succeed(self, gained: Gained) -> None:
        """Answer the caller, unless it has gone already."""
        if not self.outcome.done():
            self.outcome.set_result(gained)

    def fail(self, problem: Exception) -> None:
        """Raise where the caller waits."""
        if not self.outcome.done():
            self.outcome.set_exception(problem)


class Batcher(Generic[Given, Gained]):
    """Settles all calls that wait, at most so many together, then all that came meanwhile.

    `settle` answers each call of a batch or tells it what went wrong; what it raises is told to all of them.
    """

    def __init__(
        self, settle: Callable[[Sequence[Waiting[Given, Gained]]], Awaitable[None]], most: int
    ) -> None:
        self._settle = settle
        self._most = most
        self._is_running = False
        self._waiting: list[Waiting[Given, Gained]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def join(self, given: Given) -> asyncio.Future[Gained]:
        """Join the next batch; one whose outcome is cancelled before it begins is left out of it."""
        waiting = Waiting[Given, Gained](given)
        self._waiting.append(waiting)
        if not self._is_running:
            self._is_running = True
            task = asyncio.create_task(self._run_batches())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return waiting.outcome

    async def _run_batches(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._run([one for one in batch if not one.outcome.done()])
        finally:  # at once: a call that came before the task's own end was noticed would wait for ever
            self._is_running = False

    async def _run(self, batch: Sequence[Waiting[Given, Gained]]) -> None:
        try:
            if batch:
                await self._settle(batch)
        except Exception as problem:
            for one in batch:
                one.fail(problem)
        except BaseException:  # the process stops: nobody may wait for an answer that never comes
            for one in batch:
                one.outcome.cancel()
            raise
