"""The state of a deadline, computed here for the case, the stored row, lists, the explanation and figures."""

from datetime import datetime, timedelta
from typing import Literal

State = Literal["running", "met", "late", "breached", "cancelled"]

SECOND = timedelta(seconds=1)


def is_in_time(instant: datetime, due_at: datetime) -> bool:
    """Compare an instant with a due date, in whole seconds: a day's last second is all of it."""
    return instant.replace(microsecond=0) <= due_at


def lapses_at(due_at: datetime) -> datetime:
    """The first instant that is not in time any more."""
    return due_at.replace(microsecond=0) + SECOND


def state_of(
    *,
    due_at: datetime,
    met_at: datetime | None,
    cancelled_at: datetime | None,
    paused_at: datetime | None,
    now: datetime,
) -> State:
    """The state of a promise at `now`: the one rule, for folds, stored rows, lists and figures.

    A promise broken before it was cancelled stays broken, or cancelling would be a way to hide a breach.
    """
    if met_at is not None:
        return "met" if is_in_time(met_at, due_at) else "late"
    if cancelled_at is not None:
        return "cancelled" if is_in_time(cancelled_at, due_at) else "breached"
    return "running" if paused_at is not None or is_in_time(now, due_at) else "breached"
