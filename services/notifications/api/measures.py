"""The route of the Regulator's measures."""

from datetime import date
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field

from services.notifications.figures.measures import Figure
from services.notifications.figures.measuring import measure
from shared.caller import OFFICER
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.standards.calendar import FIRST_YEAR, LAST_YEAR
from shared.standards.periods import reporting_year
from shared.work import UnitOfWork

router = routes_of(prefix="/v1", tags=["notifications"])

Officer = Annotated[UnitOfWork, requires(OFFICER)]
Year = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR - 1, description="That of the first of April")]


class MeasureOut(BaseModel):
    """One measure, with the cases behind it."""

    measure: str
    title: str
    source: str
    numerator: int
    denominator: int | None = Field(description="Cases, or the homes owned, as far as that is known")
    value: float | None = Field(description="With one decimal, rounded half up")
    cases: list[str] = Field(description="References of the cases that count")
    kept: list[str] = Field(description="References of those that kept their promise")

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """The figure, as the Regulator asks for it."""
        row = figure.measure
        return cls(
            measure=row.id,
            title=row.title,
            source=row.source,
            numerator=figure.numerator,
            denominator=figure.denominator,
            value=None if figure.value is None else float(figure.value),
            cases=list(figure.cases),
            kept=list(figure.kept),
        )


class Measures(BaseModel):
    """The measures of a reporting year, of the cases that the caller may see."""

    year: int
    first_day: date
    last_day: date
    homes_owned: int | None
    items: list[MeasureOut]


@router.get("/performance/measures", summary="The Regulator's measures")
async def read_measures(work: Officer, year: Year) -> Measures:
    """The measures from 1 April of that year to 31 March, each with its cases; some need a scope."""
    first, last = reporting_year(year)
    items = [MeasureOut.of(figure) for figure in await measure(work, year)]
    homes = work.state.settings.homes_owned.get(year)
    return Measures(year=year, first_day=first, last_day=last, homes_owned=homes, items=items)
