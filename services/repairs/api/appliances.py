"""The routes of the register of appliances."""

from typing import Annotated

from fastapi import Body, Query

from services.repairs.appliances import queries, register as registers, service
from services.repairs.appliances.policy import LIFECYCLE, Action, ApplianceKind
from services.repairs.appliances.schemas import (
    ApplianceOut,
    RegisterOut,
    Registration,
    Removal,
    Serviced,
    ServiceOut,
    Services,
)
from services.repairs.appliances.views import allowed, present, present_all
from shared.caller import OFFICER
from shared.cases.routers import Reference, action, case_router
from shared.cases.schemas import GivenInstant
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.bodies import Upload, file_body
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

LARGEST_FILE = 1024 * 1024  # bytes; the gateway lets no larger body through
# the second is what a Windows with a spreadsheet calls a .csv
CSV = file_body(("text/csv", "application/vnd.ms-excel"), most=LARGEST_FILE)
CSV_BODY = {"requestBody": {"description": "The first line names the columns", **CSV.dependency.described}}

router = case_router("/v1/appliances", tags=["appliances"], allowed=allowed)

Officer = Annotated[UnitOfWork, requires(OFFICER)]
Servicing = Annotated[UnitOfWork, may(LIFECYCLE, Action.SERVICES)]
Removing = Annotated[UnitOfWork, may(LIFECYCLE, Action.REMOVAL)]

# a service or a removal may come without a body: today, and for no reason given
ServicedBody = Annotated[Serviced, Body(default_factory=Serviced)]
RemovalBody = Annotated[Removal, Body(default_factory=Removal)]
CsvFile = Annotated[Upload, CSV]
Overdue = Annotated[bool | None, Query(description="Only those whose service is, or is not yet, overdue")]


@router.post("", status_code=201, summary="Register an appliance")
async def register_appliance(body: Registration, work: Officer) -> ApplianceOut:
    """Its yearly service is promised from now on, counted from its last one; section 6.

    A home may have several of a kind: send an Idempotency-Key, so that none is registered twice by mistake.
    """
    return await present(work, await service.register(work, body))


@router.post(
    "/register", status_code=201, summary="Register appliances from a CSV file", openapi_extra=CSV_BODY
)
async def load_appliance_register(file: CsvFile, work: Officer) -> RegisterOut:
    """Columns kind, address, postcode, and if known uprn, location and last_serviced_on.

    Each line stands alone, so a line break inside a quoted cell is not supported: a bad line is reported with
    its number, and the rest is loaded. What is registered already is known by its kind, home and location,
    and not registered again.
    """
    return await registers.load(work, file.content)


@router.get("", summary="The register, the next service due first")
async def list_appliances(
    work: Officer,
    page: Paging,
    kind: ApplianceKind | None = None,
    due_before: GivenInstant | None = None,
    overdue: Overdue = None,
) -> Page[ApplianceOut]:
    """An appliance that was removed is on it no longer, and is still found by its reference."""
    rows, following = await queries.listed(work, page, kind=kind, due_before=due_before, overdue=overdue)
    return Page(items=await present_all(work, rows), next=following)


@router.get("/{reference}", summary="One appliance", responses=problems(NotFound))
async def read_appliance(reference: Reference, work: Officer) -> ApplianceOut:
    """On the register, or removed from it."""
    return await present(work, await queries.appliance(work, reference))


@router.get("/{reference}/services", summary="The services it has had", responses=problems(NotFound))
async def list_appliance_services(reference: Reference, work: Officer) -> Services:
    """The latest first."""
    return Services(items=[ServiceOut.of(row) for row in await queries.services(work, reference)])


@router.post("/{reference}/services", **action("Record a service"))
async def record_appliance_service(reference: Reference, body: ServicedBody, work: Servicing) -> ApplianceOut:
    """The next is due a year after it.

    One of the same day told again adds a certificate or notes that were missing, and may not contradict what
    is there. Of a removed appliance it is answered only if it is word for word the same.
    """
    return await present(work, await service.record_service(work, reference, body))


@router.post("/{reference}/removal", **action("Take an appliance off the register"))
async def remove_appliance(reference: Reference, body: RemovalBody, work: Removing) -> ApplianceOut:
    """Nothing more is due on it."""
    return await present(work, await service.remove(work, reference, body))
