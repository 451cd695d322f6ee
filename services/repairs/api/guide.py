"""The route of the repairs guide."""

from typing import Annotated

from fastapi import Query

from services.repairs.views.guide import Guide
from shared.cases.formats import Day
from shared.cases.routers import case_router
from shared.http.auth import requires
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

router = case_router("/v1/repairs", tags=["repairs"])

Anyone = Annotated[UnitOfWork, requires()]


@router.get("/guide", summary="The repairs guide")
async def read_repairs_guide(work: Anyone, on: Annotated[Day | None, Query()] = None) -> Guide:
    """Every fault with its priority and how long it takes, on a day (today unless given)."""
    return Guide.of(work.state.catalogue, on or civil_date(work.now))
