"""The route of the right to repair; what is owed is shown with the repair."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.repairs.api import COLLECTION, Reference
from services.repairs.right_to_repair import service
from services.repairs.right_to_repair.schemas import SecondContractor
from services.repairs.schemas import RepairOut
from services.repairs.showing import shown
from shared.caller import Caller
from shared.http.answers import created
from shared.http.auth import requires
from shared.http.problems import ON_A_CASE
from shared.http.routes import Now, Running, Session, TransactionalRoute

router = APIRouter(prefix="/v1/repairs/{reference}", tags=["repairs"], route_class=TransactionalRoute)

Asker = Annotated[Caller, Depends(requires("resident", "officer"))]


@router.post(
    "/second-contractor", status_code=201, summary="Have a second contractor do a late repair",
    responses=ON_A_CASE,
)  # fmt: skip
async def appoint_second_contractor(
    reference: Reference, body: SecondContractor, response: Response,
    caller: Asker, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """Once the statutory period has passed, with the same period again; residents name a firm known here."""
    repair = await service.appoint_second_contractor(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)
