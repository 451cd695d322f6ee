"""Answers about the repairs guide."""

from datetime import date

from pydantic import BaseModel

from services.repairs.appointments.policy import TRADE_FOR, Trade
from services.repairs.case.guide import HOW_LONG, Fault, exception_of, guide_on


class GuideLine(BaseModel):
    """One fault of the repairs guide."""

    fault: str
    description: str
    priority: int
    how_long: str
    exception: str | None
    trade: Trade

    @classmethod
    def of(cls, fault: Fault, priority: int) -> "GuideLine":
        """The line as it stands on a day."""
        return cls(
            fault=fault.code,
            description=fault.words,
            priority=priority,
            how_long=HOW_LONG[priority],
            exception=exception_of(fault),
            trade=TRADE_FOR[fault.code],
        )


class Guide(BaseModel):
    """The repairs guide, the most urgent first."""

    on: str
    faults: list[GuideLine]

    @classmethod
    def of(cls, day: date) -> "Guide":
        """The guide as it stands on a London date."""
        lines = [GuideLine.of(fault, priority) for fault, priority in guide_on(day)]
        return cls(on=day.isoformat(), faults=lines)
