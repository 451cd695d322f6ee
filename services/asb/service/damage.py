"""Damage to the home: told to repairs, and made safe there."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from services.asb import events, queries
from services.asb.models import AsbCase, Damage
from services.asb.policy import Action, DamageOutcome
from services.asb.schemas.answers import DamagedHome
from services.asb.schemas.requests import DamageEnd, DamageReport
from services.asb.service.acting import begin, note
from shared.cases.queries import get_for_update
from shared.cases.times import no_earlier
from shared.errors import Invalid, NotFound
from shared.events import Event, Facts
from shared.telemetry import get_logger
from shared.work import UnitOfWork

NO_SUCH_DAMAGE = "There is no such damage of ours that is still to be made safe."

log = get_logger(__name__)


async def report_damage(work: UnitOfWork, reference: str, body: DamageReport) -> AsbCase:
    """Report damage: what is ours to repair becomes a repair, of which 24 hours are promised to make it safe.

    Without a home nobody can be sent, and the department is flagged.
    """
    case, at = await begin(work, reference, Action.DAMAGE, body)
    number = len((await queries.parts(work, Damage, [case.reference]))[case.reference]) + 1
    told: dict[str, Any] = body.model_dump(include={"fault", "for_contractor"})
    ours = body.repair_responsibility
    damage = Damage(reference=case.reference, number=number, our_repair_responsibility=ours, reported_at=at)
    work.assign(damage, **told)
    work.add(damage)
    case.damages_open += ours
    fact = events.DamageReported(
        damage=number,
        our_repair_responsibility=ours,
        home_known=case.property is not None,
        imported=False,  # nothing is history that happens to a case that was brought over
        team=case.team or [],
        kept_from=case.kept_from or [],
    )
    note(work, case, Action.DAMAGE, body, fact, at, elsewhere={"for_contractor"})
    return case


async def end_damage(work: UnitOfWork, reference: str, body: DamageEnd) -> AsbCase:
    """Keep how a damage ended that its repair does not tell of: made safe all the same, or not ours.

    Raises Invalid for one that is not there or has ended, and for a time before it was reported.
    """
    case, at = await begin(work, reference, Action.DAMAGE_OUTCOME, body)
    damage = await work.session.get(Damage, (case.reference, body.damage))
    if damage is None or not damage.open:
        raise Invalid(NO_SUCH_DAMAGE, "/damage")
    at = no_earlier(at, damage.reported_at, "the damage was reported")
    case.damages_open -= 1
    fact: Facts
    if body.outcome is DamageOutcome.MADE_SAFE:
        damage.made_safe_at, fact = at, events.DamageMadeSafe(damage=damage.number)
    else:
        damage.not_ours_at, fact = at, events.DamageNotOurs(damage=damage.number)
    note(work, case, Action.DAMAGE_OUTCOME, body, fact, at)
    return case


async def damaged_home(work: UnitOfWork, reference: str, number: int) -> DamagedHome:
    """The place and the fault of a damage; raises NotFound, also while the home is not known."""
    case, damage = map(work.opened, await queries.damage(work, reference, number))
    return DamagedHome(property=case.property or {}, fault=damage.fault, description=damage.for_contractor)


async def note_made_safe(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Note the damages that repairs has told are safe; the earliest word of each holds."""
    async for event, case, damage in _told(work, received):
        if damage.made_safe_at and damage.made_safe_at <= event.occurred_at:
            continue
        case.damages_open -= damage.open
        damage.made_safe_at = event.occurred_at
        safe = events.DamageMadeSafe(damage=damage.number)
        work.record(case, safe, at=max(event.occurred_at, case.received_at))


async def note_repair_cancelled(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Note the damages whose repair was called off, once; the department is flagged unless they have ended.

    What was promised of them stands until they are safe, or an officer says that they are not ours.
    """
    async for event, case, damage in _told(work, received):
        if damage.repair_cancelled_at is not None or not damage.open:
            continue
        damage.repair_cancelled_at = event.occurred_at
        cancelled = events.DamageRepairCancelled(damage=damage.number)
        work.record(case, cancelled, at=max(event.occurred_at, case.received_at))


async def _told(work: UnitOfWork, received: Sequence[Event]) -> AsyncIterator[tuple[Event, AsbCase, Damage]]:
    """Each event with its damage and its case, which is locked; cases in the order of their references."""
    for event in sorted(received, key=lambda event: (event.facts["asb_reference"], event.sequence)):
        try:
            case = await get_for_update(work, AsbCase, event.facts["asb_reference"])
        except NotFound:
            log.warning("damage was told of a case that is not here", extra={"reference": event.reference})
            continue
        damage = await work.session.get(Damage, (case.reference, event.facts["damage"]))
        if damage is None:
            continue
        yield event, case, damage
        await work.session.flush()  # the next event may be about the same case, which is read anew
