"""Rows of a standards file; the fields are the file's own keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, ConfigDict

from shared.events import Event
from shared.standards.calendar import ENGLAND_AND_WALES, UNITED_KINGDOM, Calendar, CalendarName
from shared.standards.contact_points import ContactPoint
from shared.standards.ombudsmen import ContactDetails
from shared.standards.periods import END_OF_DAY, END_OF_OFFICE_HOURS, START_OF_OFFICE_HOURS, Offset, Period
from shared.standards.vocabulary import Value, Vocabulary

BREACH = "breach"
PERIOD = "{period}"
"""The place in the words of a promise where the period of the one made stands."""
Recipient = Literal["department", "handler", "manager", "resident"]


def _period(raw: Any) -> Any:
    return raw if isinstance(raw, Period) else Period.parse(raw)


def _offset(raw: Any) -> Any:
    return raw if isinstance(raw, Offset) else Offset.parse(raw)


def _alternatives(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    return {fact: tuple(value) if isinstance(value, list) else (value,) for fact, value in raw.items()}


def _event_alone(raw: Any) -> Any:
    return {"event": raw} if isinstance(raw, str) else raw


PeriodInWords = Annotated[Period, BeforeValidator(_period)]
OffsetInWords = Annotated[Offset, BeforeValidator(_offset)]
Facts = Annotated[Mapping[str, tuple[Value, ...]], BeforeValidator(_alternatives)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An event, and the values that some of its facts must have; any of several will do."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    event: str
    when: Facts = field(default_factory=dict)

    def holds_for(self, event: Event) -> bool:
        """Tell whether that event is the one meant."""
        return event.type == self.event and self.fits(event.facts)

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether facts of that event have the values asked for."""
        return all(facts.get(fact) in allowed for fact, allowed in self.when.items())


ConditionOrEvent = Annotated[Condition, BeforeValidator(_event_alone)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A second period, counted from the date in another fact of the start, that the first may not outlast."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    period: PeriodInWords
    counted_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Condition):
    """An event that starts a promise, if need be with a period of its own.

    `counted_from` names a fact with an earlier or later date to count from; without that fact the
    promise counts from the event. A recurring one counts from whatever kept it last before the event, if that
    is later than the fact. `no_later_than` caps the date that the period gives.
    """

    period: PeriodInWords | None = None
    counted_from: str | None = None
    no_later_than: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChange(Condition):
    """An event after which a recurring promise is kept at another pace.

    The date already promised may come nearer by it, never move away.
    """

    period: PeriodInWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Condition):
    """An event, before the promise lapses, that gives it more time.

    Either `to` names the fact with the new date, or `by` the fact with how many `unit`s more. All
    extensions together give `at_most` more, unless the event has the facts of `beyond_when`, and end
    `no_later_than` that long after the start. One that `may_shorten` moves the promise to an earlier date
    too. One from before the start counts as well, if it came after the latest event of `given_since`.
    """

    to: str | None = None
    by: str | None = None
    unit: Literal["working days", "days", "weeks", "months"] = "working days"
    at_most: PeriodInWords | None = None
    beyond_when: Facts = field(default_factory=dict)
    no_later_than: PeriodInWords | None = None
    times: int | None = None
    may_shorten: bool = False
    given_since: tuple[ConditionOrEvent, ...] = ()

    def cap(self, event: Event) -> Period | None:
        """The most that all extensions together give once that event has given its own."""
        goes_beyond = bool(self.beyond_when) and Condition(event=self.event, when=self.beyond_when).holds_for(
            event
        )
        return None if goes_beyond else self.at_most


StartOrEvent = Annotated[Start, BeforeValidator(_event_alone)]
C = TypeVar("C", bound=Condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pausing:
    """The events between which time does not count; the day of the first counts unless `from_the_day`."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    begins_on: tuple[ConditionOrEvent, ...]
    ends_on: tuple[ConditionOrEvent, ...]
    from_the_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder by which a promise is watched: what it is called, when, and who is told."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    at: OffsetInWords
    tell: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """The head of a file, which all its rows share.

    A statutory regime, also if it is `guidance`, knows no council closures, and pauses where it `may_pause`.
    `calendar` says where a bank holiday has to be for its working days to leave it out. What is `for_staff`
    is told to no resident. Its days end at `closing`; reminders that fall on a day go out at `opening`, and
    none that is no emergency leaves from `office_closing` on. All three are London time. `ombudsmen` are
    those that its complaints can be taken to. Nothing is promised about an event of which some fact has one
    of the values that `excludes` gives for it; a fact that an event lacks excludes nothing. The file was last
    compared with its source on `reviewed_on`.
    """

    name: str
    title: str
    source: str
    lead_in: str
    vocabulary: Vocabulary = field(repr=False)
    statutory: bool = False
    guidance: bool = False
    for_staff: bool = False
    may_pause: bool = False
    calendar: CalendarName = ENGLAND_AND_WALES
    opening: time = START_OF_OFFICE_HOURS
    office_closing: time = END_OF_OFFICE_HOURS
    closing: time = END_OF_DAY
    ombudsmen: tuple[ContactDetails, ...] = ()
    reviewed_on: date | None = None
    contact_points: tuple[ContactPoint, ...] = ()
    excludes: Facts = field(default_factory=dict)

    def counts_on(self, calendar: Calendar) -> Calendar:
        """The calendar on which its days are counted, of those that the one in use knows."""
        national = calendar.united_kingdom if self.calendar == UNITED_KINGDOM else calendar
        return national.statutory if self.statutory else national

    def covers(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether something may be promised about an event with these facts."""
        return not any(facts.get(fact) in values for fact, values in self.excludes.items())


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Standard:
    """One timed promise in one of its versions: `in_force_from` to `in_force_until`, both included.

    `version_by` names the fact whose date decides which version a promise stands under; without it the day
    does that it is counted from. `by_default` is for whoever promises a date and gives none: it is that long
    after the promise. One that `rolls` moves a last day that is no working day on. An `emergency`
    is told of at any hour, before all else. Of one `told_neutrally` only officers see more than the date.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    regime: Regime
    id: str
    source: str
    promise: str
    starts_on: tuple[StartOrEvent, ...]
    met_by: tuple[ConditionOrEvent, ...]
    in_force_from: date
    in_force_until: date | None = None
    version_by: str | None = None
    period: PeriodInWords | None = None
    until: str | None = None
    by_default: PeriodInWords | None = None
    rolls: bool = False
    emergency: bool = False
    told_neutrally: bool = False
    cancelled_by: tuple[ConditionOrEvent, ...] = ()
    recurring_until: tuple[ConditionOrEvent, ...] = ()
    period_changes: tuple[PeriodChange, ...] = ()
    extension: Extension | None = None
    pausing: Pausing | None = None
    matched_on: str | None = None
    never_after: tuple[ConditionOrEvent, ...] = ()
    ladder: tuple[Rung, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.regime.name}: {self.id} from {self.in_force_from}>"

    def said(self, period: str | None = None) -> str:
        """The promise with its period in words; by default with each that it may have."""
        return self.promise.replace(PERIOD, period or self.within)

    def duty(self, period: str | None = None) -> str:
        """The promise as a letter says it: what a law requires of us is not ours to promise."""
        said = self.said(period)
        return f"{self.regime.lead_in} {said.removeprefix('We will ')}" if self.regime.statutory else said

    @property
    def recurring(self) -> bool:
        """Tell whether it starts again each time it is met."""
        return bool(self.recurring_until)

    @property
    def within(self) -> str:
        """The period in words, each if there are several; empty where it runs until a date."""
        periods = (start.period or self.period for start in self.starts_on)
        return " or ".join(dict.fromkeys(str(period) for period in periods if period))

    @property
    def service(self) -> str:
        """The service whose cases it is about."""
        return self.starts_on[0].event.partition(".")[0]

    def is_in_force(self, day: date) -> bool:
        """Tell whether a promise of that day in London stands under this row."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)

    @property
    def periods(self) -> Iterable[Period]:
        """Every period that may set its date or cap it."""
        limits = (start.no_later_than for start in self.starts_on)
        given = (self.period, *(start.period for start in self.starts_on))
        yield from (period for period in given if period)
        yield from (limit.period for limit in limits if limit)
        yield from (change.period for change in self.period_changes)

    def conditions(self) -> Iterable[Condition]:
        """Every condition in the row, wherever it stands."""
        yield from (*self.starts_on, *self.met_by, *self.cancelled_by)
        yield from (*self.recurring_until, *self.period_changes, *self.never_after)
        if self.extension:
            yield self.extension
            yield from self.extension.given_since
        if self.pausing:
            yield from (*self.pausing.begins_on, *self.pausing.ends_on)


def first_that_holds(conditions: Iterable[C], event: Event) -> C | None:
    """The first of the conditions that holds for the event: a file's order is its order of precedence."""
    for condition in conditions:
        if condition.holds_for(event):
            return condition
    return None
