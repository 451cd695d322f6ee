"""One promise being counted, fact by fact, in the order in which the facts happened."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from math import inf
from typing import Literal

from shared.events import Event
from shared.standards.arrivals import ALL_ARRIVED, Arrivals, letter_of
from shared.standards.calendar import Calendar
from shared.standards.dated_facts import date_of, instant_of
from shared.standards.extending import given_before, proposed_due
from shared.standards.moves import Latest, Move
from shared.standards.periods import Period, Unit, civil_date, close_of
from shared.standards.rows import Extension, Limit, Standard, first_that_holds
from shared.standards.states import lapses_at


class Count:
    """The date promised by one row from one starting fact, and what became of it so far.

    `apply` takes the later facts in order. `cancellations` are kept in that order too: a promise that was
    kept before we learnt of its cancellation stays kept, whatever instant the cancellation bears.
    """

    __slots__ = (
        "arrivals",
        "calendar",
        "cancellations",
        "changed_period",
        "counted_from",
        "due_at",
        "first_due",
        "latest",
        "met",
        "moves",
        "office",
        "paused_at",
        "period",
        "reopened",
        "row",
        "start",
    )

    def __init__(
        self,
        row: Standard,
        calendar: Calendar,
        start: Event,
        counted_from: datetime,
        period: Period | date,
        limit: Limit | None = None,
    ) -> None:
        self.row, self.start, self.counted_from, self.period = row, start, counted_from, period
        self.office = calendar  # on which people work who are reminded, whatever the law counts
        self.calendar = row.regime.counts_on(calendar)
        self.latest = self._latest(limit) if limit else None
        self.first_due = self.due_at = self._first_due()
        self.met: Event | None = None
        self.arrivals: Arrivals = ALL_ARRIVED
        self.reopened: Event | None = None
        self.cancellations: list[Event] = []
        self.paused_at: datetime | None = None
        self.moves: list[Move] = []
        self.changed_period: Period | None = None

    @classmethod
    def started_by(
        cls, event: Event, row: Standard, calendar: Calendar, history: Iterable[Event] = ()
    ) -> "Count | None":
        """The count that this event starts under that row, if it does; `history` is the case's, in order."""
        start = first_that_holds(row.starts_on, event)
        if start is None or not row.regime.covers(event.facts):
            return None
        period: Period | date | None = start.period or row.period
        if row.until is not None:
            period = date_of(event, row.until)
        if period is None:
            return None
        counted_from = instant_of(event, start.counted_from) if start.counted_from else None
        if start.counted_from and row.recurring:
            kept = _last_kept_before(event, row, history)
            counted_from = max(filter(None, (counted_from, kept)), default=None)
        return cls(row, calendar, event, counted_from or event.occurred_at, period, start.no_later_than)

    def started_again(self, row: Standard, calendar: Calendar) -> "Count":
        """The next round of a recurring promise, counted from the fact that met this one.

        `row` is the version now in force. A cancellation that this round outlived, because we learnt of
        it later, stands against the next.
        """
        assert self.met is not None
        own = self.period if row is self.row and isinstance(self.period, Period) else None
        period = self.changed_period or own or row.period
        assert period is not None, "a recurring row has a period"
        following = Count(row, calendar, self.met, self.met.occurred_at, period)
        following.changed_period = self.changed_period
        following.arrivals = self.arrivals
        following.cancellations = list(self.cancellations)
        return following

    @property
    def version_day(self) -> date:
        """The day in London that decides under which version of its row it stands."""
        decided_by = self.row.version_by
        decisive = instant_of(self.start, decided_by) if decided_by else None
        return civil_date(decisive or self.counted_from)

    @property
    def cancellation_known_from(self) -> float:
        """The sequence from which on the case knows this promise to be cancelled; infinite if it is not."""
        return min((cancellation.sequence for cancellation in self.cancellations), default=inf)

    def apply_earlier(self, history: Iterable[Event]) -> None:
        """Take in what happened before the start: the case's pace, time given beforehand, and the row's end.

        What the row asks for may, as we learnt late, have been done before it was asked for; then it is
        owed no more.
        """
        row = self.row
        if not (row.period_changes or row.never_after or (row.extension and row.extension.given_since)):
            return
        earlier = list(takewhile(self._is_after, history))
        for event in earlier:
            if change := first_that_holds(row.period_changes, event):
                self.period = self.changed_period = change.period
            if first_that_holds(row.never_after, event):
                self.cancellations.append(event)
        if self.changed_period is not None:
            self.first_due = self.due_at = self._first_due()
        if row.extension is not None:
            for event in given_before(row.extension, earlier):
                self._extend(row.extension, event)

    def _is_after(self, event: Event) -> bool:
        """Tell whether the promise started after that fact."""
        return _place(event) < _place(self.start)

    def apply(self, event: Event) -> bool:
        """Take in a later fact; true when it is the one that meets the promise."""
        row = self.row
        act = self.arrivals.done_by(event, row.met_by)
        if first_that_holds(row.met_by, act):
            return self._meet(event, act)
        if self._is_cancelled_by(event):
            if self.paused_at is not None:
                self._resume(event)
            self.cancellations.append(event)
        elif not self.cancellations:
            self._move(event, act)
        return False

    def is_settled_by(self, event: Event) -> bool:
        """Tell a fact, of those after the start, that meets the promise or has it fall away."""
        row = self.row
        if event.sequence == self.start.sequence or self._is_after(event):
            return bool(first_that_holds(row.never_after, event))
        act = self.arrivals.done_by(event, row.met_by)
        if first_that_holds(row.met_by, act):
            return self._is_matched(act) and not self._came_back(event)
        return self._is_cancelled_by(event)

    def _is_cancelled_by(self, event: Event) -> bool:
        """Tell a fact that ends the promise; one about a single action or damage ends that one's alone."""
        ends = first_that_holds((*self.row.cancelled_by, *self.row.recurring_until), event)
        return ends is not None and (self.row.matched_on not in event.facts or self._is_matched(event))

    def _is_matched(self, event: Event) -> bool:
        same = self.row.matched_on
        return not same or event.facts.get(same) == self.start.facts.get(same)

    def _came_back(self, event: Event) -> bool:
        return self.arrivals.came_back(event, self.row.regime.vocabulary)

    def _meet(self, event: Event, act: Event) -> bool:
        """Take an act for the one that meets the promise; if its letter came back, it is open again."""
        if not self._is_matched(act) or _place(act) <= _place(self.start):
            return False
        if self._came_back(event):
            self.reopened = self.arrivals.returned.get(letter_of(event), self.reopened)
            return False
        if event.sequence > self.cancellation_known_from:
            return False
        if self.paused_at is not None:
            self._resume(event)
        self.met = event
        return True

    def _move(self, event: Event, act: Event) -> None:
        row = self.row
        if row.extension and row.extension.holds_for(act):
            self._extend_by_letter(row.extension, event, act)
        if change := first_that_holds(row.period_changes, event):
            self.changed_period = change.period
            nearer = min(self.due_at, self._end_of(change.period, event.occurred_at))
            self._move_to(nearer, event, "shortened")
        if row.pausing is None:
            return
        if self.paused_at is None and first_that_holds(row.pausing.begins_on, event):
            self.paused_at = None if self._lapsed(event) else event.occurred_at
        elif self.paused_at is not None and first_that_holds(row.pausing.ends_on, event):
            self._resume(event)

    def _extend_by_letter(self, extension: Extension, event: Event, act: Event) -> None:
        """Give more time, unless the letter that tells of it came back: nobody was told of the new date.

        Where it arrives after all, it gives more time from then on.
        """
        if self._came_back(event):
            self.reopened = self.arrivals.returned.get(letter_of(event), self.reopened)
        else:
            self._extend(extension, replace(act, occurred_at=event.occurred_at, sequence=event.sequence))

    def _extend(self, extension: Extension, event: Event) -> None:
        """Give more time, as far as the row allows; a promise already broken is not mended by it."""
        times = sum(move.kind == "extended" for move in self.moves)
        if self._lapsed(event) or (extension.times is not None and times >= extension.times):
            return
        closing = self.row.regime.closing
        proposed = self._rolled(proposed_due(extension, event, self.due_at, self.calendar, closing))
        if at_most := extension.cap(event):
            proposed = min(proposed, self._end_of(at_most, self.first_due))
        if extension.no_later_than:
            latest = self._end_of(extension.no_later_than, self.counted_from)
            proposed = min(proposed, self._rolled(close_of(civil_date(latest) + self._given_back(), closing)))
        if proposed < self.due_at and extension.may_shorten:
            self._move_to(proposed, event, "shortened")
        else:
            self._move_to(max(proposed, self.due_at), event, "extended")

    def _resume(self, event: Event) -> None:
        """Give back the time of the pause: by the clock, or the days of the period's own kind in it."""
        assert self.paused_at is not None
        paused_at, self.paused_at = self.paused_at, None
        period = self.period if isinstance(self.period, Period) else None
        if period and period.elapses:
            self._move_to(self.due_at + (event.occurred_at - paused_at), event, "paused")
            return
        assert self.row.pausing is not None
        first, last = civil_date(paused_at), civil_date(event.occurred_at)
        if self.row.pausing.from_the_day:
            first -= timedelta(days=1)
        if period and period.unit is Unit.WORKING_DAY:
            given_back = Period(self.calendar.working_days_between(first, last), Unit.WORKING_DAY)
        else:
            given_back = Period((last - first).days, Unit.DAY)
        self._move_to(self._end_of(given_back, self.due_at), event, "paused")

    def _given_back(self) -> timedelta:
        """The days by which pauses have put the date off so far."""
        paused = (move for move in self.moves if move.kind == "paused")
        return sum((civil_date(move.moved_to) - civil_date(move.moved_from) for move in paused), timedelta())

    def _first_due(self) -> datetime:
        if not isinstance(self.period, Period):
            return close_of(self.period, self.row.regime.closing)
        due_at = self._end_of(self.period, self.counted_from)
        return min(due_at, self.latest.at) if self.latest else due_at

    def _latest(self, limit: Limit) -> Latest | None:
        counted_from = instant_of(self.start, limit.counted_from)
        if counted_from is None:
            return None
        return Latest(self._end_of(limit.period, counted_from), limit.period, counted_from)

    def _end_of(self, period: Period, instant: datetime) -> datetime:
        return self._rolled(period.after(instant, self.calendar, self.row.regime.closing))

    def _rolled(self, end: datetime) -> datetime:
        """The end of a last day; in a row that rolls, of the next working day if that is none."""
        last_day = civil_date(end)
        if not self.row.rolls or self.calendar.is_working(last_day):
            return end
        return close_of(self.calendar.add_working_days(last_day, 1), self.row.regime.closing)

    def _move_to(
        self, due_at: datetime, event: Event, kind: Literal["extended", "shortened", "paused"]
    ) -> None:
        if due_at == self.due_at:
            return
        reason = event.facts.get("reason")
        self.moves.append(Move(kind, event.sequence, event.occurred_at, self.due_at, due_at, reason))
        self.due_at = due_at

    def _lapsed(self, event: Event) -> bool:
        return self.paused_at is None and event.occurred_at >= lapses_at(self.due_at)


def _place(event: Event) -> tuple[datetime, int]:
    return event.occurred_at, event.sequence


def _last_kept_before(start: Event, row: Standard, history: Iterable[Event]) -> datetime | None:
    """The instant at which a recurring promise was last kept before the fact that starts it here."""
    earlier = (each for each in history if each.occurred_at < start.occurred_at)
    return max((each.occurred_at for each in earlier if first_that_holds(row.met_by, each)), default=None)
