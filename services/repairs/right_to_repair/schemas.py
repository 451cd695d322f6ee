"""Requests and answers about the right to repair."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from services.repairs.case.policy import PENCE_IN_A_POUND
from services.repairs.case.schemas import Firm
from services.repairs.events import CompensationSetOff
from services.repairs.events.values import NoRightToRepair
from services.repairs.right_to_repair.policy import WHY_NOT, compensation, pence_of
from shared.cases.formats import Instant, PositivePounds, Pounds
from shared.cases.schemas import RequestModel
from shared.cases.words import Words
from shared.events import Event
from shared.standards.deadlines import Deadline


class Estimate(RequestModel):
    """The cost that a repair is estimated to have, in pounds."""

    amount: PositivePounds
    occurred_at: Instant | None = None


class Pause(RequestModel):
    """The reason for which the period of the right to repair stands still, or runs on."""

    reason: Words
    occurred_at: Instant | None = None


class EndOfRight(RequestModel):
    """The ground on which the right to repair ends, and its evidence."""

    because: Literal["no_access", "not_wanted"]
    reason: Words
    occurred_at: Instant | None = None


class SetOff(RequestModel):
    """A part of the compensation that is set off against what the tenant owes, and which debt that is."""

    amount: PositivePounds
    reason: Words


class SecondContractor(RequestModel):
    """The firm to do what the first did not, and when the tenant asked; only officers tell earlier."""

    contractor: Firm
    occurred_at: Instant | None = None


class CompensationDayOut(BaseModel):
    """One day's part of the compensation, and the total with it."""

    date: date
    amount: Pounds
    total: Pounds


class CompensationOut(BaseModel):
    """The sum owed to the resident since the second contractor is late too; pounds, as in "12.00"."""

    amount: Pounds
    set_off: Pounds = Field(description="The part that is set off against what the resident owes")
    to_pay: Pounds
    as_of: date
    days: list[CompensationDayOut]

    @classmethod
    def owed(
        cls, promises: Sequence[Deadline], history: Sequence[Event], now: datetime
    ) -> "CompensationOut | None":
        """The sum at `now`, or at the end of the repair; None when nothing is owed."""
        owed = compensation(promises, now)
        if owed is None:
            return None
        set_off = Decimal(sum(pence_of(history, CompensationSetOff))) / PENCE_IN_A_POUND
        days = [CompensationDayOut(date=day.date, amount=day.amount, total=day.total) for day in owed.days]
        to_pay = owed.amount - set_off
        return cls(amount=owed.amount, set_off=set_off, to_pay=to_pay, as_of=owed.as_of, days=days)


class RightToRepairOut(BaseModel):
    """The answer to the question if a repair has the right to repair."""

    qualifies: bool
    ground: NoRightToRepair | None = Field(description="Ground on which it does not qualify, if it does not")
    because: str | None = Field(description="The same in words for the resident")

    @classmethod
    def of(cls, ground: NoRightToRepair | None) -> "RightToRepairOut":
        """The answer, from the ground on which there is no right."""
        because = WHY_NOT[ground] if ground else None
        return cls(qualifies=ground is None, ground=ground, because=because)
