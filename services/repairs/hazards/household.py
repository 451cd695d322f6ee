"""Use cases of a hazard about its household: somewhere to stay, access, steps that took time, and its end."""

from services.repairs import events
from services.repairs.case.models import Repair
from services.repairs.hazards import service
from services.repairs.hazards.policy import Action
from services.repairs.hazards.schemas import AccessAttempt, Decant, DecantAnswer, End, Step
from shared.cases.times import occurred_at
from shared.work import UnitOfWork


async def decant(work: UnitOfWork, reference: str, body: Decant) -> Repair:
    """Record that the household was offered somewhere safe to stay; it stops no clock."""
    repair, hazard = await service.named(work, reference, Action.DECANT)
    at = await service.since_aware(work, repair, hazard, body)
    hazard.decant_offered_at, hazard.decant_accepted = at, None
    service.note(
        work,
        repair,
        hazard,
        Action.DECANT,
        body,
        events.HouseholdDecanted(aware_at=service.aware(hazard)),
        at,
    )
    return repair


async def answer_decant(work: UnitOfWork, reference: str, body: DecantAnswer) -> Repair:
    """Record the household's answer to the offer of somewhere to stay; it stops no clock."""
    repair, hazard = await service.named(work, reference, Action.DECANT_ANSWER)
    what = "the offer was made"
    at = await occurred_at(work, repair, body, not_before=hazard.decant_offered_at, what=what)
    hazard.decant_accepted = body.accepted
    answered = events.DecantAnswered(accepted=body.accepted, aware_at=service.aware(hazard))
    service.note(work, repair, hazard, Action.DECANT_ANSWER, body, answered, at)
    return repair


async def record_step(work: UnitOfWork, reference: str, body: Step) -> Repair:
    """Record a step towards safety that took time, as evidence beside a breach; it stops no clock."""
    repair, hazard = await service.named(work, reference, Action.REASONABLE_STEP)
    at = await service.since_aware(work, repair, hazard, body)
    step = events.ReasonableStepTaken(kind=body.kind, aware_at=service.aware(hazard))
    service.note(work, repair, hazard, Action.REASONABLE_STEP, body, step, at)
    return repair


async def end(work: UnitOfWork, reference: str, body: End) -> Repair:
    """End a hazard on a ground of the law; what was promised about it falls away, and is not met."""
    repair, hazard = await service.named(work, reference, Action.END)
    at = await service.since_aware(work, repair, hazard, body)
    hazard.ended_because, hazard.in_person_requested_at = body.because, None
    ended = events.HazardEnded(because=body.because, aware_at=service.aware(hazard))
    service.note(work, repair, hazard, Action.END, body, ended, at)
    return repair


async def attempt_access(work: UnitOfWork, reference: str, body: AccessAttempt) -> Repair:
    """Record an attempt to get in and its outcome; it stops no clock."""
    repair, hazard = await service.named(work, reference, Action.ACCESS_ATTEMPT)
    at = await service.since_aware(work, repair, hazard, body)
    attempted = events.HazardAccessAttempted(aware_at=service.aware(hazard))
    service.note(work, repair, hazard, Action.ACCESS_ATTEMPT, body, attempted, at)
    return repair
