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
    EmailStr,
    Field,
    PlainSerializer,
    StringConstraints,
    field_validator,
    model_validator,
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
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
ShortLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=50)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


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


class Contact(RequestModel):
    """A person to tell, and how; at least one way to reach them."""

    name: Line | None = None
    email: EmailStr | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=30)] | None = None
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)] | None = (
        None
    )
    preferred_channel: Channel | None = None
    safe_to_contact: bool = True
    access_needs: Annotated[str, StringConstraints(max_length=1000)] | None = None
    language: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=50)] | None = (
        None
    )

    @model_validator(mode="after")
    def can_be_reached(self) -> "Contact":
        """An acknowledgement must be able to go somewhere."""
        if not (self.email or self.phone or self.address):
            raise ValueError("give at least one of email, phone and address")
        return self


class Handler(BaseModel):
    """The officer who deals with the case, and the department."""

    name: str | None
    department: str


class CaseHandler(Handler):
    """The handler as a case shows them; the subject of their token is for officers, where it is known."""

    subject: str | None


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
    handler: CaseHandler | None
    deadlines: list[DeadlineOut]
    next_deadline: DeadlineOut | None
    imported: bool
    allowed: list[str] = Field(description="The acts that the caller may do now, by their paths")
    version: int = Field(description="Goes up with every act; also the ETag")
    updated_at: Instant = Field(
        description="By the database's clock; in the answer to its creation, the instant of the request"
    )

    @property
    def path(self) -> str:
        """The path at which the case is read."""
        return f"{self.collection}/{self.reference}"


def common_fields(
    case: CaseColumns,
    promises: Sequence[Deadline],
    now: datetime,
    allowed: Sequence[str],
    *,
    to_officer: bool = False,
) -> dict[str, Any]:
    """The fields of `CaseOut`, with the deadlines as they stand at `now`."""
    deadlines = [DeadlineOut.of(promise, now) for promise in promises]
    strictest = next_deadline(promises)
    return {
        "reference": case.reference,
        "status": case.status,
        "channel": Channel(case.channel),
        "received_at": case.received_at,
        "handler": _handler(case, to_officer),
        "deadlines": deadlines,
        "next_deadline": deadlines[promises.index(strictest)] if strictest else None,
        "imported": case.imported,
        "allowed": list(allowed),
        "version": case.version,
        "updated_at": case.changed_at or now,  # a group commit writes a new case after its answer is made
    }


def _handler(case: CaseColumns, to_officer: bool) -> CaseHandler | None:
    if case.handler_name is None:
        return None
    subject = case.handler_subject if to_officer else None
    return CaseHandler(name=case.handler_name, department=case.department, subject=subject)


class ContactForNotice(BaseModel):
    """The contact and handler that notifications is told, at the moment of sending and no longer."""

    contact: dict[str, Any]
    handler: Handler

    @classmethod
    def of(cls, case: CaseColumns) -> Self:
        """The contact of a case, as it is kept, and its handler."""
        handler = Handler(name=case.handler_name, department=case.department)
        return cls(contact=case.contact, handler=handler)


class ContactsForNotices(BaseModel):
    """Contacts, by reference."""

    contacts: dict[str, ContactForNotice]


class OwnedCase(BaseModel):
    """A case: the sequence of its latest event, when that was recorded, and a digest of all events' ids."""

    reference: str
    version: int
    recorded_at: datetime | None
    digest: str


class OwnedCases(BaseModel):
    """Some of the cases, in order of reference."""

    items: list[OwnedCase]


class CaseEvents(BaseModel):
    """A case's whole history, as CloudEvents."""

    events: list[dict[str, Any]]
