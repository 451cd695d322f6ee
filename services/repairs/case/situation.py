"""The situation of a repair: the facts by which its rules, and those of its features, judge an act."""

from dataclasses import dataclass
from datetime import datetime

from services.repairs.case.policy import ENDED, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one repair at one instant.

    `standing_priorities` are those that stand after raises and corrections, the guide's first. `visit_at` is
    the beginning of the visit agreed. `recharge` and `hazard` are the statuses of those features, None where
    there is none. `Repair.situation` makes one with what the rules at hand read; `views.Facts`
    knows everything.
    """

    now: datetime
    status: Status
    priority: int
    by_officer: bool = False
    standing_priorities: tuple[int, ...] = ()
    visit_at: datetime | None = None
    recharge: str | None = None
    hazard: str | None = None
    hazard_severity: str | None = None
    hazard_is_open: bool = False
    right_to_repair_is_open: bool = False

    @property
    def is_open(self) -> bool:
        """Neither completed nor cancelled."""
        return self.status not in ENDED
