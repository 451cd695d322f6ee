"""The order of a case's acts: the facts that each follows, and so cannot be dated before."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from shared.events import Event, Facts


@dataclass(frozen=True, slots=True)
class Follows:
    """The types of facts that an act follows, and what the latest of them was, for a person."""

    types: frozenset[str]
    what: str

    @classmethod
    def of(cls, what: str, *facts: type[Facts]) -> Self:
        """An act follows every one of these facts that there is."""
        return cls(frozenset(fact.type for fact in facts), what)


def latest_of(history: Iterable[Event], types: Collection[str]) -> datetime | None:
    """The latest instant of facts of these types, if there are any."""
    return max((event.occurred_at for event in history if event.type in types), default=None)
