"""Work for the database is gathered: what waits at the same time goes there together.

A new case asks the database nothing: it is a few rows to be kept, all or none. While one statement is
under way, the rows of others gather, and the next takes them all; nobody waits for a timer. So it is with a
question that many ask at once. Created so, cases cost half of what a transaction each costs.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, Table, literal_column, select
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.db.bulk_insert import as_json, insert_rows
from shared.db.tables import events

Given = TypeVar("Given")
Gained = TypeVar("Gained")
Row = tuple[Table, dict[str, Any]]
Shape = tuple[Table, tuple[str, ...]]
"""A table, and the columns of it that are filled."""

MOST = 200


@dataclass(slots=True)
class Waiting(Generic[Given, Gained]):
    """What somebody gave to be worked on, and what will come of it."""

    given: Given
    outcome: asyncio.Future[Gained] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def tell(self, gained: Gained) -> None:
        """Let go of who waits, unless they have gone already."""
        if not self.outcome.done():
            self.outcome.set_result(gained)

    def fail(self, problem: Exception) -> None:
        """Raise where somebody waits."""
        if not self.outcome.done():
            self.outcome.set_exception(problem)


class Gathering(Generic[Given, Gained]):
    """Does one piece of work for all who wait, then one for all who came meanwhile.

    Each is told what is theirs. `work` takes what was given and answers in the same order, with a connection
    on which every statement is a transaction of its own. When a connection breaks, nobody knows whether its
    work was done: from then on `again` is asked, which does only what is not; by default it is `work`.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        work: Callable[[AsyncConnection, Sequence[Given]], Awaitable[Sequence[Gained]]],
        again: Callable[[AsyncConnection, Sequence[Given]], Awaitable[Sequence[Gained]]] | None = None,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._work = work
        self._again = again or work
        self._works = False
        self._waiting: list[Waiting[Given, Gained]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def done(self, given: Given) -> Gained:
        """What comes of this one; raises what the database says of it."""
        waiting = Waiting[Given, Gained](given)
        self._waiting.append(waiting)
        if not self._works:
            self._works = True
            task = asyncio.create_task(self._run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(waiting.outcome)

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._do(batch)
        finally:  # at once: whoever came before the task's own end was noticed would wait for nobody
            self._works = False

    async def _do(self, batch: Sequence[Waiting[Given, Gained]], in_doubt: bool = False) -> None:
        problem = await self._tried(batch, in_doubt)
        if problem is not None and _is_nobodys_fault(problem):
            in_doubt = True  # and on another connection: that one may have been stale
            problem = await self._tried(batch, in_doubt)
        if problem is None:
            return
        if len(batch) == 1 or _is_nobodys_fault(problem):  # one by one, two hundred would wait in vain
            for one in batch:
                one.fail(problem)
            return
        for one in batch:  # so that only the one at fault fails
            await self._do([one], in_doubt)

    async def _tried(self, batch: Sequence[Waiting[Given, Gained]], in_doubt: bool) -> Exception | None:
        """Do it for all of them and tell them; or what came in between."""
        work = self._again if in_doubt else self._work
        try:
            async with self._engine.connect() as connection:
                gained = await work(connection, [one.given for one in batch])
        except Exception as problem:
            return problem
        except BaseException:  # the process stops: nobody may wait for an answer that never comes
            for one in batch:
                one.outcome.cancel()
            raise
        for one, outcome in zip(batch, gained, strict=True):
            one.tell(outcome)
        return None


def _is_nobodys_fault(problem: Exception) -> bool:
    """Whether the database could not be reached, whatever was wanted of it."""
    if isinstance(problem, DBAPIError):
        return problem.connection_invalidated
    return isinstance(problem, OSError | PoolTimeout)


async def keep(connection: AsyncConnection, units: Sequence[Sequence[Row]]) -> Sequence[None]:
    """Insert the rows of these units of work by one statement, which is all or none of them."""
    by_shape: dict[Shape, list[dict[str, Any]]] = {}
    for unit in units:
        for table, row in unit:
            by_shape.setdefault((table, tuple(row)), []).append(row)
    given = {f"rows_{number}": as_json(rows) for number, rows in enumerate(by_shape.values())}
    await connection.execute(_inserts(tuple(by_shape)), given)
    return [None] * len(units)


async def keep_what_is_not(connection: AsyncConnection, units: Sequence[Sequence[Row]]) -> Sequence[None]:
    """As `keep`, of units that may be kept already: the answer to the commit can be lost on its way.

    To insert them again would refuse them for being there, and their callers would report once more.
    """
    ids = [row["id"] for unit in units for table, row in unit if table is events]
    there = set(await connection.scalars(select(events.c.id).where(events.c.id.in_(ids))))
    missing = [unit for unit in units if not any(row.get("id") in there for _, row in unit)]
    if missing:
        await keep(connection, missing)
    return [None] * len(units)


@cache
def _inserts(shapes: tuple[Shape, ...]) -> Select[Any]:
    """Which table refers to which does not matter: foreign keys are checked when the statement ends."""
    inserts = [insert_rows(*shape, f"rows_{number}") for number, shape in enumerate(shapes)]
    kept = [one.cte(f"kept_{number}") for number, one in enumerate(inserts)]
    return select(literal_column("1")).add_cte(*kept)
