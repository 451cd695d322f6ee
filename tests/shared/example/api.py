"""The routes of permits."""

from typing import Annotated

from fastapi import Depends

from shared.caller import OFFICER, RESIDENT
from shared.cases import queries as cases
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import Creation, UnitOfWork
from tests.shared.example import queries, service
from tests.shared.example.models import Permit
from tests.shared.example.policy import LIFECYCLE, Action
from tests.shared.example.schemas import Issue, PermitFilters, PermitOut, Request

router = case_router("/v1/permits", tags=["permits"], allowed=service.allowed)

Applicant = Annotated[Creation, requires(RESIDENT | OFFICER)]
Caller = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Issuer = Annotated[UnitOfWork, may(LIFECYCLE, Action.ISSUE)]


@router.post("", status_code=201, summary="Ask for a permit")
async def request(body: Request, work: Applicant) -> PermitOut:
    """Take a request in, and promise its date."""
    return (await service.present(work, await service.request(work, body)))[0]


@router.get("", summary="Permits that the caller may see")
async def permits(
    work: Caller, page: Paging, filters: Annotated[PermitFilters, Depends()]
) -> Page[PermitOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await cases.listed(work, Permit, filters, page)
    return Page(items=list(await service.present(work, *rows)), next=following)


@router.get("/{reference}", summary="One permit", responses=problems(NotFound))
async def permit(reference: Reference, work: Caller) -> PermitOut:
    """With its promise."""
    return (await service.present(work, await queries.permit(work, reference)))[0]


@router.post("/{reference}/issue", **action("Issue a permit"))
async def issue(reference: Reference, body: Issue, work: Issuer) -> PermitOut:
    """The promise is met at the time it was issued."""
    return (await service.present(work, await service.issue(work, reference, body)))[0]
