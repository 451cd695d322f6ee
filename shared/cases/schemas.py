"""Requests and answers about a case that every service has alike."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
)
from pydantic_core import PydanticCustomError, to_json

from shared.cases.columns import CaseColumns
from shared.cases.formats import Instant
from shared.standards.deadlines import Deadline, next_deadline


class RequestModel(BaseModel):
    """A request body: strict, and a field that is not known is refused, so that no misspelt one is lost.

    Dates, instants and sums are of shared/cases/formats.py: those of pydantic take other spellings.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    @field_validator("*")
    @classmethod
    def can_be_kept(cls, value: Any) -> Any:
        """JSON can say NUL and half of a surrogate pair, U+FFFF by now; PostgreSQL can keep neither."""
        if isinstance(value, str) and ("\0" in value or "\uffff" in value):
            raise ValueError("a text may have neither NUL nor half of a surrogate pair in it")
        return value

    @classmethod
    def of_parsed(cls, value: object) -> Self:
        """Validate what was parsed from JSON before; strict mode takes no text of Python's for a code."""
        return cls.model_validate_json(to_json(value))


class CallbackModel(RequestModel):
    """A provider's callback: fields that it adds one day are passed over, for a refused one is lost."""

    model_config = ConfigDict(extra="ignore", strict=True)


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


def check_range(first: date | None, last: date | None, pointer: str = "/to") -> None:
    """Refuse a range that ends before it begins, in a request model or of a query; raises wrong_at."""
    if first is not None and last is not None and last < first:
        raise wrong_at(pointer, "this is before the beginning of the range")


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


class CaseHandler(Handler):
    """The handler as a case shows them; the subject of their token is for officers, where it is known."""

    subject: str | None


NO_WORDS: Mapping[str, str] = {"regime": "", "promise": "Done by the date given.", "source": ""}


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
    reopened_at: Instant | None = Field(
        default=None,
        description="Since when it is open again, as the letter that would have met it came back",
    )

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
            reopened_at=deadline.reopened_at,
        )

    def neutral(self) -> Self:
        """The date alone: neither a name nor a word of it tells what kind of case is behind."""
        return self.model_copy(update={"standard": f"{self.standard.partition('.')[0]}.job", **NO_WORDS})


class CaseOut(BaseModel):
    """The part of a case that every service shows alike."""

    collection: ClassVar[str]
    """The path under which cases of this kind are read, such as /v1/repairs."""

    reference: str
    status: str
    summary: str = Field(description="The case in words: what it is, and where it stands")
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
    summary: str,
    to_officer: bool = False,
) -> dict[str, Any]:
    """The fields of `CaseOut`, with the deadlines at `now`; those for staff are for officers alone.

    For the `summary` see shared/cases/summaries.py.
    """
    if not to_officer:
        promises = [promise for promise in promises if not promise.row.regime.for_staff]
    deadlines = [shown_to(promise, now, to_officer=to_officer) for promise in promises]
    strictest = next_deadline(promises)
    return {
        "reference": case.reference,
        "status": case.status,
        "summary": summary,
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


def shown_to(promise: Deadline, now: datetime, *, to_officer: bool) -> DeadlineOut:
    """A deadline at `now`, neutrally to whoever is no officer where its row has it so."""
    shown = DeadlineOut.of(promise, now)
    return shown if to_officer or not promise.row.told_neutrally else shown.neutral()


def _handler(case: CaseColumns, to_officer: bool) -> CaseHandler | None:
    if case.handler_name is None:
        return None
    subject = case.handler_subject if to_officer else None
    return CaseHandler(name=case.handler_name, department=case.department, subject=subject)


class CaseSummary(BaseModel):
    """A case in a few words, for letters about it: what was reported and where, and for staff the rest.

    `turn` says who has to act next, and which act that is. `visit_to_choose`: the resident may book one.
    """

    what: str | None = None
    where: str | None = None
    danger: str | None = None
    emergency: bool = False
    visit_to_choose: bool = False
    vulnerable: bool = False
    contractor: str | None = None
    turn: str | None = None


class ContactForNotice(BaseModel):
    """The contact, handler and summary that notifications is told, at the moment of sending and no longer."""

    contact: dict[str, Any]
    handler: Handler
    summary: CaseSummary = CaseSummary()

    @classmethod
    def of(cls, case: CaseColumns, summary: CaseSummary | None) -> Self:
        """The contact that a case's letters go to, as it is kept, and its handler."""
        handler = Handler(name=case.handler_name, department=case.department)
        return cls(contact=case.written_to, handler=handler, summary=summary or CaseSummary())


class ContactsForNotices(BaseModel):
    """Contacts, by reference."""

    contacts: dict[str, ContactForNotice]


class WrittenLetter(BaseModel):
    """A letter that a case's owner wrote and keeps; it is sent exactly so.

    `contact` is that of its reader, where that is somebody else than the one whom the case's letters go to.
    """

    model_config = ConfigDict(from_attributes=True)

    subject: str
    text: str
    html: str
    contact: dict[str, Any] | None = None


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
