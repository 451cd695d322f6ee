"""The parts of a letter: what each notice says by what is known as it leaves, and if it is still true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from services.notifications import policy
from services.notifications.models import Notice, WatchedDeadline
from services.notifications.notices.addressing import is_safe
from services.notifications.notices.rows import Message, Messages
from services.notifications.notices.wording import Promise
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.cases.schemas import ContactForNotice
from shared.events import Event
from shared.standards.catalogue import Catalogue
from shared.standards.emergencies import without_weeks

Key = tuple[str, int]


class StaleNotice(Exception):
    """A notice has become untrue: after an outage nobody is told of what is long done."""


@dataclass(frozen=True, slots=True)
class DatesTold:
    """The date of each promise that was told last, by whom a letter was meant for and who really read it."""

    dates: Mapping[tuple[str, str], Mapping[Key, datetime]] = field(default_factory=dict)

    @classmethod
    def of(cls, letters: Iterable[Notice]) -> Self:
        """From a case's notices that told dates, in the order in which they were sent."""
        dates: dict[tuple[str, str], dict[Key, datetime]] = {}
        for notice in letters:
            latest = dates.setdefault((notice.audience, notice.reader), {})
            for told in notice.told_dates or ():
                latest[told["standard"], told["started_by"]] = datetime.fromisoformat(told["due_at"])
        return cls(dates)

    def to(self, notice: Notice, reader: str) -> Mapping[Key, datetime]:
        """The dates that the reader of a notice was told last."""
        return self.dates.get((notice.audience, reader), {})


@dataclass(frozen=True, slots=True)
class CaseContext:
    """The knowledge of a case from which a letter is composed; `now` is its instant by the database's clock.

    `events` are those, by sequence, that notices are about; `owner` is what the case's owner answered. Of one
    that `is_guarded` by a scope, no line that others may see names the reference.
    """

    owner: ContactForNotice
    deadlines: Sequence[WatchedDeadline]
    now: datetime
    events: Mapping[int, Event] = field(default_factory=dict)
    told: DatesTold = DatesTold()
    is_guarded: bool = False

    @property
    def still_open(self) -> list[WatchedDeadline]:
        """The promises that are still to be kept."""
        return [row for row in self.deadlines if row.is_open]

    @property
    def handler(self) -> str | None:
        """The subject of the officer who deals with it, where that is known."""
        return next((row.handler for row in self.deadlines if row.handler), None)

    def addressed_to(self, contact: Mapping[str, Any] | None) -> Self:
        """The knowledge for a letter to somebody else than the one whom the case's letters go to."""
        if contact is None:
            return self
        return replace(self, owner=self.owner.model_copy(update={"contact": {**contact}}))

    def reader_of(self, notice: Notice) -> str:
        """The audience that really reads it."""
        safe = is_safe(self.owner.contact, kept=notice.kept_by_owner)
        return policy.audience_of(notice.audience, safe_to_contact=safe)


@dataclass(frozen=True, slots=True)
class Part:
    """One notice's share of a letter: its message, and the promises, facts and reasons it speaks of."""

    notice: Notice
    message: Message
    promises: Sequence[Promise]
    facts: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime | None = None
    reasons: Sequence[str] = ()

    @property
    def place(self) -> tuple[bool, int]:
        """The place of its paragraph: events as they happened, then deadlines in the order of their rows."""
        about_a_deadline = self.message.is_about_a_deadline
        return about_a_deadline, self.message.position if about_a_deadline else self.notice.started_by

    @property
    def told_dates(self) -> list[dict[str, Any]]:
        """The dates that its reader knows from then on; a promise taken back has none."""
        if self.notice.kind in policy.TAKES_BACK:
            return []
        return [
            {"standard": one.standard, "started_by": one.started_by, "due_at": one.due_at.isoformat()}
            for one in self.promises
        ]


def part_of(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    """The share of one notice in its letter; raises StaleNotice, and LookupError where no message says it."""
    match notice.kind:
        case Kind.NEW_DATES:
            return _new_dates(state, messages, notice, known)
        case Kind.WITHDRAWAL:
            return _withdrawal(state, messages, notice, known)
        case Kind.STAND_DOWN:
            return _stand_down(state, messages, notice, known)
        case Kind.REMINDER | Kind.BREACH | Kind.ESCALATION:
            return _step(state, messages, notice, known)
        case _:
            return _about_an_event(state, messages, notice, known)


def _step(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    message = messages.about_deadline(notice.kind, notice.audience)
    row = _row(notice, known)
    if row is None or not _still_holds(notice, row, known.now):
        raise StaleNotice
    return Part(notice, message, [Promise.of(row, state.catalogue)])


def _new_dates(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    message = messages.about_deadline(notice.kind, notice.audience)
    told = known.told.to(notice, known.reader_of(notice))
    rows: Sequence[WatchedDeadline] = _told(state, notice, known)
    if notice.is_for_resident:
        rows = _without_weeks(rows, state.catalogue)
    moved = [row for row in rows if told.get(row.key, row.due_at) != row.due_at]
    _require(moved)
    reasons = dict.fromkeys(reason for row in moved for reason in _reasons(row, told[row.key]))
    promises = [replace(Promise.of(row, state.catalogue), told_before=told[row.key]) for row in moved]
    return Part(notice, message, promises, reasons=list(reasons))


def _withdrawal(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    message = messages.about_deadline(notice.kind, notice.audience)
    row = _row(notice, known)
    _require(not (row and row.due_at == notice.due_at and policy.BREACH_RUNG in row.steps_due(known.now)))
    if row is None:
        return Part(notice, message, [Promise.gone(*notice.key, notice.due_at, state.catalogue)])
    promise = Promise.ended(row, notice.due_at, state.catalogue)
    reasons = _reasons(row, notice.due_at) if row.due_at != notice.due_at else ()
    return Part(notice, message, [promise], reasons=reasons)


def _stand_down(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    message = messages.about_deadline(notice.kind, notice.audience)
    event = known.events[notice.started_by]
    rung = messages.rung_by(event, notice.audience)
    clocks = _clocks(rung, notice, known)
    _require(clocks and not any(row.is_open for row in clocks))
    return Part(notice, message, [Promise.ended(row, row.due_at, state.catalogue) for row in clocks])


def _about_an_event(state: AppState, messages: Messages, notice: Notice, known: CaseContext) -> Part:
    event = known.events[notice.started_by]
    message = messages.about_event(event, notice.kind, notice.audience)
    if message.while_open:
        clocks = _clocks(message, notice, known)
        _require(not clocks or any(row.is_open for row in clocks))
    facts = dict.fromkeys(state.catalogue.vocabulary.facts_of(event.type)) | dict(event.facts)
    told = _without_weeks(_told(state, notice, known), state.catalogue) if message.tells_dates else []
    promises = [Promise.of(row, state.catalogue) for row in told]
    return Part(notice, message, promises, facts, event.occurred_at)


def _told(state: AppState, notice: Notice, known: CaseContext) -> list[WatchedDeadline]:
    """The promises still to be kept, without those for staff where a resident is meant."""
    rows, hidden = known.still_open, state.catalogue.is_for_staff
    return [row for row in rows if not (notice.is_for_resident and hidden(row.standard))]


def _without_weeks(rows: Sequence[WatchedDeadline], catalogue: Catalogue) -> Sequence[WatchedDeadline]:
    return without_weeks(rows, lambda row: catalogue.is_emergency(row.standard))


def _clocks(message: Message, notice: Notice, known: CaseContext) -> Sequence[WatchedDeadline]:
    """The promises by which a message about an event is true: those that the event began, else any.

    An emergency that was called off leaves the ordinary promise open, and so does one made safe: of a message
    that names its `clocks` those alone count.
    """
    begun = [row for row in known.deadlines if row.started_by == notice.started_by] or known.deadlines
    return [row for row in begun if row.standard in message.clocks] or begun


def _row(notice: Notice, known: CaseContext) -> WatchedDeadline | None:
    return next((row for row in known.deadlines if row.key == notice.key), None)


def _require(holds: object) -> None:
    """Raise StaleNotice unless that holds."""
    if not holds:
        raise StaleNotice


def _still_holds(notice: Notice, row: WatchedDeadline, now: datetime) -> bool:
    """Tell if a step's notice is still true: of an open promise, and a step that its ladder has come to.

    Where the date has moved so that the step lies ahead again, it is taken again, and told then. What has
    been missed since needs no reminder.
    """
    steps = row.steps_due(now)
    overtaken = notice.kind == Kind.REMINDER and policy.BREACH_RUNG in steps
    return row.is_open and notice.rung in steps and not overtaken


def _reasons(row: WatchedDeadline, told: datetime) -> list[str]:
    """The reasons why the date has moved since that one was told, the latest move first."""
    reasons: list[str] = []
    for move in reversed(row.moves):
        reasons.append(move["because"])
        if datetime.fromisoformat(move["from"]) == told:
            break
    return reasons
