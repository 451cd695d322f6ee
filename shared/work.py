"""The unit of work: one transaction, who acts in it, at what instant, and what the service works with.

Every use case takes one as its first argument. What it records is stored with the rows it changes, in one
commit, or none of it is.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from shared.app_state import AppState
from shared.caller import Caller, system
from shared.db import group_commit
from shared.db.transaction import close
from shared.events import Event, Facts
from shared.messaging import outbox
from shared.standards.deadlines import Deadline
from shared.telemetry import request_id


class Case(Protocol):
    """Anything with a history: `version` is the sequence of its latest event."""

    reference: Any
    version: Any


class CaseFound(Exception):
    """The case of an act that was done before, found for the caller who asks for its answer again."""

    def __init__(self, case: Any) -> None:
        super().__init__("the case was found, and nothing more was wanted")
        self.case = case


@dataclass(slots=True)
class UnitOfWork:
    """One request, message or step of a worker: all of it is committed together, or nothing.

    `now` is the instant at which it began, in UTC. `expected_versions` are those that If-Match names, one of
    which the case acted on must have; None where any will do. `recorded` are its events, stored with the
    commit; `folded` the deadlines worked out in it, by case, with the latest event that they rest on.
    `keeps_answer` has a stored answer kept for good, as for history that is brought over once.
    """

    session: AsyncSession
    state: AppState
    caller: Caller
    now: datetime
    expected_versions: frozenset[str] | None = None
    recorded: list[Event] = field(default_factory=list)
    folded: dict[str, tuple[Event | None, list[Deadline]]] = field(default_factory=dict)
    keeps_answer: bool = False
    only_finds: bool = False

    def found(self, case: Any) -> None:
        """Go on with an act on the case just found; raises CaseFound in a replay, which only asks for it."""
        if self.only_finds:
            self.only_finds = False
            raise CaseFound(case)

    def record(self, case: Case, fact: Facts, *, at: datetime | None = None) -> Event:
        """Record that something happened to a case, by default now; it is published once it is committed.

        The caller holds the case's row lock, or has just created the case, so sequences have no gaps.
        """
        case.version = (case.version or 0) + 1
        event = Event(
            id=uuid4(),
            type=fact.type,
            reference=case.reference,
            sequence=case.version,
            occurred_at=self.now if at is None else at,
            recorded_at=self.now,
            facts={name: value for name, value in vars(fact).items() if value is not None},
            request_id=request_id.get(),
        )
        self.recorded.append(event)
        return event

    async def history(self, references: Sequence[str]) -> dict[str, list[Event]]:
        """Every event of each of these cases, in order, those of this unit of work included."""
        begun_here = {event.reference for event in self.recorded if event.sequence == 1}
        stored = [reference for reference in references if reference not in begun_here]
        found: dict[str, list[Event]] = {reference: [] for reference in references}
        if stored:
            found |= await outbox.history(self.session, stored)
        for event in self.recorded:
            if event.reference in found:
                found[event.reference].append(event)
        return found

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Let a part of the work fail alone: its rows and its events go, the rest stays."""
        before = len(self.recorded)
        try:
            async with self.session.begin_nested():
                yield
        except BaseException:
            del self.recorded[before:]
            raise


@asynccontextmanager
async def unit_of_work(
    state: AppState,
    caller: Caller | None = None,
    *,
    now: datetime | None = None,
    expected_versions: frozenset[str] | None = None,
    read_only: bool = False,
) -> AsyncIterator[UnitOfWork]:
    """Begin a unit of work, by default in the service's own name, and commit it at the end of the block.

    One that only creates, and asks the database nothing, shares its commit with others (group commit). The
    relay is woken after the commit. One that is `read_only` may change nothing.
    """
    database = state.database
    session = database.sessions()
    work = UnitOfWork(
        session, state, caller or system(state.service), now or state.clock(), expected_versions
    )
    try:
        if read_only:
            await session.connection(execution_options={"postgresql_readonly": True})
        yield work
        rows = group_commit.only_inserts(session)
        if rows is not None:
            await database.group_commit.insert([*rows, *outbox.rows_of(work.recorded)])
            return
        await session.flush()
        await outbox.store(session, work.recorded)
        await session.commit()
    finally:
        await close(session)
    if work.recorded:
        database.on_recorded()
