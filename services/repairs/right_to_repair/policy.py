"""The right to repair (SI 1994/133): repairs without it, a second contractor, and the compensation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from services.repairs.case.policy import ENDED, Status
from services.repairs.case.situation import Situation
from services.repairs.events import (
    CompensationOwed,
    CompensationSetOff,
    RepairReported,
    RightToRepairEnded,
    RightToRepairResumed,
    RightToRepairSuspended,
)
from services.repairs.events.values import NoRightToRepair, Tenure
from services.repairs.right_to_repair.rates import rates_on
from shared.caller import OFFICER, RESIDENT
from shared.events import Event
from shared.lifecycle import Lifecycle, Rule, from_every
from shared.order import Follows
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.standards.rows import Standard

FIRST_CLOCK = "repairs.right-to-repair"
SECOND_CLOCK = "repairs.right-to-repair.second-contractor"


class Action(StrEnum):
    """An act of the right to repair, by its path."""

    ESTIMATE = "estimate"
    SECOND_CONTRACTOR = "second-contractor"
    SUSPENSION = "right-to-repair/suspension"
    RESUMPTION = "right-to-repair/resumption"
    END = "right-to-repair/end"
    SET_OFF = "compensation/set-off"


PACED = Follows.of("the period was last suspended or resumed", RightToRepairSuspended, RightToRepairResumed)

FOLLOWS: Mapping[Action, Sequence[Follows]] = dict.fromkeys(
    (Action.SUSPENSION, Action.RESUMPTION, Action.END), (PACED,)
)
"""The facts that each act follows, besides the report, which every act follows."""


def _right_is_open(situation: Situation) -> bool:
    return situation.right_to_repair_is_open


def _runs(situation: Situation) -> bool:
    return situation.right_to_repair_runs


def _can_be_suspended(situation: Situation) -> bool:
    return situation.right_to_repair_runs and not situation.right_to_repair_is_suspended


def _is_suspended(situation: Situation) -> bool:
    return situation.right_to_repair_is_suspended


def _compensation_is_owed(situation: Situation) -> bool:
    return situation.compensation_is_owed


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.ESTIMATE: Rule(who=OFFICER, moves=from_every(Status, but=ENDED)),
        Action.SECOND_CONTRACTOR: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_right_is_open,
            otherwise="The right to a second contractor is not open.",  # `why_closed` says more
        ),
        Action.SUSPENSION: Rule(
            who=OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_can_be_suspended,
            otherwise="No period of the right to repair is running.",
        ),
        Action.RESUMPTION: Rule(
            who=OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_is_suspended,
            otherwise="The right to repair is not suspended.",
        ),
        Action.END: Rule(
            who=OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_runs,
            otherwise="No right to repair is running that could end.",
        ),
        Action.SET_OFF: Rule(
            who=OFFICER,
            moves=from_every(Status),
            when=_compensation_is_owed,
            otherwise="No compensation is owed.",
        ),
    },
)

# Secure tenants (regulation 2), and flexible and introductory ones since; a tenure not known counts as in.
QUALIFYING_TENURES = frozenset({None, Tenure.SECURE, Tenure.FLEXIBLE, Tenure.INTRODUCTORY})

WHY_NOT: Mapping[NoRightToRepair, str] = {
    NoRightToRepair.FAULT: "This fault is not one of those that the right to repair covers.",
    NoRightToRepair.TENURE: "The right to repair is for secure, flexible and introductory tenants.",
    NoRightToRepair.CAUSED_BY_RESIDENT: "The damage was caused by the resident, so the right to repair "
    "does not cover it.",
    NoRightToRepair.OVER_LIMIT: "The repair is estimated to cost more than the right to repair covers.",
    NoRightToRepair.NO_ACCESS: "Nobody could get into the home, so the right to repair has ended.",
    NoRightToRepair.NOT_WANTED: "The repair was not wanted, so the right to repair has ended.",
}


def not_qualifying(
    schedule: Standard | None,
    *,
    fault: str,
    priority: int,
    tenure: Tenure | None,
    caused_by_resident: bool,
) -> NoRightToRepair | None:
    """The ground on which a report has no right to repair, None if it has, or if no file speaks of one.

    `schedule` is the row of FIRST_CLOCK in force on the day of the report.
    """
    if schedule is None:
        return None
    if not any(start.fits({"fault": fault, "priority": priority}) for start in schedule.starts_on):
        return NoRightToRepair.FAULT
    if tenure not in QUALIFYING_TENURES:
        return NoRightToRepair.TENURE
    return NoRightToRepair.CAUSED_BY_RESIDENT if caused_by_resident else None


def is_over_limit(estimate: Decimal, day: date) -> bool:
    """Tell an estimate of that day, in pounds, that is more than a qualifying repair may cost."""
    return estimate > rates_on(day).largest_repair


def clock(deadlines: Iterable[Deadline], standard: str) -> Deadline | None:
    """The one deadline that a repair has under a standard of the right to repair, if it has it."""
    return next((deadline for deadline in deadlines if deadline.standard == standard), None)


def why_not(history: Iterable[Event], deadlines: Iterable[Deadline]) -> NoRightToRepair | None:
    """The ground on which a repair has no right to repair, or has it no longer; None if it has it."""
    ground = None if clock(deadlines, FIRST_CLOCK) else NoRightToRepair.FAULT
    for event in history:
        if event.type == RepairReported.type and "not_qualifying" in event.facts:
            ground = NoRightToRepair(event.facts["not_qualifying"])
        elif event.type == RightToRepairEnded.type:
            ground = NoRightToRepair(event.facts["because"])
    return ground


def running(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The clock of the right that runs now, late or not: the second contractor's, or the first one's."""
    clocks = {deadline.standard: deadline for deadline in deadlines if deadline.open}
    return clocks.get(SECOND_CLOCK) or clocks.get(FIRST_CLOCK)


def facts(deadlines: Sequence[Deadline], at: datetime) -> dict[str, bool]:
    """The facts of the right that rules look at, by their names in Situation."""
    now_running = running(deadlines)
    return {
        "right_to_repair_is_open": is_open(deadlines, at),
        "right_to_repair_runs": now_running is not None,
        "right_to_repair_is_suspended": now_running is not None and now_running.paused_at is not None,
        "compensation_is_owed": compensation(deadlines, at) is not None,
    }


def is_open(deadlines: Sequence[Deadline], at: datetime) -> bool:
    """Tell whether a second contractor may be asked for: the first was late, and there was no second."""
    first = clock(deadlines, FIRST_CLOCK)
    if first is None or first.cancelled is not None:
        return False
    return first.state(at) == "breached" and clock(deadlines, SECOND_CLOCK) is None


def why_closed(deadlines: Sequence[Deadline], ground: NoRightToRepair | None) -> str:
    """Explain to a person why the right is not open; `ground` is that of `why_not`."""
    first = clock(deadlines, FIRST_CLOCK)
    if ground is not None or first is None:
        return WHY_NOT[ground or NoRightToRepair.FAULT]
    if clock(deadlines, SECOND_CLOCK) is not None:
        return "A second contractor has been appointed already."
    day = civil_date(first.due_at)
    return f"The right to a second contractor opens after {day:%A} {day.day} {day:%B %Y}."


@dataclass(frozen=True, slots=True)
class CompensationDay:
    """One day's part of the compensation, and the total with it; in pounds."""

    date: date
    amount: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Compensation:
    """The sum that the council owes the tenant on a London date, day by day."""

    as_of: date
    days: tuple[CompensationDay, ...]

    @property
    def amount(self) -> Decimal:
        """The whole of it, in pounds."""
        return self.days[-1].total


def pence_of(history: Iterable[Event], fact: type[CompensationOwed | CompensationSetOff]) -> list[int]:
    """The sums that events of this type told, in order, in pence."""
    return [event.facts["amount_pence"] for event in history if event.type == fact.type]


def compensation(deadlines: Sequence[Deadline], now: datetime) -> Compensation | None:
    """The compensation owed at `now`, or None as long as the second contractor is not late.

    It grows until the repair is completed, or falls away; the days are whole civil days in London.
    """
    second = clock(deadlines, SECOND_CLOCK)
    if second is None or second.state(now) not in {"breached", "late"}:
        return None
    as_of = civil_date(second.met_at or second.cancelled_at or now)
    days = compensation_days(civil_date(second.due_at), as_of)
    return Compensation(as_of, days) if days else None


def compensation_days(due: date, as_of: date) -> tuple[CompensationDay, ...]:
    """Each day after the due date, up to and including `as_of`, that adds something, be it begun only.

    The first such day adds what is owed for the miss itself to what is owed for every day.
    """
    rates = rates_on(due)
    days: list[CompensationDay] = []
    total, amount = Decimal("0.00"), rates.for_missing_it + rates.for_each_day
    for ordinal in range(due.toordinal() + 1, as_of.toordinal() + 1):
        amount = min(amount, rates.at_most - total)
        if not amount:
            break
        total += amount
        days.append(CompensationDay(date.fromordinal(ordinal), amount, total))
        amount = rates.for_each_day
    return tuple(days)
