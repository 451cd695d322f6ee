"""When a second contractor may be asked for, and what is owed when that one is late too: SI 1994/133."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.repairs.policy import ENDED, Status
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date

FIRST_CLOCK = "repairs.right-to-repair"
SECOND_CLOCK = "repairs.right-to-repair.second-contractor"

ACT = "second-contractor"


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
    """Whether the tenant may ask for a second contractor: the first was late, and there was no second."""
    first = clock(deadlines, FIRST_CLOCK)
    return first is not None and first.state(at) == "breached" and clock(deadlines, SECOND_CLOCK) is None


def acts_allowed(status: Status, deadlines: Sequence[Deadline], at: datetime) -> frozenset[str]:
    """Whether a repair in that status, with these deadlines, allows its one act now."""
    return frozenset({ACT}) if status not in ENDED and is_open(deadlines, at) else frozenset()


@dataclass(frozen=True, slots=True)
class CompensationDay:
    """What one day adds to the compensation, and what it comes to with that; in pounds."""

    date: date
    amount: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Compensation:
    """What the council owes the tenant on a London date, day by day."""

    as_of: date
    days: tuple[CompensationDay, ...]

    @property
    def amount(self) -> Decimal:
        """The whole of it, in pounds."""
        return self.days[-1].total


def compensation(deadlines: Sequence[Deadline], now: datetime) -> Compensation | None:
    """What is owed at `now`, or None as long as the second contractor is not late.

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
