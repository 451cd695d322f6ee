"""The routes of the caretakers' rounds, and of graffiti that came again."""

from typing import Annotated

from fastapi import Query

from services.estates.schemas.rounds import RepeatedGraffitiOut, RoundSheet, Ticks, TicksOut
from services.estates.service.repeated import repeated_graffiti
from services.estates.service.rounds import sheet, tick
from shared.caller import OFFICER
from shared.cases.filters import Term
from shared.cases.formats import Day
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.work import UnitOfWork

router = routes_of(prefix="/v1/estates/rounds", tags=["estates"])
repeated = routes_of(prefix="/v1/estates/repeated-graffiti", tags=["estates"])

Officer = Annotated[UnitOfWork, requires(OFFICER)]


@router.get("", summary="The round sheet of a day")
async def read_round_sheet(
    work: Officer,
    on: Annotated[Day | None, Query(description="By default today")] = None,
    caretaker: Annotated[Term | None, Query(description="The subject of a token, a name, or me")] = None,
) -> RoundSheet:
    """The tasks due by the end of that day: by caretaker, the urgent first, then in walking order."""
    return await sheet(work, on, caretaker)


@router.post("/ticks", status_code=201, summary="Up to 500 ticks, each answered on its own")
async def tick_round(body: Ticks, work: Officer) -> TicksOut:
    """Take in ticks in any order, twice, or late; a refused one leaves the others standing."""
    return TicksOut(results=await tick(work, body.ticks))


@repeated.get("", summary="Sites to which offensive graffiti came again and again")
async def list_repeated_graffiti(work: Officer) -> RepeatedGraffitiOut:
    """Sites for the estates and the anti-social behaviour team, which is told of each as it happens."""
    return await repeated_graffiti(work)
