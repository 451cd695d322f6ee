"""The routes of the register of appliances."""

from typing import Annotated

from fastapi import Body, Depends

from services.repairs.appliances import queries, register as registers, service
from services.repairs.appliances.policy import LIFECYCLE, Action
from services.repairs.appliances.schemas import (
    ApplianceFilters,
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
from shared.cases.contact import ContactCorrection
from shared.cases.registers import CSV_BODY, CsvFile
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = case_router("/v1/appliances", tags=["appliances"], allowed=allowed)

Officer = Annotated[UnitOfWork, requires(OFFICER)]
Servicing = Annotated[UnitOfWork, may(LIFECYCLE, Action.SERVICES)]
Removing = Annotated[UnitOfWork, may(LIFECYCLE, Action.REMOVAL)]
Corrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONTACT)]

# a service or a removal may come without a body: today, and for no reason given
ServicedBody = Annotated[Serviced, Body(default_factory=Serviced)]
RemovalBody = Annotated[Removal, Body(default_factory=Removal)]


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
    """Columns kind, address, postcode, and if known uprn, property_reference, location, last_serviced_on.

    Each line stands alone, so a line break inside a quoted cell is not supported: a bad line is reported with
    its number, and the rest is loaded. What is registered already is known by its kind, home and location,
    and not registered again; a later last_serviced_on is recorded as a service.
    """
    return await registers.load(work, file.file)


@router.get("", summary="The register")
async def list_appliances(
    work: Officer, page: Paging, filters: Annotated[ApplianceFilters, Depends()]
) -> Page[ApplianceOut]:
    """The latest registered first, unless `sort` or `updated_since` says otherwise.

    An appliance that was removed is on it no longer, and is still found by its reference or status.
    """
    rows, following = await queries.listed(work, filters, page)
    return Page(items=await present_all(work, rows), next=following)


@router.get("/{reference}", summary="One appliance", responses=problems(NotFound))
async def read_appliance(reference: Reference, work: Officer) -> ApplianceOut:
    """An appliance that is on the register, or was removed from it."""
    return await present(work, await queries.appliance(work, reference))


@router.get("/{reference}/services", summary="The services it has had", responses=problems(NotFound))
async def list_appliance_services(reference: Reference, work: Officer) -> Services:
    """The latest first."""
    return Services(items=[ServiceOut.of(row) for row in await queries.services(work, reference)])


@router.post("/{reference}/services", **action("Record a service"))
async def record_appliance_service(reference: Reference, body: ServicedBody, work: Servicing) -> ApplianceOut:
    """The next is due a year after it; one from before the appliance was registered counts too.

    One of the same day told again adds a certificate or notes that were missing, and may not contradict what
    is there. Of a removed appliance it is answered only if it is word for word the same.
    """
    return await present(work, await service.record_service(work, reference, body))


@router.post("/{reference}/removal", **action("Take an appliance off the register"))
async def remove_appliance(reference: Reference, body: RemovalBody, work: Removing) -> ApplianceOut:
    """Nothing more is due on it."""
    return await present(work, await service.remove(work, reference, body))


@router.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_appliance_contact(
    reference: Reference, body: ContactCorrection, work: Corrector
) -> ApplianceOut:
    """Change only the fields given; `safe_to_contact` counts at once, also for letters that are owed."""
    return await present(work, await service.correct_contact(work, reference, body))
