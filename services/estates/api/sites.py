"""The routes of sites."""

from typing import Annotated

from fastapi import Body, Depends, Path

from services.estates.policy.site import LIFECYCLE, Action
from services.estates.queries import sites as queries
from services.estates.schemas.site_answers import CleanOut, InspectionOut, SiteOut, SitesLoaded
from services.estates.schemas.sites import (
    CaretakerAssignment,
    CleanDone,
    ClearanceOutcome,
    ClearancePlan,
    FollowUpDone,
    InspectionDone,
    NewSite,
    Retirement,
    SiteFilters,
)
from services.estates.service import cleaning, register, sites
from services.estates.service.presenting_sites import allowed, present, present_all, present_inspections
from shared.caller import OFFICER, RESIDENT
from shared.cases.registers import CSV_BODY, CsvFile
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = case_router("/v1/estates/sites", tags=["estates"], allowed=allowed)

Keeper = Annotated[UnitOfWork, requires(OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Assigner = Annotated[UnitOfWork, may(LIFECYCLE, Action.ASSIGNMENT)]
Cleaner = Annotated[UnitOfWork, may(LIFECYCLE, Action.CLEAN)]
Inspector = Annotated[UnitOfWork, may(LIFECYCLE, Action.INSPECTION)]
FollowerUp = Annotated[UnitOfWork, may(LIFECYCLE, Action.FOLLOW_UP)]
Planner = Annotated[UnitOfWork, may(LIFECYCLE, Action.CLEARANCE)]
Clearer = Annotated[UnitOfWork, may(LIFECYCLE, Action.CLEARANCE_OUTCOME)]
Retirer = Annotated[UnitOfWork, may(LIFECYCLE, Action.RETIREMENT)]
Number = Annotated[int, Path(ge=1, le=100_000, description="The number in its list")]

# what has nothing to say but its time may come without a body
FollowUpBody = Annotated[FollowUpDone, Body(default_factory=FollowUpDone)]
RetirementBody = Annotated[Retirement, Body(default_factory=Retirement)]


@router.post("", status_code=201, summary="Register a site")
async def register_site(body: NewSite, work: Keeper) -> SiteOut:
    """Its cleaning and inspection are promised from its registration on; section 7."""
    return await present(work, await sites.register(work, body))


@router.post("/register", status_code=201, summary="Register sites from a CSV file", openapi_extra=CSV_BODY)
async def load_sites(file: CsvFile, work: Keeper) -> SitesLoaded:
    """Columns name, kind, address, and if known caretaker, caretaker_subject, walking_order and landings.

    And received_at, from which the cycles count. A bad line is reported with its number, and the rest is
    loaded. A site that is there already, by name and address, is not registered again.
    """
    return await register.load(work, file.file)


@router.get("", summary="Sites that the caller may see")
async def list_sites(work: Reader, page: Paging, filters: Annotated[SiteFilters, Depends()]) -> Page[SiteOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await queries.listed(work, filters, page)
    return Page(items=await present_all(work, rows), next=following)


@router.get("/{reference}", summary="One site", responses=problems(NotFound))
async def read_site(reference: Reference, work: Reader) -> SiteOut:
    """A site with what is due there, and what inspections found that is still to be put right."""
    return await present(work, await queries.site(work, reference))


@router.post("/{reference}/assignment", **action("Give a site to a caretaker"))
async def assign_site(reference: Reference, body: CaretakerAssignment, work: Assigner) -> SiteOut:
    """Give a site to a caretaker, with its place in their round and the problems there that nobody has."""
    return await present(work, await sites.assign(work, reference, body))


@router.post("/{reference}/cleans", **action("Record a clean"))
async def clean_site(reference: Reference, body: CleanDone, work: Cleaner) -> SiteOut:
    """Record a clean; one of all parts that the kind of site needs keeps the promise, half a one does not."""
    return await present(work, await cleaning.clean(work, reference, body))


@router.get("/{reference}/cleans", summary="The cleans of a site", responses=problems(NotFound))
async def list_site_cleans(reference: Reference, work: Keeper, page: Paging) -> Page[CleanOut]:
    """The latest first, half ones too."""
    rows, following = await queries.cleans(work, reference, page)
    return Page(items=[CleanOut.of(row) for row in rows], next=following)


@router.post("/{reference}/inspections", **action("Record an inspection"))
async def inspect_site(reference: Reference, body: InspectionDone, work: Inspector) -> SiteOut:
    """Each element that is unsatisfactory is followed up with the caretaker until it is put right."""
    return await present(work, await cleaning.inspect(work, reference, body))


@router.get("/{reference}/inspections", summary="The inspections of a site", responses=problems(NotFound))
async def list_site_inspections(reference: Reference, work: Keeper, page: Paging) -> Page[InspectionOut]:
    """The latest first, with what each found and what became of it."""
    return await present_inspections(work, reference, page)


@router.post("/{reference}/follow-ups/{number}/resolution", **action("Record that something was put right"))
async def resolve_site_follow_up(
    reference: Reference, number: Number, body: FollowUpBody, work: FollowerUp
) -> SiteOut:
    """Record what was put right with the caretaker responsible for the site."""
    return await present(work, await cleaning.resolve_follow_up(work, reference, number, body))


@router.post("/{reference}/clearances", **action("Plan a clearance"))
async def plan_site_clearance(reference: Reference, body: ClearancePlan, work: Planner) -> SiteOut:
    """Plan a clearance on a day to come, alone or in partnership with another service."""
    return await present(work, await sites.plan_clearance(work, reference, body))


@router.post("/{reference}/clearances/{number}/outcome", **action("Record how a clearance went"))
async def end_site_clearance(
    reference: Reference, number: Number, body: ClearanceOutcome, work: Clearer
) -> SiteOut:
    """It was carried out on its day or later, or it was not."""
    return await present(work, await sites.end_clearance(work, reference, number, body))


@router.post("/{reference}/retirement", **action("Retire a site"))
async def retire_site(reference: Reference, body: RetirementBody, work: Retirer) -> SiteOut:
    """Nothing more is due on it."""
    return await present(work, await sites.retire(work, reference, body))
