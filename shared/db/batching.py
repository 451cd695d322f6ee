"""Batching: calls that arrive while a statement is in flight share the next one.

Nobody waits for a timer: under light load each call has a statement of its own, under heavy load up to MOST
share one. A question that many requests ask costs so a fraction of a round trip each.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Given = TypeVar("Given")
Gained = TypeVar("Gained")

MOST = 200


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
    """Runs one statement for all calls that wait, then one for all that came meanwhile.

    `run` takes what was given and answers in the same order, on a connection in autocommit. When a connection
    breaks, nobody knows whether its work was done: from then on `run_again` is asked, which does only what is
    not done yet; by default it is `run`. A batch that fails is run again call by call, so that only the one
    at fault fails.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        run: Callable[[AsyncConnection, Sequence[Given]], Awaitable[Sequence[Gained]]],
        run_again: Callable[[AsyncConnection, Sequence[Given]], Awaitable[Sequence[Gained]]] | None = None,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._run = run
        self._run_again = run_again or run
        self._is_running = False
        self._waiting: list[Waiting[Given, Gained]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def call(self, given: Given) -> Gained:
        """Join the next batch; raises what the database says of this call."""
        waiting = Waiting[Given, Gained](given)
        self._waiting.append(waiting)
        if not self._is_running:
            self._is_running = True
            task = asyncio.create_task(self._run_batches())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(waiting.outcome)

    async def _run_batches(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._settle(batch)
        finally:  # at once: a call that came before the task's own end was noticed would wait for ever
            self._is_running = False

    async def _settle(self, batch: Sequence[Waiting[Given, Gained]], in_doubt: bool = False) -> None:
        problem = await self._attempt(batch, in_doubt)
        if problem is not None and _is_unreachable(problem):
            in_doubt = True  # and on another connection: that one may have been stale
            problem = await self._attempt(batch, in_doubt)
        if problem is None:
            return
        if len(batch) == 1 or _is_unreachable(problem):  # one by one, two hundred would wait in vain
            for one in batch:
                one.fail(problem)
            return
        for one in batch:
            await self._settle([one], in_doubt)

    async def _attempt(self, batch: Sequence[Waiting[Given, Gained]], in_doubt: bool) -> Exception | None:
        """Run the batch and answer its callers; returns what came in between, if anything."""
        run = self._run_again if in_doubt else self._run
        try:
            async with self._engine.connect() as connection:
                gained = await run(connection, [one.given for one in batch])
            settled = list(zip(batch, gained, strict=True))
        except Exception as problem:
            return problem
        except BaseException:  # the process stops: nobody may wait for an answer that never comes
            for one in batch:
                one.outcome.cancel()
            raise
        for one, outcome in settled:
            one.succeed(outcome)
        return None


def _is_unreachable(problem: Exception) -> bool:
    """Tell a database that cannot be reached, whatever was wanted of it, from a statement at fault."""
    if isinstance(problem, DBAPIError):
        return problem.connection_invalidated
    return isinstance(problem, OSError | PoolTimeout)
