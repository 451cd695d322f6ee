"""The routes of hazards."""

from typing import Annotated

from fastapi import Body

from services.repairs.hazards import household, service
from services.repairs.hazards.policy import LIFECYCLE, Action
from services.repairs.hazards.schemas import (
    AccessAttempt,
    Decant,
    DecantAnswer,
    End,
    InPersonRequest,
    Investigation,
    MaterialChange,
    NamedHazard,
    PreventiveWork,
    SafetyWork,
    Step,
    Summary,
)
from services.repairs.views import RepairView, allowed, present
from shared.cases.routers import Reference, action, case_router
from shared.http.auth import may
from shared.work import UnitOfWork

router = case_router("/v1/repairs/{reference}/hazard", tags=["repairs"], allowed=allowed)

Namer = Annotated[UnitOfWork, may(LIFECYCLE, Action.NAMING)]
Observer = Annotated[UnitOfWork, may(LIFECYCLE, Action.MATERIAL_CHANGE)]
Investigator = Annotated[UnitOfWork, may(LIFECYCLE, Action.INVESTIGATION)]
InPersonRequester = Annotated[UnitOfWork, may(LIFECYCLE, Action.IN_PERSON_REQUEST)]
Summariser = Annotated[UnitOfWork, may(LIFECYCLE, Action.SUMMARY)]
SafetyWorker = Annotated[UnitOfWork, may(LIFECYCLE, Action.SAFETY_WORK)]
Preventer = Annotated[UnitOfWork, may(LIFECYCLE, Action.PREVENTIVE_WORK)]
Decanter = Annotated[UnitOfWork, may(LIFECYCLE, Action.DECANT)]
DecantAnswerer = Annotated[UnitOfWork, may(LIFECYCLE, Action.DECANT_ANSWER)]
StepTaker = Annotated[UnitOfWork, may(LIFECYCLE, Action.REASONABLE_STEP)]
Ender = Annotated[UnitOfWork, may(LIFECYCLE, Action.END)]
AccessSeeker = Annotated[UnitOfWork, may(LIFECYCLE, Action.ACCESS_ATTEMPT)]

InPersonRequestBody = Annotated[InPersonRequest, Body(default_factory=InPersonRequest)]


@router.post("", **action("Name a hazard"))
async def name_hazard(reference: Reference, body: NamedHazard, work: Namer) -> RepairView:
    """Name a hazard that a visit found; a graver one, or one that came back, takes the place of the last."""
    return await present(work, await service.name(work, reference, body))


@router.post("/material-change", **action("Record a material change"))
async def record_material_change(reference: Reference, body: MaterialChange, work: Observer) -> RepairView:
    """New clocks run from our becoming aware of the change; those that ran before run on."""
    return await present(work, await service.change(work, reference, body))


@router.post("/investigation", **action("Say how the investigation ended"))
async def record_hazard_investigation(
    reference: Reference, body: Investigation, work: Investigator
) -> RepairView:
    """The written summary and the works are due from its end on."""
    return await present(work, await service.investigate(work, reference, body))


@router.post("/in-person-request", **action("Ask for an investigation in person"))
async def request_in_person_investigation(
    reference: Reference, body: InPersonRequestBody, work: InPersonRequester
) -> RepairView:
    """Ask for one in person after a remote one; it has ten working days from the tenant's asking."""
    return await present(work, await service.request_in_person(work, reference, body))


@router.post("/summary", **action("Keep the summary that was sent"))
async def record_hazard_summary(reference: Reference, body: Summary, work: Summariser) -> RepairView:
    """Record the summary with all its parts, as the tenant was sent it; it counts when it is sent."""
    return await present(work, await service.send_summary(work, reference, body))


@router.post("/safety-work", **action("Record safety work"))
async def record_safety_work(reference: Reference, body: SafetyWork, work: SafetyWorker) -> RepairView:
    """Record safety work, by the officer or by the firm that has the job."""
    return await present(work, await service.make_safe(work, reference, body))


@router.post("/preventive-work", **action("Record or defer preventive work"))
async def record_preventive_work(reference: Reference, body: PreventiveWork, work: Preventer) -> RepairView:
    """Steps were taken, it has begun, or the tenant was told by when it will."""
    return await present(work, await service.prevent(work, reference, body))


@router.post("/decant", **action("Offer somewhere safe to stay"))
async def record_decant(reference: Reference, body: Decant, work: Decanter) -> RepairView:
    """Offer somewhere to stay for as long as the home is not safe; no clock stops."""
    return await present(work, await household.decant(work, reference, body))


@router.post("/decant/answer", **action("Answer the offer of somewhere to stay"))
async def answer_decant(reference: Reference, body: DecantAnswer, work: DecantAnswerer) -> RepairView:
    """Record the answer of the household, or of the officer who was told it; no clock stops."""
    return await present(work, await household.answer_decant(work, reference, body))


@router.post("/reasonable-step", **action("Record a step that took time"))
async def record_reasonable_step(reference: Reference, body: Step, work: StepTaker) -> RepairView:
    """A specialist, an approval, materials: evidence beside a breach, which stops no clock."""
    return await present(work, await household.record_step(work, reference, body))


@router.post("/end", **action("End a hazard on a ground of the law"))
async def end_hazard(reference: Reference, body: End, work: Ender) -> RepairView:
    """The household moved out, or consent cannot be had; its promises fall away, and are not met."""
    return await present(work, await household.end(work, reference, body))


@router.post("/access-attempt", **action("Record that access was tried"))
async def record_access_attempt(reference: Reference, body: AccessAttempt, work: AccessSeeker) -> RepairView:
    """Record an attempt by the officer, or by the firm that has the job; its outcome stops no clock."""
    return await present(work, await household.attempt_access(work, reference, body))
