"""The route of the worklist."""

from typing import Annotated

from fastapi import Depends, Query, Request

from services.notifications.api.worklist_schemas import ToldOut, Worklist, WorklistItem
from services.notifications.worklist import service
from services.notifications.worklist.policy import Group
from services.notifications.worklist.queries import Filters
from shared.caller import OFFICER
from shared.cases.filters import Term
from shared.cases.routers import Reference, action
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.conditional import NOT_MODIFIED
from shared.http.paging import Cursor, Limit, PageRequest, page_request
from shared.work import UnitOfWork

FIRST = 25
"""Cases of a group on a page, by default: a screen of a duty list."""

router = routes_of(prefix="/v1", tags=["notifications"])

Officer = Annotated[UnitOfWork, requires(OFFICER)]


async def _filters(
    department: Annotated[Term | None, Query(description="One of the caller's")] = None,
    handler: Annotated[Term | None, Query(description="The subject of a token, or me")] = None,
    unassigned: Annotated[bool | None, Query(description="Those that no officer deals with")] = None,
) -> Filters:
    return Filters(department=department, handler=handler, unassigned=unassigned)


async def _page(request: Request, limit: Limit = FIRST, cursor: Cursor = None) -> PageRequest:
    return await page_request(request, limit, cursor)


@router.get("/worklist", summary="Cases to be worked, the most urgent first", responses=NOT_MODIFIED)
async def read_worklist(
    work: Officer,
    filters: Annotated[Filters, Depends(_filters)],
    page: Annotated[PageRequest, Depends(_page)],
    due: Group | None = None,
) -> Worklist:
    """One row a case of the officer's departments, high risk first, with the promise to be kept next.

    Without `due` the first of each group, as many as `limit`; with it that group page by page. Nothing that
    is cancelled, removed or imported is here, but for what nobody of the staff could be told.
    """
    shown = await service.read(work, filters, due, page)
    items = [WorklistItem.of(row, work.state.catalogue, work.now) for row in shown.rows]
    return Worklist(as_of=work.now, counts=shown.counts, items=items, next=shown.next)


@router.post("/worklist/{reference}/told", **action("Say that you know what nobody could be told"))
async def mark_as_told(reference: Reference, work: Officer) -> ToldOut:
    """The task ends with it, as with any act on the case; the case's history says so."""
    return ToldOut(reference=await service.mark_as_told(work, reference), told_at=work.now)
