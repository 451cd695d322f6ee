"""Groups of the worklist, by the time that is left; pure functions."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from shared.standards.periods import civil_date, close_of

Span = tuple[datetime, datetime]
"""A half-open range of due dates: from the first instant, and before the second."""

ALWAYS: Span = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Group(StrEnum):
    """The groups, the most urgent first; later is tomorrow and onward."""

    LATE = "late"
    WITHIN_HOUR = "within_hour"
    TODAY = "today"
    LATER = "later"


def spans(now: datetime) -> Mapping[Group, Span]:
    """The due dates of each group at an instant, in whole seconds: exactly due is not late.

    Today ends at midnight in London. In the last hour before it nothing is left for today alone.
    """
    this_second = now.replace(microsecond=0)
    in_an_hour = this_second + timedelta(hours=1)
    midnight = close_of(civil_date(now) + timedelta(days=1), time.min)
    first, last = ALWAYS
    return dict(
        zip(Group, pairwise((first, this_second, in_an_hour, max(midnight, in_an_hour), last)), strict=True)
    )


def group_of(due_at: datetime, paused_at: datetime | None, now: datetime) -> Group:
    """The group of a promise; nobody is late with one that is paused, and its date will move."""
    if paused_at is not None:
        return Group.LATER
    return next(group for group, (first, before) in spans(now).items() if first <= due_at < before)
