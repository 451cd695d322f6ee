"""Promises to tell while a home is in danger."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from shared.standards.deadlines import Deadline

WEEKS = timedelta(days=14)


class Promised(Protocol):
    """A promise with the time that it was given."""

    @property
    def started_at(self) -> datetime:
        """The instant from which it is counted."""
        ...

    @property
    def due_at(self) -> datetime:
        """The instant by which it is to be kept."""
        ...


P = TypeVar("P", bound=Promised)


def without_weeks(still_open: Sequence[P], is_emergency: Callable[[P], bool]) -> list[P]:
    """These open promises, but none that has weeks while one of them is an emergency.

    To whoever is in danger it would seem that we take our time.
    """
    if not any(is_emergency(promise) for promise in still_open):
        return list(still_open)
    return [promise for promise in still_open if promise.due_at - promise.started_at < WEEKS]


def shown_in_danger(promises: Sequence[Deadline]) -> list[Deadline]:
    """The promises that a resident is shown: none open that has weeks while an emergency is open.

    The right to repair stays: it is theirs at any time.
    """
    told = without_weeks([promise for promise in promises if promise.open], lambda one: one.row.emergency)
    return [promise for promise in promises if not promise.open or promise in told]
