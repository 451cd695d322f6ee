"""Requests and answers about the right to repair."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel

from services.repairs.case.schemas import Firm
from services.repairs.right_to_repair.policy import compensation
from shared.cases.formats import Instant, Pounds
from shared.cases.schemas import RequestModel
from shared.standards.deadlines import Deadline


class SecondContractor(RequestModel):
    """The firm that is to do what the first did not; only an officer may say that it was earlier."""

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
    as_of: date
    days: list[CompensationDayOut]

    @classmethod
    def owed(cls, promises: Sequence[Deadline], now: datetime) -> "CompensationOut | None":
        """The sum at `now`, or at the end of the repair; None when nothing is owed."""
        owed = compensation(promises, now)
        if owed is None:
            return None
        days = [CompensationDayOut(date=day.date, amount=day.amount, total=day.total) for day in owed.days]
        return cls(amount=owed.amount, as_of=owed.as_of, days=days)
