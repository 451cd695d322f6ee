"""`GET /v1/me/cases`: a resident's own cases, gathered from the services that own them."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from gateway.gathering import GatheredCases, gathered, page_of
from gateway.resources import Running
from shared.caller import RESIDENT, Caller
from shared.http.auth import requires
from shared.http.paging import Paging, link_next
from shared.http.parameters import PAGE_QUERY

router = APIRouter(tags=["gateway"])

Resident = Annotated[Caller, requires(RESIDENT)]

MINE = {"mine": "true"}


@router.get("/v1/me/cases", summary="My cases, the newest promise first", dependencies=PAGE_QUERY)
async def list_my_cases(
    _: Resident, request: Request, response: Response, running: Running, page: Paging
) -> GatheredCases:
    """All of a resident's cases, but for those of services that are down, which `unavailable` names."""
    lists = {row: row.collections.values() for row in running.settings.directory.owner_rows}
    mine = page_of(*await gathered(running, request.headers["authorization"], lists, MINE), page)
    link_next(request, response, mine)
    return mine
