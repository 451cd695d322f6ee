"""The answer of the annual report."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field

from services.complaints.report import Summary
from shared.cases.formats import Pounds
from shared.cases.schemas import AnswerModel
from shared.standards.periods import reporting_year


class ReportFormat(StrEnum):
    """The forms that the annual report comes in."""

    JSON = "json"
    CSV = "csv"


class LessonOut(AnswerModel):
    """The lesson of a complaint: a change that the council made because of it."""

    reference: str
    about: str
    learning: str


class RemediesOut(BaseModel):
    """The remedies that were given."""

    by_kind: dict[str, int]
    money: Pounds = Field(description="All of it, to the penny")


class AnnualReport(BaseModel):
    """Numbers of the complaints received in a reporting year, with what became of them so far.

    Only of those that the caller may see: some need the scope `asb` or `manager`.
    """

    year: int
    first_day: date
    last_day: date
    received: int
    by_category: dict[str, int]
    not_answered: dict[str, int] = Field(description="By the way in which they were dealt with instead")
    refused: dict[str, int] = Field(description="By the Code's ground, those that were overruled included")
    overruled: dict[str, int] = Field(description="Refusals that were taken up after all, by their ground")
    not_recorded: dict[str, int] = Field(description="Parts of a triage that the Code wants recorded")
    escalated: int
    with_ombudsman: int
    determinations: dict[str, int] = Field(description="By what the ombudsman decided")
    orders: int = Field(description="Given by the ombudsman")
    orders_outstanding: int = Field(description="Those that are still to be complied with")
    outcomes: dict[int, dict[str, int]] = Field(description="By stage, each by outcome")
    remedies: RemediesOut
    learning: list[LessonOut]

    @classmethod
    def of(cls, year: int, summary: Summary) -> Self:
        """The report of that year."""
        first, last = reporting_year(year)
        same = (
            "received",
            "by_category",
            "not_answered",
            "refused",
            "overruled",
            "not_recorded",
            "escalated",
            "with_ombudsman",
            "determinations",
            "orders",
            "orders_outstanding",
            "outcomes",
        )
        return cls(
            year=year,
            first_day=first,
            last_day=last,
            **{name: getattr(summary, name) for name in same},
            remedies=RemediesOut(by_kind=dict(summary.remedies), money=summary.money),
            learning=[LessonOut.of(lesson) for lesson in summary.learning],
        )
