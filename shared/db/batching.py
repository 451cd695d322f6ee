"""Batching of statements: calls that arrive while a statement is in flight share the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.batching import Batcher, Gained, Given, Waiting

MOST = 200


class StatementBatcher(Generic[Given, Gained]):
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
        self._batcher = Batcher[Given, Gained](self._settle, MOST)

    async def call(self, given: Given) -> Gained:
        """Join the next batch; raises what the database says of this call.

        A caller who is cancelled leaves its call in the batch: a case may have been half accepted.
        """
        return await asyncio.shield(self._batcher.join(given))

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
        for one, outcome in settled:
            one.succeed(outcome)
        return None


def _is_unreachable(problem: Exception) -> bool:
    """Tell a database that cannot be reached, whatever was wanted of it, from a statement at fault."""
    if isinstance(problem, DBAPIError):
        return problem.connection_invalidated
    return isinstance(problem, OSError | PoolTimeout)
