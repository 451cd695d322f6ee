"""The routes of the register of appliances."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs.api import Officer, Reference
from services.repairs.appliances import queries, register as registers, service
from services.repairs.appliances.models import Appliance
from services.repairs.appliances.policy import ApplianceKind
from services.repairs.appliances.schemas import (
    ApplianceOut,
    RegisterOut,
    Registration,
    Removal,
    Serviced,
    ServiceOut,
    Services,
)
from shared.app_state import AppState
from shared.casework import promised
from shared.errors import NotFound
from shared.http.answers import answered, created
from shared.http.paging import Cursor, Limit, Page, link_next
from shared.http.problems import ON_A_CASE, problems
from shared.http.routes import Cursors, Now, Running, Session, TransactionalRoute
from shared.http.schemas import GivenInstant

COLLECTION = "appliances"

router = APIRouter(prefix="/v1/appliances", tags=["appliances"], route_class=TransactionalRoute)

# a service or a removal is told without a word: today, and for no reason given
ServicedBody = Annotated[Serviced, Body(default_factory=Serviced)]
RemovalBody = Annotated[Removal, Body(default_factory=Removal)]
CsvFile = Annotated[bytes, Body(media_type="text/csv", description="The first line names the columns")]
Overdue = Annotated[bool | None, Query(description="Only those whose service is, or is not yet, overdue")]


@router.post("", status_code=201, summary="Register an appliance")
async def register(
    body: Registration, response: Response, caller: Officer, session: Session, running: Running, now: Now
) -> ApplianceOut:
    """Its yearly service is promised from now on, counted from its last one; section 6.

    A home may have several of a kind: send an Idempotency-Key, so that none is registered twice by mistake.
    """
    appliance = await service.register(session, running, body, by=caller, now=now)
    return created(response, await _shown(session, running, appliance, now), COLLECTION)


@router.post("/register", status_code=201, summary="Register appliances from a CSV file")
async def load_register(
    body: CsvFile, caller: Officer, session: Session, running: Running, now: Now
) -> RegisterOut:
    """Columns kind, address, postcode, and if known uprn, location and last_serviced_on.

    Each line stands alone, so a line break inside a quoted cell is not supported: a bad line is reported with
    its number, and the rest is loaded. What is registered already is known by its kind, home and location,
    and not registered again.
    """
    return await registers.load(session, running, body, by=caller, now=now)


@router.get("", summary="The register, the next service due first")
async def appliances(
    request: Request, response: Response, caller: Officer, session: Session, running: Running, now: Now,
    cursors: Cursors, kind: ApplianceKind | None = None, due_before: GivenInstant | None = None,
    overdue: Overdue = None, limit: Limit = 50, cursor: Cursor = None,
) -> Page[ApplianceOut]:  # fmt: skip
    """What was removed is on it no longer, and is still found by its reference."""
    before, since = queries.due_between(due_before, overdue, now)
    rows = await queries.listed(
        session, caller, cursors.key_of(cursor, 2), limit, kind=kind, due_from=since, due_before=before
    )
    shown, following = cursors.page_of(rows, limit, queries.sorting_key)
    promises = await promised(session, running, [row.reference for row in shown])
    link_next(request, response, following)
    return Page(items=[ApplianceOut.of(row, promises[row.reference], now) for row in shown], next=following)


@router.get("/{reference}", summary="One appliance", responses=problems(NotFound))
async def appliance(
    reference: Reference, response: Response, caller: Officer, session: Session, running: Running, now: Now
) -> ApplianceOut:
    """On the register, or removed from it."""
    found = await queries.appliance(session, reference, caller)
    return answered(response, await _shown(session, running, found, now))


@router.get("/{reference}/services", summary="The services it has had", responses=problems(NotFound))
async def services(reference: Reference, caller: Officer, session: Session) -> Services:
    """The latest first."""
    found = await queries.appliance(session, reference, caller)
    rows = await queries.services_of(session, found.reference)
    return Services(items=[ServiceOut.of(row) for row in rows])


@router.post("/{reference}/services", status_code=201, summary="Record a service", responses=ON_A_CASE)
async def record_service(
    reference: Reference, body: ServicedBody, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> ApplianceOut:  # fmt: skip
    """The next is due a year after it.

    One of the same day told again adds a certificate or notes that were missing, and may not contradict what
    is there. Of a removed appliance it is answered only if it is word for word the same.
    """
    appliance = await service.record_service(session, running, reference, body, by=caller, now=now)
    return created(response, await _shown(session, running, appliance, now), COLLECTION)


@router.post(
    "/{reference}/removal", status_code=201, summary="Take an appliance off the register", responses=ON_A_CASE
)
async def remove(
    reference: Reference, body: RemovalBody, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> ApplianceOut:  # fmt: skip
    """Nothing more is due on it."""
    appliance = await service.remove(session, running, reference, body, by=caller, now=now)
    return created(response, await _shown(session, running, appliance, now), COLLECTION)


async def _shown(
    session: AsyncSession, resources: AppState, appliance: Appliance, now: datetime
) -> ApplianceOut:
    promises = await promised(session, resources, [appliance.reference])
    return ApplianceOut.of(appliance, promises[appliance.reference], now)
