"""The order of the caretakers' round of a day; pure functions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from shared.standards.periods import civil_date

LAST = 1_000_000
"""The place in the round of what has no place."""


class Task(StrEnum):
    """The things that a caretaker does on a round."""

    CLEAN = "clean"
    INSPECTION = "inspection"
    FOLLOW_UP = "follow_up"
    CLEARANCE = "clearance"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One thing to do on a round; `number` is that of a follow-up or clearance in its list."""

    task: Task
    reference: str
    caretaker: str | None
    caretaker_subject: str | None
    walking_order: int | None
    where: str
    what: str
    urgent: bool = False
    number: int | None = None
    due_at: datetime | None = None
    parts: list[str] = field(default_factory=list)
    landing: int | None = None


def place_of(stop: Stop) -> tuple[str, bool, int, str, str, int]:
    """The place of a stop on the sheet: by caretaker, the urgent first, then in walking order."""
    return (
        stop.caretaker or "\U0010ffff",
        not stop.urgent,
        LAST if stop.walking_order is None else stop.walking_order,
        stop.reference,
        stop.task,
        stop.number or 0,
    )


def is_due(due_at: datetime, on: date) -> bool:
    """Tell whether something is due on that day of London, or was before."""
    return civil_date(due_at) <= on
