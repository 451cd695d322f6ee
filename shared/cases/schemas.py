"""Requests and answers about a case that every service has alike."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    field_validator,
)
from pydantic_core import PydanticCustomError

from shared.cases.columns import CaseColumns
from shared.standards.calendar import FIRST_YEAR, LAST_YEAR
from shared.standards.deadlines import Deadline, next_deadline

Day = TypeVar("Day", bound=date)

# So that zones and periods can be added without falling off either end of Python's calendar.
RECKONED_YEARS = range(1900, 9999)
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
"""The years of every date that callers give: the calendar's, or no working day could be told."""


def _in_utc(instant: datetime) -> datetime:
    if instant.year not in RECKONED_YEARS:
        raise ValueError("this year is beyond all reckoning")
    return instant.astimezone(UTC)


def _in_known_years(day: Day) -> Day:
    if day.year not in YEARS:
        raise ValueError(f"give a date of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _zulu(instant: datetime) -> str:
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return in_utc.isoformat()[: -len("+00:00")] + "Z"


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc), PlainSerializer(_zulu, return_type=str)]
# As query and path parameters; in a body, `RequestModel` sees to the years.
GivenInstant = Annotated[Instant, AfterValidator(_in_known_years)]
GivenDay = Annotated[date, AfterValidator(_in_known_years)]


class RequestModel(BaseModel):
    """A request body: a field that is not known is refused, so that no misspelt one is lost.

    Dates are of the years that the calendar knows, whichever field they are in.
    """

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def can_be_kept(cls, value: Any) -> Any:
        """JSON can say NUL, PostgreSQL cannot keep it."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("a text may not have the character NUL in it")
        return _in_known_years(value) if isinstance(value, date) else value


class AnswerModel(BaseModel):
    """An answer that shows fields of a row as they are."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, row: object) -> Self:
        """The row's fields of the same names."""
        return cls.model_validate(row)


def wrong_at(pointer: str, words: str) -> PydanticCustomError:
    """The error of a rule over several fields, with the field it means."""
    return PydanticCustomError("wrong_together", words, {"pointer": pointer})


class Channel(StrEnum):
    """The way a case reached the council."""

    ONLINE = "online"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    IN_PERSON = "in_person"
    MOBILE = "mobile"
    CONTRACTOR = "contractor"
    OFFICER = "officer"


class Handler(BaseModel):
    """The officer who deals with the case, and the department."""

    name: str | None
    department: str


class DeadlineOut(BaseModel):
    """A promise about this case, with its date."""

    standard: str
    regime: str
    promise: str
    source: str
    due_at: Instant
    state: str
    started_at: Instant
    met_at: Instant | None

    @classmethod
    def of(cls, deadline: Deadline, now: datetime) -> "DeadlineOut":
        """A deadline as it stands at `now`."""
        return cls.model_construct(
            standard=deadline.standard,
            regime=deadline.regime,
            promise=deadline.promise,
            source=deadline.source,
            due_at=deadline.due_at,
            state=deadline.state(now),
            started_at=deadline.started_at,
            met_at=deadline.met_at,
        )


class CaseOut(BaseModel):
    """The part of a case that every service shows alike."""

    collection: ClassVar[str]
    """The path under which cases of this kind are read, such as /v1/repairs."""

    reference: str
    status: str
    channel: Channel
    received_at: Instant
    handler: Handler | None
    deadlines: list[DeadlineOut]
    next_deadline: DeadlineOut | None
    imported: bool
    allowed: list[str] = Field(description="The acts that the caller may do now, by their paths")
    version: int = Field(description="Goes up with every act; also the ETag")

    @property
    def path(self) -> str:
        """The path at which the case is read."""
        return f"{self.collection}/{self.reference}"


def common_fields(
    case: CaseColumns, promises: Sequence[Deadline], now: datetime, allowed: Sequence[str]
) -> dict[str, Any]:
    """The fields of `CaseOut`, with the deadlines as they stand at `now`."""
    deadlines = [DeadlineOut.of(promise, now) for promise in promises]
    strictest = next_deadline(promises)
    named = case.handler_name is not None
    return {
        "reference": case.reference,
        "status": case.status,
        "channel": Channel(case.channel),
        "received_at": case.received_at,
        "handler": Handler(name=case.handler_name, department=case.department) if named else None,
        "deadlines": deadlines,
        "next_deadline": deadlines[promises.index(strictest)] if strictest else None,
        "imported": case.imported,
        "allowed": list(allowed),
        "version": case.version,
    }


class ContactForNotice(BaseModel):
    """The contact and handler that notifications is told, at the moment of sending and no longer."""

    contact: dict[str, Any]
    handler: Handler
