"""Moves of a promised date, and the limit that it may have: what the count of a promise remembers of both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.standards.periods import Period


@dataclass(frozen=True, slots=True)
class Move:
    """A change of the date promised, by the fact with that sequence."""

    kind: Literal["extended", "shortened", "paused"]
    sequence: int
    at: datetime
    moved_from: datetime
    moved_to: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest date that a promise may have, whatever its own period gives, and how that was reached."""

    at: datetime
    period: Period
    counted_from: datetime
