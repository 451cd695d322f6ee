"""What callers send and receive about the right to repair."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from services.repairs.money import Pounds
from services.repairs.right_to_repair.policy import compensation
from shared.http.schemas import Asked, Instant
from shared.standards.deadlines import Deadline


class SecondContractor(Asked):
    """The firm that is to do what the first did not; only an officer may say that it was earlier."""

    contractor: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    occurred_at: Instant | None = None


class CompensationDayOut(BaseModel):
    """What one day adds, and what it comes to with that."""

    date: date
    amount: Pounds
    total: Pounds


class CompensationOut(BaseModel):
    """What the council owes the resident since the second contractor is late too; pounds, as in "12.00"."""

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
