"""The routes of tenancies."""

from typing import Annotated

from fastapi import Body, Depends

from services.residents import queries
from services.residents.models import Attachment
from services.residents.policy import LIFECYCLE, Action
from services.residents.schemas.tenancies import (
    Booking,
    End,
    NewTenancy,
    PlanMade,
    PlanRequest,
    TenancyFilters,
    TenancyOut,
    TenantsNow,
    Visit,
    VisitingInPairs,
    VulnerabilityNow,
)
from services.residents.service import tenancies
from services.residents.service.tenancies import allowed, present, present_all
from shared.caller import OFFICER, RESIDENT
from shared.cases.attachments.routers import attachments_router
from shared.cases.contact import ContactCorrection
from shared.cases.reads import ReadOut
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = case_router("/v1/tenancies", tags=["tenancies"], allowed=allowed, on_replay=queries.note_replay)
attachments = attachments_router(
    "/v1/tenancies",
    Attachment,
    find=queries.tenancy_of_attachments,
    find_for_update=queries.tenancy_for_update,
    allowed=allowed,
    tags=["tenancies"],
    on_replay=queries.note_replay,
)

Officer = Annotated[UnitOfWork, requires(OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Booker = Annotated[UnitOfWork, may(LIFECYCLE, Action.BOOKING)]
Visitor = Annotated[UnitOfWork, may(LIFECYCLE, Action.VISIT)]
PlanRequester = Annotated[UnitOfWork, may(LIFECYCLE, Action.PLAN_REQUEST)]
Planner = Annotated[UnitOfWork, may(LIFECYCLE, Action.PLAN)]
TenantsChanger = Annotated[UnitOfWork, may(LIFECYCLE, Action.JOINT_TENANTS)]
NeedsCorrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.VULNERABILITY)]
VisitsDecider = Annotated[UnitOfWork, may(LIFECYCLE, Action.VISITING_IN_PAIRS)]
ContactCorrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONTACT)]
Ender = Annotated[UnitOfWork, may(LIFECYCLE, Action.END)]

# a plan may be asked for, and a tenancy may end, without a body: now
PlanRequestBody = Annotated[PlanRequest, Body(default_factory=PlanRequest)]
EndBody = Annotated[End, Body(default_factory=End)]


@router.post("", status_code=201, summary="Record a tenancy")
async def start_tenancy(body: NewTenancy, work: Officer) -> TenancyOut:
    """Its settling-in visit is promised from the day it starts on: three weeks, two for a care leaver."""
    return await present(work, await tenancies.start(work, body), "recorded it")


@router.get("", summary="Tenancies that the caller may see")
async def list_tenancies(
    work: Reader, page: Paging, filters: Annotated[TenancyFilters, Depends()]
) -> Page[TenancyOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise; the reading of each is noted."""
    rows, following = await queries.tenancies(work, filters, page)
    return Page(items=await present_all(work, rows, "listed it"), next=following)


@router.get("/{reference}", summary="One tenancy", responses=problems(NotFound))
async def read_tenancy(reference: Reference, work: Reader) -> TenancyOut:
    """A tenancy with what is kept of the household; the reading of it is noted."""
    return await present(work, await queries.tenancy(work, reference), "read it")


@router.get("/{reference}/reads", summary="Who read it", responses=problems(NotFound))
async def list_tenancy_reads(reference: Reference, work: Reader, page: Paging) -> Page[ReadOut]:
    """The audit of reads: by whom, when, and what for; the latest first."""
    rows, following = await queries.reads(work, reference, page)
    return Page(items=[ReadOut.of(row) for row in rows], next=following)


@router.post("/{reference}/settling-in-visit/booking", **action("Book the settling-in visit"))
async def book_settling_in_visit(reference: Reference, body: Booking, work: Booker) -> TenancyOut:
    """The time that was agreed with the tenant; another time takes its place."""
    return await present(work, await tenancies.book_visit(work, reference, body), "booked the visit")


@router.post("/{reference}/settling-in-visit", **action("Record the settling-in visit"))
async def record_settling_in_visit(reference: Reference, body: Visit, work: Visitor) -> TenancyOut:
    """Record the visit with the support plan that was made in it, or the reason why there is none."""
    return await present(work, await tenancies.record_visit(work, reference, body), "recorded the visit")


@router.post("/{reference}/support-plan/request", **action("Ask for a support plan"))
async def request_support_plan(
    reference: Reference, body: PlanRequestBody, work: PlanRequester
) -> TenancyOut:
    """One is made as and when it is asked for; section 8."""
    return await present(work, await tenancies.ask_for_plan(work, reference, body), "asked for a plan")


@router.post("/{reference}/support-plan", **action("Record a support plan"))
async def record_support_plan(reference: Reference, body: PlanMade, work: Planner) -> TenancyOut:
    """Record a plan after the visit, on request, or in place of the last one; it meets a waiting request."""
    return await present(work, await tenancies.record_plan(work, reference, body), "recorded a plan")


@router.post("/{reference}/joint-tenants", **action("Say who else is a tenant"))
async def change_joint_tenants(reference: Reference, body: TenantsNow, work: TenantsChanger) -> TenancyOut:
    """All tenants besides the first. Nobody is written to where one of them may not be."""
    return await present(work, await tenancies.change_tenants(work, reference, body), "changed the tenants")


@router.post("/{reference}/vulnerability", **action("Correct whether the household is vulnerable"))
async def correct_vulnerability(
    reference: Reference, body: VulnerabilityNow, work: NeedsCorrector
) -> TenancyOut:
    """Correct it as the person or an officer; other services learn it when they next ask."""
    changed = await tenancies.correct_vulnerability(work, reference, body)
    return await present(work, changed, "corrected the vulnerability")


@router.post("/{reference}/visiting-in-pairs", **action("Decide whether two people must go there"))
async def decide_on_visits(reference: Reference, body: VisitingInPairs, work: VisitsDecider) -> TenancyOut:
    """Decide with the reason. Officers see it, and whoever goes there; the household is not told."""
    changed = await tenancies.decide_on_visits(work, reference, body)
    return await present(work, changed, "decided on visits")


@router.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_tenancy_contact(
    reference: Reference, body: ContactCorrection, work: ContactCorrector
) -> TenancyOut:
    """Change only the fields given, access needs among them; `safe_to_contact` counts at once."""
    corrected = await tenancies.correct_contact(work, reference, body)
    return await present(work, corrected, "corrected the contact")


@router.post("/{reference}/end", **action("End a tenancy"))
async def end_tenancy(reference: Reference, body: EndBody, work: Ender) -> TenancyOut:
    """Nothing more is promised about it."""
    return await present(work, await tenancies.end(work, reference, body), "ended it")
