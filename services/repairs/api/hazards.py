"""The routes of hazards."""

from typing import Annotated

from services.repairs.hazards import service
from services.repairs.hazards.policy import LIFECYCLE, Action
from services.repairs.hazards.schemas import (
    AccessAttempt,
    Decant,
    Investigation,
    Naming,
    PreventiveWork,
    SafetyWork,
    Summary,
)
from services.repairs.views import RepairView, allowed, present
from shared.cases.routers import Reference, action, case_router
from shared.http.auth import may
from shared.work import UnitOfWork

router = case_router("/v1/repairs/{reference}/hazard", tags=["repairs"], allowed=allowed)

Namer = Annotated[UnitOfWork, may(LIFECYCLE, Action.NAMING)]
Investigator = Annotated[UnitOfWork, may(LIFECYCLE, Action.INVESTIGATION)]
Summariser = Annotated[UnitOfWork, may(LIFECYCLE, Action.SUMMARY)]
SafetyWorker = Annotated[UnitOfWork, may(LIFECYCLE, Action.SAFETY_WORK)]
Preventer = Annotated[UnitOfWork, may(LIFECYCLE, Action.PREVENTIVE_WORK)]
Decanter = Annotated[UnitOfWork, may(LIFECYCLE, Action.DECANT)]
AccessSeeker = Annotated[UnitOfWork, may(LIFECYCLE, Action.ACCESS_ATTEMPT)]


@router.post("", **action("Name a hazard"))
async def name_hazard(reference: Reference, body: Naming, work: Namer) -> RepairView:
    """From an inspection or a visit; a graver one, or one that came back, in place of the last."""
    return await present(work, await service.name(work, reference, body))


@router.post("/investigation", **action("Say how the investigation ended"))
async def record_hazard_investigation(
    reference: Reference, body: Investigation, work: Investigator
) -> RepairView:
    """The written summary and the works are due from its end on."""
    return await present(work, await service.investigate(work, reference, body))


@router.post("/summary", **action("Keep the summary that was sent"))
async def record_hazard_summary(reference: Reference, body: Summary, work: Summariser) -> RepairView:
    """In the words that the tenant was sent; they stay here."""
    return await present(work, await service.send_summary(work, reference, body))


@router.post("/safety-work", **action("Record safety work"))
async def record_safety_work(reference: Reference, body: SafetyWork, work: SafetyWorker) -> RepairView:
    """By the officer, or by the firm that has the job."""
    return await present(work, await service.make_safe(work, reference, body))


@router.post("/preventive-work", **action("Record or defer preventive work"))
async def record_preventive_work(reference: Reference, body: PreventiveWork, work: Preventer) -> RepairView:
    """It has begun, or the tenant was told by when it will."""
    return await present(work, await service.prevent(work, reference, body))


@router.post("/decant", **action("Record that the household moves out"))
async def record_decant(reference: Reference, body: Decant, work: Decanter) -> RepairView:
    """For as long as the home is not safe; no clock stops."""
    return await present(work, await service.decant(work, reference, body))


@router.post("/access-attempt", **action("Record that access was tried"))
async def record_access_attempt(reference: Reference, body: AccessAttempt, work: AccessSeeker) -> RepairView:
    """By the officer, or by the firm that has the job; whatever came of it stops no clock."""
    return await present(work, await service.attempt_access(work, reference, body))
