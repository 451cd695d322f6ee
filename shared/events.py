"""The envelope that every fact travels in: CloudEvents 1.0, with a case's reference and its sequence.

An event carries ids and facts, never people: names, addresses and what somebody said stay with the
owning service, so that broker, dead letters and logs hold nothing about a victim.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, dataclass_transform
from uuid import UUID

import orjson

CALENDAR_CHANGED = "notifications.calendar-changed"
"""The event by which every service knows which days count."""

PROPERTIES_RECORDED = "residents.properties-recorded"
"""The event by which every service knows how homes are spelt: the UPRN, and the council's own reference."""

ABOUT_NO_CASE = frozenset({CALENDAR_CHANGED, PROPERTIES_RECORDED})
"""The events that every service takes in, and that belong to no case's history."""

NOTICE_DELIVERED, NOTICE_BOUNCED = "notifications.notice-delivered", "enquiries.notice-bounced"
NOTICE_RETURNED = "notifications.notice-returned"
STAFF_NOTICE_FAILED = "notifications.staff-notice-failed"
STAFF_NOTICE_SETTLED = "notifications.staff-notice-settled"
LETTER_RETURNED, LETTER_ARRIVED = "letter-returned", "letter-arrived"
"""The facts of a case of any service that a letter about it came back, and that it arrived after all."""

STAFF_NOT_TOLD, STAFF_TOLD = "staff-not-told", "staff-told"
"""The facts of a case of any service that nobody of the staff could be told of it, and that one knows."""

ABOUT_A_LETTER = frozenset(
    {NOTICE_DELIVERED, NOTICE_BOUNCED, NOTICE_RETURNED, STAFF_NOTICE_FAILED, STAFF_NOTICE_SETTLED}
)
"""The events about a letter of ours, which belong to no case's history; who acts on them asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact about one case, as it is stored, published and folded.

    `occurred_at` is when it happened, `recorded_at` when the owner wrote it down; both are UTC.
    `sequence` counts a case's events from 1 without gaps, so it orders them and shows one missing.
    `caller` is whose act it was: it is stored by the owner, and neither published nor read back.
    """

    id: UUID
    type: str
    reference: str
    sequence: int
    occurred_at: datetime
    recorded_at: datetime
    facts: Mapping[str, Any]
    request_id: str | None = None
    caller: str | None = field(default=None, compare=False)

    @property
    def service(self) -> str:
        """The owner: the first word of the type, as in `repairs.repair-reported`."""
        return self.type.partition(".")[0]

    def to_json(self) -> bytes:
        """The CloudEvents JSON form (structured mode)."""
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": str(self.id),
                "source": f"/{self.service}",
                "type": self.type,
                "subject": self.reference,
                "time": self.occurred_at,
                "datacontenttype": "application/json",
                "sequence": self.sequence,
                "recordedtime": self.recorded_at,
                "requestid": self.request_id,
                "data": self.facts,
            },
            option=orjson.OPT_UTC_Z,
        )

    @classmethod
    def from_json(cls, body: bytes) -> "Event":
        """Read the CloudEvents JSON form; raises MalformedEvent, which names what is wrong."""
        try:
            raw = orjson.loads(body)
            return cls(
                id=UUID(raw["id"]),
                type=_text(raw["type"]),
                reference=_text(raw["subject"]),
                sequence=_positive(raw["sequence"]),
                occurred_at=_instant(raw["time"]),
                recorded_at=_instant(raw["recordedtime"]),
                facts=_object(raw["data"]),
                request_id=raw.get("requestid"),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as wrong:
            raise MalformedEvent(f"{type(wrong).__name__}: {wrong}") from wrong


def digest(ids: Iterable[UUID]) -> str:
    """A digest of the ids of a case's events, in their order: two histories that have it are the same."""
    return hashlib.sha256(b"".join(id.bytes for id in ids)).hexdigest()


class MalformedEvent(ValueError):
    """A message that is no event of ours and never will be: trying again cannot help."""


Date = Annotated[str, "date"]
"""A fact that is a date or an instant, as ISO 8601 text."""


@dataclass(frozen=True, slots=True)
class NeedsScope:
    """Mark of a fact that only callers with a scope may read: `Annotated[str, NeedsScope("asb")]`."""

    scope: str


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Facts:
    """Facts that a service publishes: a frozen dataclass with the event's type as `type`.

    Subclasses live in a service's `events.py`; every field is JSON, and none describes a person. From them
    `make docs` writes the vocabulary that standards are read with. `plainly` tells the event to a resident,
    as the beginning of a sentence; an event without is about no case. `acknowledged`: it opens a case, which
    is acknowledged to the resident. What is `for_staff` is told to nobody else, not even that it happened. An
    act that is done `by_letter` meets no promise while its letter has come back: the letter is about this
    event, or about the one whose sequence is the fact `about`. An event that every service has alike has a
    type without a service.
    """

    type: ClassVar[str]
    plainly: ClassVar[str]
    acknowledged: ClassVar[bool] = False
    for_staff: ClassVar[bool] = False
    by_letter: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def type_of(cls, service: str) -> str:
        """The type under which a service publishes it."""
        return cls.type if "." in cls.type else f"{service}.{cls.type}"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text is empty or missing")
    return value


def _positive(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("a sequence counts from 1")
    return value


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("an instant has no time zone")
    return instant.astimezone(UTC)


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("data is not an object")
    return value
