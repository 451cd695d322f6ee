"""Requests and answers of calendar keeping and operations."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Self

import orjson
from pydantic import BaseModel, Field

from services.notifications.api.schemas import SkippedDayOut
from services.notifications.calendar.preview import Effects
from services.notifications.calendar.rollout import Rollout
from services.notifications.models import Reconciliation
from services.notifications.policy import Finding
from shared.calendar_sync import StoredCalendar
from shared.cases.formats import Day, Instant
from shared.cases.schemas import RequestModel
from shared.cases.words import Line
from shared.messaging import broker
from shared.messaging.broker import DeadLetter


class Closure(RequestModel):
    """A day on which the council is closed, and why."""

    date: Day
    reason: Line


class ClosureWithdrawal(RequestModel):
    """A request to take a closure day back, with its reason."""

    reason: Line


class CalendarOut(BaseModel):
    """The days that do not count as working days, besides weekends."""

    version: int
    official_as_of: Instant | None = Field(description="Time of the list's last refresh; null: as bundled")
    bank_holidays: list[SkippedDayOut]
    closures: list[SkippedDayOut]

    @classmethod
    def of(cls, calendar: StoredCalendar, year: int) -> Self:
        """One year's holidays, and every closure."""
        holidays = calendar.calendar().holidays
        return cls(
            version=calendar.version,
            official_as_of=calendar.official_as_of,
            bank_holidays=[
                SkippedDayOut(date=day, reason=name)
                for day, name in sorted(holidays.items())
                if day.year == year
            ],
            closures=[
                SkippedDayOut(date=date.fromisoformat(day), reason=reason)
                for day, reason in sorted(calendar.closures.items())
            ],
        )


class ServiceCalendar(BaseModel):
    """One service, and whether it counts with the calendar already."""

    service: str
    has_calendar: bool


class RolledOutCalendar(CalendarOut):
    """The calendar after a correction, and which services have it; the others follow on their own."""

    services: list[ServiceCalendar]

    @classmethod
    def after(cls, rollout: Rollout, year: int) -> Self:
        """The calendar of one year, as far as it has come."""
        services = [
            ServiceCalendar(service=name, has_calendar=has_it) for name, has_it in rollout.services.items()
        ]
        return cls(**dict(CalendarOut.of(rollout.calendar, year)), services=services)


class StandardEffect(BaseModel):
    """The promises of one standard that would move, and the residents who would be told."""

    standard: str
    promises: int
    residents: int


class CorrectionPreview(BaseModel):
    """The effect that a correction of the calendar would have; nothing was changed.

    A resident with several promises counts once in `residents`.
    """

    promises: int
    residents: int
    standards: list[StandardEffect]

    @classmethod
    def of(cls, effects: Effects) -> Self:
        """The effects, summed up."""
        return cls(
            promises=sum(effect.promises for effect in effects.values()),
            residents=len(set[str]().union(*(effect.residents for effect in effects.values()))),
            standards=[
                StandardEffect(standard=standard, promises=effect.promises, residents=len(effect.residents))
                for standard, effect in sorted(effects.items())
            ],
        )


class MissingCase(BaseModel):
    """A case of which other events were received than its owner has, and how many events each had."""

    reference: str
    service: str
    owner_version: int
    heard_version: int
    finding: Finding = Finding.EVENTS_MISSING


class ReconciliationOut(BaseModel):
    """One comparison of the owners' cases with the events received; `missing` are those that differed."""

    started_at: Instant
    finished_at: Instant
    checked: int
    missing: list[MissingCase]
    unasked: list[str]

    @classmethod
    def of(cls, row: Reconciliation) -> Self:
        """The run, as it is stored."""
        return cls.model_validate(row, from_attributes=True)


class Reconciliations(BaseModel):
    """The latest comparisons, the latest first."""

    items: list[ReconciliationOut]


class DeadLetterOut(BaseModel):
    """A message that could not be handled: what it was about, as far as it can be read."""

    id: str = Field(description="Names it in a replay or discard; the same message twice has one id")
    queue: str
    reason: str = Field(description="The fault that it met the last time, without what it said of people")
    event_id: str | None
    type: str | None
    reference: str | None
    sequence: int | None
    size: int
    recorded_at: Instant | None = Field(description="When its event was recorded, to be published at once")
    died_at: Instant | None = Field(description="When it was given up on, the last time")
    replayed_at: Instant | None = Field(
        description="When it was last delivered once more; with one it is back again"
    )

    @classmethod
    def of(cls, letter: DeadLetter) -> Self:
        """Even of one that is no event."""
        try:
            read = orjson.loads(letter.body)
        except orjson.JSONDecodeError:
            read = None
        event = read if isinstance(read, dict) else {}
        return cls(
            id=letter.id,
            queue=letter.queue,
            reason=letter.reason,
            event_id=_text(event.get("id")),
            type=_text(event.get("type")),
            reference=_text(event.get("subject")),
            sequence=event.get("sequence") if isinstance(event.get("sequence"), int) else None,
            size=len(letter.body),
            recorded_at=_instant(event.get("recordedtime")),
            died_at=letter.died_at,
            replayed_at=letter.replayed_at,
        )


class ReasonCount(BaseModel):
    """The number of dead letters that were given up on for one reason."""

    reason: str
    count: int


class DeadLetters(BaseModel):
    """Some dead letters, the oldest first; `total` counts all that the queue has."""

    items: list[DeadLetterOut]
    total: int
    reasons: list[ReasonCount] | None = Field(
        description="All of them by their reason, the most first; null where only `items` were looked at"
    )
    waiting: int = Field(description="Messages that wait in the queue itself to be taken in")

    @classmethod
    def of(cls, found: broker.DeadLetters) -> Self:
        """The dead letters of a queue, as the broker has them."""
        return cls(
            items=[DeadLetterOut.of(letter) for letter in found.oldest],
            total=found.total,
            reasons=None if found.by_reason is None else _counted(found.by_reason),
            waiting=found.waiting,
        )


LetterIds = Annotated[list[Line], Field(min_length=1, max_length=1000)]


class Replay(RequestModel):
    """A request to deliver dead letters once more: those with these ids, or else the oldest."""

    queue: Line
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    ids: LetterIds | None = None


class Discard(RequestModel):
    """A request to discard dead letters that nobody can or need handle, with the reason."""

    queue: Line
    ids: LetterIds
    reason: Line


class Replayed(BaseModel):
    """The number of dead letters delivered once more; those that fail again come back with `replayed_at`."""

    queue: str
    replayed: int
    replayed_at: Instant


class Discarded(BaseModel):
    """The dead letters that are there no more; each is kept with who discarded it and why."""

    items: list[DeadLetterOut]


def _counted(by_reason: Mapping[str, int]) -> list[ReasonCount]:
    most_first = sorted(by_reason.items(), key=lambda row: -row[1])
    return [ReasonCount(reason=reason, count=count) for reason, count in most_first]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _instant(value: object) -> datetime | None:
    """An instant in a message that may be no event at all."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None
