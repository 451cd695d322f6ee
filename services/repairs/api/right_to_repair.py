"""The routes of the right to repair; what is owed is shown with the repair."""

from typing import Annotated

from services.repairs.actions.second_contractor import second_contractor
from services.repairs.right_to_repair import service
from services.repairs.right_to_repair.policy import LIFECYCLE, Action
from services.repairs.right_to_repair.schemas import EndOfRight, Estimate, Pause, SecondContractor, SetOff
from services.repairs.views import RepairView, allowed, present
from shared.cases.routers import Reference, action, case_router
from shared.http.auth import may
from shared.work import UnitOfWork

router = case_router("/v1/repairs/{reference}", tags=["repairs"], allowed=allowed)

Estimator = Annotated[UnitOfWork, may(LIFECYCLE, Action.ESTIMATE)]
Suspender = Annotated[UnitOfWork, may(LIFECYCLE, Action.SUSPENSION)]
Resumer = Annotated[UnitOfWork, may(LIFECYCLE, Action.RESUMPTION)]
Ender = Annotated[UnitOfWork, may(LIFECYCLE, Action.END)]
Accountant = Annotated[UnitOfWork, may(LIFECYCLE, Action.SET_OFF)]
Claimant = Annotated[UnitOfWork, may(LIFECYCLE, Action.SECOND_CONTRACTOR)]


@router.post("/estimate", **action("Estimate what it costs"))
async def estimate_repair(reference: Reference, body: Estimate, work: Estimator) -> RepairView:
    """Over the limit of the right to repair, that ends from then on, and the tenant is told."""
    return await present(work, await service.estimate(work, reference, body))


@router.post("/second-contractor", **action("Have a second contractor do a late repair"))
async def appoint_second_contractor(
    reference: Reference, body: SecondContractor, work: Claimant
) -> RepairView:
    """Once the statutory period has passed, with the same period again; residents name a firm known here."""
    return await present(work, await second_contractor(work, reference, body))


@router.post("/right-to-repair/suspension", **action("Suspend the period of the right to repair"))
async def suspend_right_to_repair(reference: Reference, body: Pause, work: Suspender) -> RepairView:
    """Suspend it for something that neither we nor the contractor can help; the reason is kept."""
    return await present(work, await service.suspend(work, reference, body))


@router.post("/right-to-repair/resumption", **action("Let the period run on"))
async def resume_right_to_repair(reference: Reference, body: Pause, work: Resumer) -> RepairView:
    """The working days of the suspension are given back."""
    return await present(work, await service.resume(work, reference, body))


@router.post("/right-to-repair/end", **action("End the right to repair"))
async def end_right_to_repair(reference: Reference, body: EndOfRight, work: Ender) -> RepairView:
    """Nobody could get in, by the attempts on record, or the repair was not wanted."""
    return await present(work, await service.end(work, reference, body))


@router.post("/compensation/set-off", **action("Set compensation off against a debt"))
async def set_off_compensation(reference: Reference, body: SetOff, work: Accountant) -> RepairView:
    """The set-off, and the rest that is to be paid, are shown with the compensation."""
    return await present(work, await service.set_off(work, reference, body))
