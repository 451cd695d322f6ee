"""The routes of worries about residents, which estates refers to us."""

from typing import Annotated

from fastapi import Depends

from services.residents import queries
from services.residents.policy import WELFARE, WelfareAction
from services.residents.schemas.welfare import (
    WelfareAssignment,
    WelfareClosure,
    WelfareFilters,
    WelfareOut,
    WelfareVisit,
)
from services.residents.service import welfare
from services.residents.service.welfare import allowed, present, present_all
from shared.caller import OFFICER, RESIDENT
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = case_router("/v1/welfare", tags=["welfare"], allowed=allowed, on_replay=queries.note_welfare_replay)

Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Assigner = Annotated[UnitOfWork, may(WELFARE, WelfareAction.ASSIGNMENT)]
Visitor = Annotated[UnitOfWork, may(WELFARE, WelfareAction.VISIT)]
Closer = Annotated[UnitOfWork, may(WELFARE, WelfareAction.CLOSURE)]


@router.get("", summary="Worries about residents that the caller may see")
async def list_welfare_cases(
    work: Reader, page: Paging, filters: Annotated[WelfareFilters, Depends()]
) -> Page[WelfareOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise; the reading of each is noted."""
    rows, following = await queries.welfare_cases(work, filters, page)
    return Page(items=await present_all(work, rows, "read a list"), next=following)


@router.get("/{reference}", summary="One worry about a resident", responses=problems(NotFound))
async def read_welfare_case(reference: Reference, work: Reader) -> WelfareOut:
    """A worry with what is known of the household; the reading of it is noted."""
    return await present(work, await queries.welfare(work, reference), "read it")


@router.post("/{reference}/assignment", **action("Give a worry to an officer"))
async def assign_welfare_case(reference: Reference, body: WelfareAssignment, work: Assigner) -> WelfareOut:
    """Give the case to the officer who is to look into it."""
    return await present(work, await welfare.assign(work, reference, body), "assigned it")


@router.post("/{reference}/visit", **action("Record a call at the home"))
async def record_welfare_visit(reference: Reference, body: WelfareVisit, work: Visitor) -> WelfareOut:
    """The resident was seen, or was not; then an officer calls again."""
    return await present(work, await welfare.visit(work, reference, body), "recorded a visit")


@router.post("/{reference}/closure", **action("End a worry about a resident"))
async def close_welfare_case(reference: Reference, body: WelfareClosure, work: Closer) -> WelfareOut:
    """Close it with what came of it, of which the estates team learns whether it was dealt with."""
    return await present(work, await welfare.close(work, reference, body), "closed it")
