"""Answers about the repairs guide."""

from datetime import date

from pydantic import BaseModel, Field

from services.repairs.appointments.policy import TRADE_FOR, Trade
from services.repairs.case.guide import Fault, council_promises, exception_of, guide_on, how_long
from shared.standards.catalogue import Catalogue


class GuideLine(BaseModel):
    """One fault of the repairs guide."""

    fault: str
    description: str
    priority: int
    how_long: str
    last_reviewed_on: date | None = Field(
        description="The day on which what was promised was last compared with its source"
    )
    exception: str | None
    trade: Trade

    @classmethod
    def of(cls, catalogue: Catalogue, fault: Fault, priority: int, day: date) -> "GuideLine":
        """The line as it stands on a day."""
        promises = council_promises(catalogue, fault, priority, day)
        reviews = [row.regime.reviewed_on for row in promises if row.regime.reviewed_on]
        return cls(
            fault=fault.code,
            description=fault.words,
            priority=priority,
            how_long=how_long(promises),
            last_reviewed_on=min(reviews, default=None),
            exception=exception_of(catalogue, fault, day),
            trade=TRADE_FOR[fault.code],
        )


class Guide(BaseModel):
    """The repairs guide, the most urgent first."""

    on: str
    faults: list[GuideLine]

    @classmethod
    def of(cls, catalogue: Catalogue, day: date) -> "Guide":
        """The guide as it stands on a London date."""
        lines = [GuideLine.of(catalogue, fault, priority, day) for fault, priority in guide_on(day)]
        return cls(on=day.isoformat(), faults=lines)
