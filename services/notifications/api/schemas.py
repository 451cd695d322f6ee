"""Answers of notifications."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from services.notifications.figures.indicators import Indicator
from services.notifications.models import Notice, WatchedDeadline
from shared.cases.formats import Instant
from shared.cases.schemas import AnswerModel, DeadlineOut
from shared.events import Event
from shared.standards.catalogue import Catalogue
from shared.standards.deadlines import Deadline, Move
from shared.standards.explanation import result_so_far
from shared.standards.rows import Standard

MOVED_BY_A_FACT = {
    "extended": "we needed longer",
    "shortened": "we agreed to keep it sooner",
    "paused": "the count was paused",
}
CAME_BACK = "the letter that would have met it came back"

DatesSent = Mapping[datetime, datetime]
"""The dates of one promise that its resident was sent, each with when it first was."""


class StandardOut(BaseModel):
    """One promise in one of its versions."""

    standard: str
    regime: str
    promise: str
    source: str
    period: str
    statutory: bool
    in_force_from: date
    in_force_until: date | None
    reviewed_on: date | None = Field(description="When its file was last compared with its source")

    @classmethod
    def of(cls, row: Standard) -> Self:
        """The standard, as the regime's file has it."""
        return cls(
            standard=row.id,
            regime=row.regime.name,
            promise=row.said(),
            source=row.source,
            period=row.within or "until the date given",
            statutory=row.regime.statutory,
            in_force_from=row.in_force_from,
            in_force_until=row.in_force_until,
            reviewed_on=row.regime.reviewed_on,
        )


class StandardsOut(BaseModel):
    """Every promise."""

    items: list[StandardOut]


class SkippedDayOut(BaseModel):
    """A day that does not count, and why."""

    date: date
    reason: str


class MoveOut(BaseModel):
    """A change of the date, with its reason."""

    moved_from: Instant
    moved_to: Instant
    because: str
    told_at: Instant | None = Field(description="When its resident was sent the new date, if they were")

    @classmethod
    def of_fact(cls, move: Move, told: DatesSent) -> Self:
        """A change by something that happened in the case."""
        because, to = move.reason or MOVED_BY_A_FACT[move.kind], move.moved_to
        return cls(moved_from=move.moved_from, moved_to=to, because=because, told_at=told.get(to))

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any], told: DatesSent) -> Self:
        """A change as it was noted when it was found, such as one of the days that count."""
        moved_from, to = (datetime.fromisoformat(stored[name]) for name in ("from", "to"))
        return cls(moved_from=moved_from, moved_to=to, because=stored["because"], told_at=told.get(to))


class WorkingOut(BaseModel):
    """The reckoning of a date."""

    counted_from: Instant
    period: str
    skipped: list[SkippedDayOut]
    moved: list[MoveOut]


class ExplainedDeadline(DeadlineOut):
    """A deadline that explains itself."""

    version: date
    working: WorkingOut
    because: str

    @classmethod
    def explained(
        cls, deadline: Deadline, moves: Sequence[dict[str, Any]], told: DatesSent, now: datetime
    ) -> Self:
        """Explain a date: each skipped day and why, and each move by a fact of the case or the calendar."""
        working = deadline.working
        plain = DeadlineOut.of(deadline, now).model_dump(mode="python")
        moved = [MoveOut.of_fact(move, told) for move in deadline.moves]
        told_by_facts = {move.moved_to for move in deadline.moves}
        moved += [
            MoveOut.of_stored(move, told)
            for move in moves
            if datetime.fromisoformat(move["to"]) not in told_by_facts
        ]
        return cls(
            **plain,
            version=deadline.version,
            working=WorkingOut(
                counted_from=working.counted_from,
                period=working.period,
                skipped=[SkippedDayOut(date=day.date, reason=day.reason) for day in working.skipped],
                moved=moved,
            ),
            because=" ".join(filter(None, (deadline.because, result_so_far(deadline, now)))),
        )


class CaseDeadlines(BaseModel):
    """A case's deadlines; `version` is that of the latest event received."""

    reference: str
    version: int
    deadlines: list[ExplainedDeadline]
    next_deadline: ExplainedDeadline | None


class WatchedDeadlineOut(BaseModel):
    """One deadline among those of many cases."""

    reference: str
    service: str
    department: str | None
    standard: str
    regime: str
    promise: str
    source: str
    due_at: Instant
    state: str
    started_at: Instant
    met_at: Instant | None
    reopened_at: Instant | None
    reopened: str | None = Field(description="Why it is open again, if it is")

    @classmethod
    def of(cls, row: WatchedDeadline, catalogue: Catalogue, now: datetime) -> Self:
        """The deadline, as it stands at `now`."""
        words = catalogue.words_of(row.standard, row.version_day, row.period)
        return cls(
            reference=row.reference,
            service=row.service,
            department=row.department,
            standard=row.standard,
            regime=row.regime,
            promise=words.promise,
            source=words.source,
            due_at=row.due_at,
            state=row.state(now),
            started_at=row.started_at,
            met_at=row.met_at,
            reopened_at=row.reopened_at,
            reopened=CAME_BACK if row.reopened_at else None,
        )


TO_DUTY_PHONE = "It leaves as a text to the duty telephone of its department"


class NoticeOut(AnswerModel):
    """Something that was told, or is to be told, to somebody; it names no person."""

    id: UUID
    reference: str
    kind: str
    audience: str = Field(validation_alias="reader")
    to_duty_phone: bool = Field(description=TO_DUTY_PHONE)
    standard: Annotated[str | None, BeforeValidator(lambda standard: standard or None)]
    rung: str
    stands_for: list[str]
    status: str
    reason: str | None
    owed_at: Instant
    created_at: Instant
    sent_at: Instant | None
    delivered_at: Instant | None = Field(description="When its provider says that it arrived, if it says so")
    sent_with: UUID | None = Field(
        validation_alias="left_with", description="The letter it left in, with others of its case"
    )
    channel: str | None
    form: str | None = Field(description="Email, letter or text, once it has left; null: not known any more")
    receipt: str | None
    digest: str | None = Field(description="SHA-256 of the text that left")
    words_kept: bool = Field(description="Officers can read its words: `GET /v1/notices/{id}/words`")


class Entry(BaseModel):
    """One thing that happened: to the case (`event`), or that somebody was told (`notice`)."""

    at: Instant
    entry: str
    type: str
    sequence: int | None = None
    recorded_at: Instant | None = None
    facts: dict[str, Any] | None = None
    notice: NoticeOut | None = None

    @classmethod
    def of_event(cls, event: Event, facts: dict[str, Any] | None) -> Self:
        """A fact about the case, with what its reader may see of it."""
        return cls(
            at=event.occurred_at,
            entry="event",
            type=event.type,
            sequence=event.sequence,
            recorded_at=event.recorded_at,
            facts=facts,
        )

    @classmethod
    def of_notice(cls, row: Notice, standard: str | None = None) -> Self:
        """A notice about the case, with another name of its standard if one is given."""
        notice = NoticeOut.of(row)
        notice.standard = standard or notice.standard
        return cls(at=row.sent_at or row.created_at, entry="notice", type=row.kind, notice=notice)


class Timeline(BaseModel):
    """The timeline of a case: its events and notices, in order."""

    reference: str
    version: int
    entries: list[Entry]


class StandardPerformance(BaseModel):
    """The figures of one standard."""

    standard: str
    regime: str
    group: str | None = Field(description="The channel or department that it is of, where asked for")
    started: int
    met: int
    late: int
    breached: int
    running: int
    cancelled: int
    share_met: float | None


class IndicatorOut(BaseModel):
    """An indicator: a promise without a time, as a share of the cases that count for it."""

    indicator: str
    promise: str
    source: str
    goal: float | None = Field(description="The share that its source promises, if any")
    group: str | None = Field(description="The channel or department that it is of, where asked for")
    counted: int
    kept: int
    share: float | None

    @classmethod
    def of(cls, indicator: Indicator, counted: int, kept: int, group: str | None) -> Self:
        """The share, once any case counts."""
        return cls(
            indicator=indicator.id,
            promise=indicator.promise,
            source=indicator.source,
            goal=indicator.goal,
            group=group,
            counted=counted,
            kept=kept,
            share=round(kept / counted, 4) if counted else None,
        )


class Performance(BaseModel):
    """Performance in a period: promises that started in it, and shares among cases finished in it."""

    items: list[StandardPerformance]
    indicators: list[IndicatorOut]
