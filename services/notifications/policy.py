"""Escalation rules: who is told what, and when; pure functions of deadlines and notices."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from shared.events import Event, digest
from shared.standards.rows import BREACH
from shared.standards.vocabulary import Vocabulary


class Finding(StrEnum):
    """A discrepancy that a reconciliation finds."""

    EVENTS_MISSING = "events_missing"
    HISTORIES_DIFFER = "histories_differ"
    UNKNOWN_TO_ITS_OWNER = "unknown_to_its_owner"


class Kind(StrEnum):
    """The kind of a notice about deadlines; one about an event has the kind that its message gives it."""

    ESCALATION = "escalation"
    BREACH = "breach"
    REMINDER = "reminder"
    NEW_DATES = "new_dates"
    STAND_DOWN = "stand_down"
    WITHDRAWAL = "withdrawal"


class Delivery(StrEnum):
    """The status of a notice."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Attempt(StrEnum):
    """The status of one attempt to bring a letter by one channel; the last two are final."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class Failure(StrEnum):
    """The kind of a failed attempt: a permanent one is never tried again at that address."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


PROGRESS = (Attempt.QUEUED, Attempt.SENDING, Attempt.SENT, Attempt.FAILED, Attempt.DELIVERED)
"""The order of statuses. Of two final ones that bear one instant delivered stands: then somebody has it."""
NO_TIME = datetime.min.replace(tzinfo=UTC)
FINAL = frozenset({Attempt.DELIVERED, Attempt.FAILED})


@dataclass(frozen=True, slots=True)
class AttemptState:
    """The status of an attempt, at its instant by the provider's own clock."""

    status: Attempt
    at: datetime

    @property
    def is_final(self) -> bool:
        """Tell a status after which the provider does nothing more."""
        return self.status in FINAL

    def after(self, heard: "AttemptState") -> "AttemptState":
        """The state once another is heard of: a receipt may come twice, late, or before an earlier one.

        A final one is left for a later final one alone. It is the maximum of an order, so any order of
        receipts leads to the same state.
        """
        return max(self, heard, key=AttemptState._place)

    def _place(self) -> tuple[bool, datetime, int, datetime]:
        ended_at = self.at if self.is_final else NO_TIME  # before the end it is progress that counts
        return self.is_final, ended_at, PROGRESS.index(self.status), self.at


RESIDENT = "resident"
# of a case review, where it is not the resident who applied: one is not told what the other is
APPLICANT = "applicant"
OUTSIDE = frozenset({RESIDENT, APPLICANT})
DEPARTMENT = "department"
HANDLER = "handler"
MANAGER = "manager"
# in the order in which a letter to several of them names them
STAFF = (DEPARTMENT, HANDLER, MANAGER)
ON_DUTY = " on duty"
BREACH_RUNG = BREACH

ABOUT_A_BREACH = frozenset({Kind.BREACH, Kind.ESCALATION})
# of what is no longer to be done, and so has no date any more
TAKES_BACK = frozenset({Kind.WITHDRAWAL, Kind.STAND_DOWN})


def other_department(audience: str) -> str | None:
    """The department that an audience names, as in `legal department`, other than the case's own."""
    name, _, rest = audience.partition(" ")
    return name if rest == DEPARTMENT else None


def staff_chain(meant: str, *, at_once: bool) -> Sequence[str]:
    """The staff who are told something, each if none before could be: first on duty, of what cannot wait."""
    if meant == MANAGER:
        return (MANAGER,)
    department = meant if other_department(meant) else DEPARTMENT
    first = [HANDLER] if meant == HANDLER else []
    return (*first, *([department + ON_DUTY] if at_once else []), department, MANAGER)


def staff_reader(chain: Sequence[str], failed: Collection[str]) -> str | None:
    """The one of a chain who is told next, after the last of those who `failed`; None once nobody is left."""
    after = max((place for place, reader in enumerate(chain, start=1) if reader in failed), default=0)
    return next(iter(chain[after:]), None)


class Urgency(IntEnum):
    """The order in which letters leave: what cannot wait, what residents are told, and then the rest.

    A register of ten thousand overdue cases brings as many letters: no emergency may wait behind them.
    """

    AT_ONCE = 0
    SOON = 1
    IN_TURN = 2


def urgency_of(usual: Urgency, *, emergency: bool) -> Urgency:
    """The urgency of a notice about a promise: nothing about an emergency can wait."""
    return Urgency.AT_ONCE if emergency else usual


def waits_for_office(kinds: Collection[Kind], *, emergency: bool) -> bool:
    """Tell whether steps of these kinds wait until the office opens: reminders do, unless in an emergency."""
    return not emergency and all(kind == Kind.REMINDER for kind in kinds)


# After so many tries, about a day at most, a notice is given up on and the failure is alarmed.
RETRY_SECONDS = (1, 5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)
# What is told at once is never left alone for longer, and tried for about as long.
LONGEST_AT_ONCE = 60
AT_ONCE_SECONDS = (1, 5, 30, *(LONGEST_AT_ONCE for _ in range(24 * 60)))


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a deadline's ladder, at its instant."""

    name: str
    at: datetime
    tell: tuple[str, ...]

    def to_row(self) -> dict[str, Any]:
        """The rung as a JSON object for its column."""
        return {"name": self.name, "at": self.at.isoformat(), "tell": list(self.tell)}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Rung":
        """The rung that `to_row` wrote."""
        return cls(row["name"], datetime.fromisoformat(row["at"]), tuple(row["tell"]))


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of one deadline, and which of them have been taken."""

    rungs: tuple[Rung, ...]
    fired: frozenset[str]

    def owed(self, now: datetime) -> tuple[Rung, ...]:
        """The steps whose instant has come and that were not taken, in order."""
        return tuple(rung for rung in self.rungs if rung.name not in self.fired and rung.at <= now)

    def next_at(self) -> datetime | None:
        """The instant at which the next step is to be taken."""
        return min((rung.at for rung in self.rungs if rung.name not in self.fired), default=None)

    def next_after(self, now: datetime) -> datetime | None:
        """The instant of the next step that lies ahead."""
        return min((rung.at for rung in self.rungs if rung.at > now), default=None)

    def after_move(self, previous_due: datetime, due_at: datetime, now: datetime) -> "Ladder":
        """The ladder once its deadline has moved: steps that lie ahead again are to be taken again."""
        if previous_due == due_at:
            return self
        behind = {rung.name for rung in self.rungs if rung.at <= now}
        return Ladder(self.rungs, self.fired & behind)


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event of a case, as far as it is compared with what the case's owner has."""

    id: UUID
    sequence: int
    recorded_at: datetime


def difference(
    received: Sequence[ReceivedEvent], version: int, of_all: str, before: datetime
) -> Finding | None:
    """Compare the events of a case as they were received, in order, with the case as its owner has it.

    The owner has so many events, and `of_all` is the digest of their ids; counts alone would hide that a
    restored owner gave the same sequences to other facts. What was recorded after `before` may have been
    added since the owner was asked.
    """
    known = [event for event in received if event.sequence <= version]
    if len(known) < version:
        return Finding.EVENTS_MISSING
    goes_on = any(event.sequence > version and event.recorded_at < before for event in received)
    if goes_on or digest(event.id for event in known) != of_all:
        return Finding.HISTORIES_DIFFER
    return None


def kind_of(rung: str, rungs: Sequence[Rung]) -> Kind:
    """The kind of a step's notice: steps before the breach remind, steps after it escalate."""
    names = [step.name for step in rungs]
    if rung == BREACH_RUNG:
        return Kind.BREACH
    if BREACH_RUNG not in names:
        return Kind.REMINDER
    return Kind.REMINDER if names.index(rung) < names.index(BREACH_RUNG) else Kind.ESCALATION


def audience_of(meant: str, *, safe_to_contact: bool) -> str:
    """The audience once safety is minded: the department, for whoever outside must not be written to.

    A letter that somebody else in the home opens can put a victim of domestic abuse in danger.
    """
    return DEPARTMENT if meant in OUTSIDE and not safe_to_contact else meant


def is_watched(*, met: bool, cancelled: bool, imported: bool) -> bool:
    """Tell whether a deadline is still to be rung about; nobody is written to about imported history."""
    return not (met or cancelled or imported)


def breach_is_undone(fired: Collection[str], state: str) -> bool:
    """Tell whether an announced breach is none after all: done in time, cancelled, or moved on."""
    return BREACH_RUNG in fired and state not in {"breached", "late"}


class AfterFailure(StrEnum):
    """The way on with a notice whose letter was not taken, or came back."""

    TRY_AGAIN = "try_again"
    TRY_OTHER_FORM = "try_other_form"
    GIVE_UP = "give_up"


def after_failure(failure: Failure, attempts: int, urgency: Urgency, *, to_an_address: bool) -> AfterFailure:
    """The way on: what fails for now is tried again for about a day, and then like what fails for good.

    That leaves in another form, or for another of the staff, if it went `to_an_address` that has a next.
    """
    if failure is Failure.TEMPORARY and attempts <= len(_pauses(urgency)):
        return AfterFailure.TRY_AGAIN
    return AfterFailure.TRY_OTHER_FORM if to_an_address else AfterFailure.GIVE_UP


def retry_after(attempts: int, urgency: Urgency, chance: float, at_least: float = 0.0) -> float:
    """Seconds until a notice is tried again after so many failures, which are not more than there are pauses.

    Backoff with full jitter, so that what failed together is not tried together again: `chance`, from 0 to 1,
    is drawn by the caller. `at_least` is what a provider asked for. What is told at once waits a minute.
    """
    wait = max(at_least, chance * _pauses(urgency)[attempts - 1])
    return min(wait, LONGEST_AT_ONCE) if urgency is Urgency.AT_ONCE else wait


def _pauses(urgency: Urgency) -> Sequence[int]:
    return AT_ONCE_SECONDS if urgency is Urgency.AT_ONCE else RETRY_SECONDS


def facts_shown(
    event: Event, vocabulary: Vocabulary, scopes: Collection[str], hidden: Collection[str] = ()
) -> dict[str, Any]:
    """The facts of an event that an officer with these scopes may see; none that names a `hidden` case."""
    return {
        name: said
        for name, said in event.facts.items()
        if vocabulary.scope_of(event.type, name) in {None, *scopes}
        if not isinstance(said, str) or said not in hidden
    }
