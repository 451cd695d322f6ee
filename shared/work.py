"""The unit of work: who acts, at what instant, what the service works with, and what is committed together.

Every use case takes one as its first argument. What it records is stored with the rows it changes, in one
commit, or none of it is. A use case that only creates takes a Creation, which cannot ask the database and so
shares its commit with others; every other takes a UnitOfWork, which is a transaction of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from shared.app_state import AppState
from shared.caller import Caller, system
from shared.db.encrypted import Opened, assign, needed
from shared.db.stored_answers import StoredAnswer
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
class Work(ABC):
    """One request, message or step of a worker: all of it is committed together, or nothing.

    `now` is the instant at which it began, in UTC. `recorded` are its events, stored with the commit;
    `folded` the deadlines worked out in it, by case, with the latest event that they rest on. `keeps_answer`
    has a stored answer kept for good, as for history that is brought over once.
    """

    state: AppState
    caller: Caller
    now: datetime
    recorded: list[Event] = field(default_factory=list)
    folded: dict[str, tuple[Event | None, list[Deadline]]] = field(default_factory=dict)
    keeps_answer: bool = False

    @abstractmethod
    def add(self, row: object) -> None:
        """Insert a new object of a model with the commit."""

    def assign(self, row: object, **values: Any) -> None:
        """Give a new or a locked row these values; those of encrypted columns are encrypted for it."""
        assign(self.state.keyring, row, values)

    def digest(self, text: str) -> str:
        """A keyed digest, by which rows are known to say the same and none says what."""
        return needed(self.state.keyring).digest(text)

    def opened(self, row: object) -> Any:
        """A row as it is read, with encrypted columns in plain: of other services, the row as it is."""
        return row if self.state.keyring is None else Opened(self.state.keyring, row)

    def record(self, case: Case, fact: Facts, *, at: datetime | None = None) -> Event:
        """Record that something happened to a case, by default now; it is published once it is committed.

        The caller holds the case's row lock, or has just created the case, so sequences have no gaps.
        """
        case.version = (case.version or 0) + 1
        event = Event(
            id=uuid4(),
            type=fact.type_of(self.state.service),
            reference=case.reference,
            sequence=case.version,
            occurred_at=self.now if at is None else at,
            recorded_at=self.now,
            facts={name: value for name, value in vars(fact).items() if value is not None},
            request_id=request_id.get(),
            caller=self.caller.identity,
        )
        self.recorded.append(event)
        return event

    async def history(self, references: Sequence[str]) -> dict[str, list[Event]]:
        """Every event of each of these cases, in order, as far as they began here."""
        found: dict[str, list[Event]] = {reference: [] for reference in references}
        for event in self.recorded:
            if event.reference in found:
                found[event.reference].append(event)
        return found


@dataclass(slots=True)
class Creation(Work):
    """A unit of work that creates one case and asks the database nothing; group commit keeps it.

    It records at least one event, and everything it adds has the case's reference.
    """

    added: list[object] = field(default_factory=list)

    def add(self, row: object) -> None:
        """Insert a new object with the commit, as one row; nothing of it is read back."""
        self.added.append(row)


async def commit_creation(work: Creation, answer: StoredAnswer | None = None) -> StoredAnswer | None:
    """Commit a creation together with others, and with the answer to be stored if it came with a key.

    Returns the answer that the key had been given before, if it had: nothing is created then. Raises Conflict
    while another request holds the key.
    """
    recorded = outbox.rows_of(work.recorded)
    return await work.state.database.group_commit.insert(work.added, recorded, answer)


@dataclass(slots=True, kw_only=True)
class UnitOfWork(Work):
    """A unit of work with a transaction of its own, in which the database can be asked.

    `expected_versions` are those that If-Match names, one of which the case acted on must have; None where
    any will do. `has_stored`: some of its events are stored already.
    """

    session: AsyncSession
    expected_versions: frozenset[str] | None = None
    only_finds: bool = False
    has_stored: bool = False

    def add(self, row: object) -> None:
        """Insert a new object at the next flush."""
        self.session.add(row)

    def found(self, case: Any) -> None:
        """Go on with an act on the case just found; raises CaseFound in a replay, which only asks for it."""
        if self.only_finds:
            self.only_finds = False
            raise CaseFound(case)

    async def history(self, references: Sequence[str]) -> dict[str, list[Event]]:
        """Every event of each of these cases, in order, those of this unit of work included."""
        recorded = await Work.history(self, references)
        begun_here = {event.reference for event in self.recorded if event.sequence == 1}
        before = [reference for reference in references if reference not in begun_here]
        stored = await outbox.history(self.session, before) if before else {}
        return {reference: [*stored.get(reference, ()), *events] for reference, events in recorded.items()}

    async def store_recorded(self) -> None:
        """Store the events recorded so far: those of a long file are not held until the commit."""
        await outbox.store(self.session, self.recorded)
        self.has_stored |= bool(self.recorded)
        self.recorded.clear()

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

    The relay is woken after the commit. One that is `read_only` may change nothing.
    """
    async with state.database.sessions() as session:
        by, at = caller or system(state.service), now or state.clock()
        work = UnitOfWork(state, by, at, session=session, expected_versions=expected_versions)
        if read_only:
            await session.connection(execution_options={"postgresql_readonly": True})
        yield work
        await session.flush()
        await work.store_recorded()
        await session.commit()
    if work.has_stored:
        state.database.on_recorded()
