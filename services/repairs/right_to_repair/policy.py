"""The right to repair (SI 1994/133): a second contractor, and the compensation when that one is late too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from services.repairs.case.policy import ENDED, Status
from services.repairs.case.situation import Situation
from shared.caller import OFFICER, RESIDENT
from shared.lifecycle import Lifecycle, Rule, from_every
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date

FIRST_CLOCK = "repairs.right-to-repair"
SECOND_CLOCK = "repairs.right-to-repair.second-contractor"


class Action(StrEnum):
    """An act of the right to repair, by its path."""

    SECOND_CONTRACTOR = "second-contractor"


def _right_is_open(situation: Situation) -> bool:
    return situation.right_to_repair_is_open


LIFECYCLE: Lifecycle[Situation] = Lifecycle(
    status_of=lambda situation: situation.status,
    ended=ENDED,
    rules={
        Action.SECOND_CONTRACTOR: Rule(
            who=RESIDENT | OFFICER,
            moves=from_every(Status, but=ENDED),
            when=_right_is_open,
            otherwise="The right to a second contractor is not open.",  # `why_closed` says more
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Rates:
    """The amounts owed when the second period has passed, in pounds, from a day on."""

    in_force_from: date
    for_missing_it: Decimal
    for_each_day: Decimal
    at_most: Decimal


# "£10, plus £2 per day for every day that the repair remains outstanding": the minister who laid the
# regulations (Hansard, 31 January 1994), so one day late is £12. Some councils read £10 for the first day.
RATES = (
    Rates(
        date(1994, 4, 1),
        for_missing_it=Decimal("10.00"),
        for_each_day=Decimal("2.00"),
        at_most=Decimal("50.00"),
    ),
)


def rates_on(day: date, rates: Sequence[Rates] = RATES) -> Rates:
    """The rates for a second period that ends on that day; before the first of them, those."""
    in_force = [given for given in rates if given.in_force_from <= day]
    return max(in_force, key=lambda given: given.in_force_from) if in_force else rates[0]


def clock(deadlines: Iterable[Deadline], standard: str) -> Deadline | None:
    """The one deadline that a repair has under a standard of the right to repair, if it has it."""
    return next((deadline for deadline in deadlines if deadline.standard == standard), None)


def is_open(deadlines: Sequence[Deadline], at: datetime) -> bool:
    """Tell whether a second contractor may be asked for: the first was late, and there was no second."""
    first = clock(deadlines, FIRST_CLOCK)
    return first is not None and first.state(at) == "breached" and clock(deadlines, SECOND_CLOCK) is None


def why_closed(deadlines: Sequence[Deadline]) -> str:
    """Explain to a person why the right is not open."""
    first = clock(deadlines, FIRST_CLOCK)
    if first is None:
        return "This fault has no right to repair."
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
