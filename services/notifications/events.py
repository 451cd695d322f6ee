"""Events that notifications publishes: which days count, and which letters left. Of cases it only listens."""

from enum import StrEnum
from typing import ClassVar

from shared.events import (
    CALENDAR_CHANGED,
    NOTICE_DELIVERED,
    NOTICE_RETURNED,
    STAFF_NOTICE_FAILED,
    STAFF_NOTICE_SETTLED,
    Facts,
)


class CalendarChanged(Facts):
    """Holidays or closures changed, or are announced again. Every service counts with them from then on.

    It carries the whole list, so that it may come twice or out of order, and the changes that led to it.
    """

    type: ClassVar[str] = CALENDAR_CHANGED
    version: int
    official: dict[str, str] | None
    official_as_of: str | None
    closures: dict[str, str]
    elsewhere: dict[str, str] | None
    changes: list[dict[str, str | None]] | None


class NoticeDelivered(Facts):
    """A notice reached a resident: of which case, about which of its events, and as what kind.

    `handler_named` says that the letter named the officer who deals with the case.
    """

    type: ClassVar[str] = NOTICE_DELIVERED
    case: str
    about: int
    kind: str
    letter: str
    handler_named: bool


class Outcome(StrEnum):
    """The outcome of a letter that was not delivered as it should have been."""

    CAME_BACK = "came_back"
    GIVEN_UP = "given_up"
    ARRIVED = "arrived"


class NoticeReturned(Facts):
    """A notice did not reach a resident: of which case, about which of its events, and as what kind.

    It came back and leaves in another form, or was given up on as there is none; or, told of one of these
    before, it arrived after all. `about` is missing where it is about a promise, and not about an event.
    """

    type: ClassVar[str] = NOTICE_RETURNED
    case: str
    about: int | None
    kind: str
    outcome: Outcome


class StaffNoticeFailed(Facts):
    """A notice reached nobody of the staff: of which case, as what kind, and how it was tried."""

    type: ClassVar[str] = STAFF_NOTICE_FAILED
    case: str
    kind: str
    tried: list[str]
    at_once: bool


class StaffNoticeSettled(Facts):
    """A notice that reached nobody of the staff is known to one of them: it arrived, or they say so."""

    type: ClassVar[str] = STAFF_NOTICE_SETTLED
    case: str
