"""The routes of hazards."""

from fastapi import APIRouter, Response

from services.repairs.api import COLLECTION, JobUpdater, Officer, Reference
from services.repairs.hazards import service
from services.repairs.hazards.schemas import (
    AccessAttempt,
    Decant,
    Investigation,
    Naming,
    PreventiveWork,
    SafetyWork,
    Summary,
)
from services.repairs.schemas import JobOut, RepairOut
from services.repairs.showing import shown, shown_to
from shared.http.answers import created
from shared.http.problems import ON_A_CASE
from shared.http.routes import Now, Running, Session, TransactionalRoute

router = APIRouter(prefix="/v1/repairs/{reference}/hazard", tags=["repairs"], route_class=TransactionalRoute)


@router.post("", status_code=201, summary="Name a hazard", responses=ON_A_CASE)
async def name(
    reference: Reference, body: Naming, response: Response,
    caller: JobUpdater, session: Session, running: Running, now: Now,
) -> RepairOut | JobOut:  # fmt: skip
    """From an inspection or a visit; a graver one, or one that came back, in place of the last."""
    repair = await service.name(session, running, reference, body, by=caller, now=now)
    [case] = await shown_to(caller, session, running, [repair], now)
    return created(response, case, COLLECTION)


@router.post(
    "/investigation", status_code=201, summary="Say how the investigation ended", responses=ON_A_CASE
)
async def investigate(
    reference: Reference, body: Investigation, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """The written summary and the works are due from its end on."""
    repair = await service.investigate(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.post("/summary", status_code=201, summary="Keep the summary that was sent", responses=ON_A_CASE)
async def send_summary(
    reference: Reference, body: Summary, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """In the words that the tenant was sent; they stay here."""
    repair = await service.send_summary(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.post("/safety-work", status_code=201, summary="Record safety work", responses=ON_A_CASE)
async def make_safe(
    reference: Reference, body: SafetyWork, response: Response,
    caller: JobUpdater, session: Session, running: Running, now: Now,
) -> RepairOut | JobOut:  # fmt: skip
    """By the officer, or by the firm that has the job."""
    repair = await service.make_safe(session, running, reference, body, by=caller, now=now)
    [case] = await shown_to(caller, session, running, [repair], now)
    return created(response, case, COLLECTION)


@router.post(
    "/preventive-work", status_code=201, summary="Record or defer preventive work", responses=ON_A_CASE
)
async def prevent(
    reference: Reference, body: PreventiveWork, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """It has begun, or the tenant was told by when it will."""
    repair = await service.prevent(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.post("/decant", status_code=201, summary="Record that the household moves out", responses=ON_A_CASE)
async def decant(
    reference: Reference, body: Decant, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """For as long as the home is not safe; no clock stops."""
    repair = await service.decant(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.post("/access-attempt", status_code=201, summary="Record that access was tried", responses=ON_A_CASE)
async def attempt_access(
    reference: Reference, body: AccessAttempt, response: Response,
    caller: JobUpdater, session: Session, running: Running, now: Now,
) -> RepairOut | JobOut:  # fmt: skip
    """By the officer, or by the firm that has the job; whatever came of it stops no clock."""
    repair = await service.attempt_access(session, running, reference, body, by=caller, now=now)
    [case] = await shown_to(caller, session, running, [repair], now)
    return created(response, case, COLLECTION)
