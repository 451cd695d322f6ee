"""The routes of decisions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.repairs import queries as repairs
from services.repairs.api import COLLECTION, Officer, Reference
from services.repairs.decisions import queries, service
from services.repairs.decisions.schemas import Cancellation, PriorityChange, ReasonOut, Reasons
from services.repairs.schemas import RepairOut
from services.repairs.showing import shown
from shared.caller import Caller
from shared.errors import NotFound
from shared.http.answers import created
from shared.http.auth import requires
from shared.http.problems import ON_A_CASE, problems
from shared.http.routes import Now, Running, Session, TransactionalRoute

router = APIRouter(prefix="/v1/repairs/{reference}", tags=["repairs"], route_class=TransactionalRoute)

Canceller = Annotated[Caller, Depends(requires("resident", "officer"))]


@router.post(
    "/priority", status_code=201, summary="Raise its priority, or take a raise back", responses=ON_A_CASE
)
async def set_priority(
    reference: Reference, body: PriorityChange, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """For danger or vulnerability, or as a raise was a mistake; never less urgent than by the guide."""
    repair = await service.set_priority(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.post("/cancellation", status_code=201, summary="Call the repair off", responses=ON_A_CASE)
async def cancel(
    reference: Reference, body: Cancellation, response: Response,
    caller: Canceller, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """It is no longer wanted or needed; while a hazard stands open, only an officer may say so."""
    repair = await service.cancel(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.get("/reasons", summary="Why acts were done", responses=problems(NotFound))
async def reasons(reference: Reference, caller: Officer, session: Session) -> Reasons:
    """In the words of those who did them, which no event carries."""
    found = await repairs.repair(session, reference, repairs.visible_to(caller))
    return Reasons(items=[ReasonOut.of(row) for row in await queries.reasons(session, found.reference)])
