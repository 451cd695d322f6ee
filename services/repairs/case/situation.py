"""The situation of a repair: the facts by which its rules, and those of its features, judge an act."""

from dataclasses import dataclass
from datetime import datetime

from services.repairs.case.guide import EMERGENCY
from services.repairs.case.policy import ENDED, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Facts of one repair at one instant.

    `standing_priorities` are those that stand after raises and corrections, the guide's first. `visit_at` is
    the beginning of the visit agreed, `is_with_firm` if a firm has the job. `recharge` and `hazard` are the
    statuses of those features, None where there is none. `decision_is_pending` where a firm has told an
    earlier time than its first word. `Repair.situation` makes one with what the rules at hand read;
    `views.Facts` knows everything.
    """

    now: datetime
    status: Status
    priority: int
    by_officer: bool = False
    standing_priorities: tuple[int, ...] = ()
    visit_at: datetime | None = None
    is_with_firm: bool = False
    recharge: str | None = None
    hazard: str | None = None
    hazard_severity: str | None = None
    hazard_is_open: bool = False
    hazard_was_investigated: bool = False
    investigated_remotely: bool = False
    in_person_is_owed: bool = False
    decant_is_unanswered: bool = False
    right_to_repair_is_open: bool = False
    right_to_repair_runs: bool = False
    right_to_repair_is_suspended: bool = False
    compensation_is_owed: bool = False
    emergency_hazard: bool = False
    decision_is_pending: bool = False

    @property
    def is_emergency(self) -> bool:
        """An emergency by the guide or by an officer, or for a hazard that is not made safe yet."""
        return self.priority == EMERGENCY or self.emergency_hazard

    @property
    def is_open(self) -> bool:
        """Neither completed nor cancelled."""
        return self.status not in ENDED
