"""The fold: from everything that happened to one case to the deadlines it has, and how each was reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from shared.events import Event
from shared.standards.arrivals import Arrivals
from shared.standards.calendar import Calendar, SkippedDay
from shared.standards.catalogue import Catalogue
from shared.standards.counting import Count
from shared.standards.dated_facts import BadFact
from shared.standards.explanation import explain
from shared.standards.moves import Latest, Move
from shared.standards.periods import Period, civil_date
from shared.standards.rows import Recipient, Standard
from shared.standards.states import State, lapses_at, state_of

__all__ = ["BadFact", "Deadline", "Move", "PlannedRung", "State", "Working", "deadlines", "next_deadline"]


@dataclass(frozen=True, slots=True)
class PlannedRung:
    """A reminder, breach notice or escalation, and the instant from which it is owed."""

    name: str
    at: datetime
    tell: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """The reckoning of a date: counted from when, over which days, moved by what."""

    counted_from: datetime
    period: str
    skipped: tuple[SkippedDay, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One promise to one case, with its date; `standard` and `started_by` say which among the case's.

    All instants are UTC. What it was counted from and how is worked out when asked for, not in the fold.
    """

    row: Standard
    start: Event
    counted_from: datetime
    length: Period | date
    first_due: datetime
    due_at: datetime
    met: Event | None
    cancelled: Event | None
    paused_at: datetime | None
    moves: tuple[Move, ...]
    reopened: Event | None
    latest: Latest | None
    calendar: Calendar = field(compare=False, repr=False)
    office: Calendar = field(compare=False, repr=False)

    @property
    def standard(self) -> str:
        """The id of the row it was promised under."""
        return self.row.id

    @property
    def regime(self) -> str:
        """The name of the file that has the row."""
        return self.row.regime.name

    @property
    def promise(self) -> str:
        """The promise in our own plain words."""
        return self.row.said(self.period)

    @property
    def source(self) -> str:
        """The document and section that promise it."""
        return self.row.source

    @property
    def version(self) -> date:
        """The day from which this version of the row is in force."""
        return self.row.in_force_from

    @property
    def started_by(self) -> int:
        """The sequence of the fact that started it."""
        return self.start.sequence

    @property
    def started_at(self) -> datetime:
        """The instant of that fact."""
        return self.start.occurred_at

    @property
    def met_by(self) -> int | None:
        """The sequence of the fact that kept the promise, in time or late."""
        return self.met.sequence if self.met else None

    @property
    def met_at(self) -> datetime | None:
        """The instant at which the promise was kept, in time or late."""
        return self.met.occurred_at if self.met else None

    @property
    def reopened_at(self) -> datetime | None:
        """The instant since which it is open again, as the letter that would have kept it came back."""
        return self.reopened.occurred_at if self.reopened and self.open else None

    @property
    def cancelled_at(self) -> datetime | None:
        """The instant at which the promise fell away."""
        return self.cancelled.occurred_at if self.cancelled else None

    @property
    def open(self) -> bool:
        """Tell whether something is still to be done about it, in time or late."""
        return self.met is None and self.cancelled is None

    @property
    def period(self) -> str:
        """The period that was given, in words."""
        return str(self.length) if isinstance(self.length, Period) else "the date given"

    def state(self, now: datetime) -> State:
        """The state of the promise at that instant; see `state_of`."""
        return state_of(
            due_at=self.due_at,
            met_at=self.met_at,
            cancelled_at=self.cancelled_at,
            paused_at=self.paused_at,
            now=now,
        )

    @property
    def rungs(self) -> tuple[PlannedRung, ...]:
        """The ladder with its instants: what falls after the start and before the promise was settled.

        A notice already sent whose rung is no longer here was sent in error, and is to be withdrawn.
        """
        if self.open and self.paused_at is not None:
            return ()
        settled = self.met or self.cancelled
        opening = self.row.regime.opening
        planned = (
            PlannedRung(
                rung.name,
                lapses_at(self.due_at)
                if rung.at.is_the_breach
                else rung.at.of(self.due_at, self.office, opening),
                rung.tell,
            )
            for rung in self.row.ladder
        )
        return tuple(
            rung
            for rung in planned
            if rung.at > self.start.occurred_at or rung.at >= self.due_at
            if settled is None or rung.at < settled.occurred_at
        )

    @property
    def working(self) -> Working:
        """The reckoning of the date."""
        skipped: tuple[SkippedDay, ...] = ()
        if isinstance(self.length, Period):
            skipped = self.length.skipped(self.counted_from, self.first_due, self.calendar)
            for move in self.moves:
                skipped += self.length.skipped(move.moved_from, move.moved_to, self.calendar)
        return Working(self.counted_from, self.period, skipped, self.moves)

    @property
    def because(self) -> str:
        """The working in plain English, fit to be read out to a resident."""
        return explain(self)


def deadlines(events: Iterable[Event], catalogue: Catalogue, calendar: Calendar) -> list[Deadline]:
    """The deadlines of one case, from all its events in any order and with any repetition.

    A deadline stands under the row in force in London on the day it is counted from, unless the row has
    another decide (`version_by`), even if the row changes later; each round of a recurring one starts anew
    under the row then in force. A change of the calendar moves only what was open when it was made.
    Raises BadFact for an event whose date or number cannot be read.
    """
    history = sorted({event.sequence: event for event in events}.values(), key=_order)
    counts = _counts(history, catalogue, calendar)
    if calendar.changes:
        counts = [_as_settled(count, history, catalogue, calendar) for count in counts]
    return [_deadline(count) for count in counts]


def _counts(history: Sequence[Event], catalogue: Catalogue, calendar: Calendar) -> list[Count]:
    counts, unmet = list[Count](), list[Count]()
    arrivals = Arrivals.of(history, catalogue.vocabulary)
    for event in arrivals.without_undone(history):
        started: dict[str, Count] = {}
        for count in unmet:
            if count.apply(event):
                following = _next_round(count, event, catalogue, calendar)
                if following is not None:
                    _join(started, following)
        unmet = [count for count in unmet if count.met is None]
        for row in catalogue.starting(event.type):
            fresh = Count.started_by(event, row, calendar, history)
            if fresh and _stands_under(fresh, row, catalogue):
                fresh.arrivals = arrivals
                fresh.apply_earlier(history)
                _join(started, fresh)
        counts += started.values()
        unmet += started.values()
    return counts


def _as_settled(count: Count, history: Sequence[Event], catalogue: Catalogue, calendar: Calendar) -> Count:
    """The count on the calendar as it was when the promise was first known to be settled.

    What was kept or fell away was quoted, told and reported with the date it had then: a closure entered
    later must not turn late into met. The day that a fact was recorded decides, not the day it happened:
    until then the promise was open to everybody, and moved with the calendar.
    """
    ends = count.cancellations if count.met is None else [count.met, *count.cancellations]
    if not ends:
        return count
    known_at = min(event.recorded_at for event in [*ends, *filter(count.is_settled_by, history)])
    dates = (count.first_due, count.due_at, *(move.moved_from for move in count.moves))
    first, last = civil_date(count.counted_from), civil_date(max(dates))
    if not any(first < change.day <= last for change in calendar.changes if change.at > known_at):
        return count
    earlier = _counts(history, catalogue, calendar.as_of(known_at))
    key = (count.row.id, count.start.sequence)
    return next(other for other in earlier if (other.row.id, other.start.sequence) == key)


def next_deadline(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The strictest promise still to be kept: the one due first, even if that is past.

    One that is paused only where no other is open: its date will move, and nobody is late with it.
    """
    return min((deadline for deadline in deadlines if deadline.open), key=_strictness, default=None)


def _next_round(met: Count, by: Event, catalogue: Catalogue, calendar: Calendar) -> Count | None:
    if not met.row.recurring:
        return None
    row = catalogue.in_force(met.row.id, civil_date(by.occurred_at))
    return met.started_again(row, calendar) if row else None


def _stands_under(fresh: Count, row: Standard, catalogue: Catalogue) -> bool:
    """Tell the version of a row that is the one for this promise from its others.

    What is kept up for years may have been done last before anything was promised about it. A promise to do
    it again then stands under the version in force when the thing was registered.
    """
    day = fresh.version_day
    if row.recurring and day < catalogue.first_day_of(row.id):
        day = civil_date(fresh.start.occurred_at)
    return row.is_in_force(day)


def _join(started: dict[str, Count], count: Count) -> None:
    """Take two rounds of one standard that start from one fact for one, the one less cancelled.

    A case reopened before it was closed has two rounds running, and the update that meets both owes
    one more, not two.
    """
    other = started.get(count.row.id)
    if other is None or count.cancellation_known_from > other.cancellation_known_from:
        started[count.row.id] = count


def _order(event: Event) -> tuple[datetime, int]:
    return event.occurred_at, event.sequence


def _strictness(deadline: Deadline) -> tuple[bool, datetime, str, int]:
    return deadline.paused_at is not None, deadline.due_at, deadline.standard, deadline.started_by


def _deadline(count: Count) -> Deadline:
    return Deadline(
        row=count.row,
        start=count.start,
        counted_from=count.counted_from,
        length=count.period,
        first_due=count.first_due,
        due_at=count.due_at,
        met=count.met,
        cancelled=count.cancellations[0] if count.cancellations and count.met is None else None,
        paused_at=count.paused_at,
        moves=tuple(count.moves),
        reopened=count.reopened,
        latest=count.latest,
        calendar=count.calendar,
        office=count.office,
    )
