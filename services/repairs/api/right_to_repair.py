"""The route of the right to repair; what is owed is shown with the repair."""

from typing import Annotated

from services.repairs.actions.second_contractor import second_contractor
from services.repairs.right_to_repair.policy import LIFECYCLE, Action
from services.repairs.right_to_repair.schemas import SecondContractor
from services.repairs.views import RepairView, allowed, present
from shared.cases.routers import Reference, action, case_router
from shared.http.auth import may
from shared.work import UnitOfWork

router = case_router("/v1/repairs/{reference}", tags=["repairs"], allowed=allowed)

Claimant = Annotated[UnitOfWork, may(LIFECYCLE, Action.SECOND_CONTRACTOR)]


@router.post("/second-contractor", **action("Have a second contractor do a late repair"))
async def appoint_second_contractor(
    reference: Reference, body: SecondContractor, work: Claimant
) -> RepairView:
    """Once the statutory period has passed, with the same period again; residents name a firm known here."""
    return await present(work, await second_contractor(work, reference, body))
