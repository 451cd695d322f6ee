"""What officers and contractors do about a hazard."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events, queries as repairs
from services.repairs.allowing import refuse
from services.repairs.hazards import policy, queries
from services.repairs.hazards.models import Hazard, HazardAct
from services.repairs.hazards.policy import Act, Severity
from services.repairs.hazards.schemas import (
    AccessAttempt,
    Decant,
    Investigation,
    NamedHazard,
    Naming,
    PreventiveWork,
    SafetyWork,
    Summary,
)
from services.repairs.models import Repair
from services.repairs.policy import Status, Update
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import instant_of_act, promised
from shared.errors import Invalid
from shared.events import Facts
from shared.http.schemas import Asked
from shared.messaging.outbox import record
from shared.standards.periods import civil_date

ONLY_GRAVER = "While a hazard is dealt with it can only be named graver; the investigation may find less."


async def name_on_report(
    session: AsyncSession, repair: Repair, words: NamedHazard, *, by: Caller, now: datetime
) -> None:
    """Put the hazard that a report names on its repair; we are aware of it from the report on."""
    await session.flush()  # the repair first: the hazard refers to it
    hazard = Hazard(reference=repair.reference)
    session.add(hazard)
    _name(session, repair, hazard, words, repair.received_at, by, now)


async def name(
    session: AsyncSession, resources: AppState, reference: str, words: Naming, *, by: Caller, now: datetime
) -> Repair:
    """Put a hazard on a repair that an inspection has shown, or a graver or new one in place of the last.

    Raises Invalid for a time in the future or before what was last done about the hazard, MoveNotAllowed for
    a lesser one while the last is being dealt with.
    """
    repair, hazard = await _about(session, resources, reference, Act.NAMING, by, now)
    if hazard is None:
        hazard = Hazard(reference=repair.reference)
        session.add(hazard)
        aware_at = await instant_of_act(session, repair, words.aware_at, now, pointer="/aware_at")
    else:
        if not policy.may_be_named(hazard.stage, Severity(hazard.severity), words.severity):
            await refuse(session, resources, repair, ONLY_GRAVER, by, now)
        latest = max(filter(None, (hazard.aware_at, hazard.investigated_at, hazard.made_safe_at)))
        what = "what was last done about the hazard"
        aware_at = await instant_of_act(
            session, repair, words.aware_at, now, pointer="/aware_at", not_before=latest, what=what
        )
    _name(session, repair, hazard, words, aware_at, by, now)
    return repair


def _name(
    session: AsyncSession,
    repair: Repair,
    hazard: Hazard,
    words: NamedHazard,
    aware_at: datetime,
    by: Caller,
    now: datetime,
) -> None:
    """The law in force when we became aware decides, and so the fact is told for that instant."""
    hazard.name(words.hazard, words.severity, aware_at)
    fact = events.HazardReported(severity=words.severity, hazard=words.hazard, aware_at=_aware(hazard))
    _note(session, repair, Act.NAMING, words, fact, aware_at, by, now)


async def investigate(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: Investigation,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Say how the investigation ended; the summary and the works are due from then on."""
    repair, hazard = await _named(session, resources, reference, Act.INVESTIGATION, by, now)
    at = await _since_aware(session, repair, hazard, words.occurred_at, now)
    hazard.investigated_at = at
    hazard.finding, hazard.further_work_needed = words.finding, words.further_work_needed
    fact = events.HazardInvestigated(
        severity=hazard.severity,
        hazard=hazard.hazard,
        finding=words.finding,
        further_work_needed=words.further_work_needed,
        aware_at=_aware(hazard),
    )
    _note(session, repair, Act.INVESTIGATION, words, fact, at, by, now)
    return repair


async def send_summary(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: Summary,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Keep the written summary that was sent to the tenant; its words are in no event."""
    repair, hazard = await _named(session, resources, reference, Act.SUMMARY, by, now)
    at = await _since_investigated(session, repair, hazard, words.occurred_at, now)
    hazard.summary, hazard.summary_sent_at = words.summary, at
    _note(session, repair, Act.SUMMARY, words, events.HazardSummarySent(aware_at=_aware(hazard)), at, by, now)
    return repair


async def make_safe(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: SafetyWork,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Record safety work; before the investigation too, as danger does not wait for it."""
    repair, hazard = await _named(session, resources, reference, Act.SAFETY_WORK, by, now)
    at = await _since_aware(session, repair, hazard, words.occurred_at, now)
    hazard.make_safe(at)
    _note(
        session, repair, Act.SAFETY_WORK, words, events.HazardMadeSafe(aware_at=_aware(hazard)), at, by, now
    )
    return repair


async def make_safe_by_update(session: AsyncSession, repair: Repair, update: Update, at: datetime) -> None:
    """Count an update of the job as safety work, if it is any; it meets the clocks by its own event."""
    if update not in policy.MAKES_SAFE:
        return
    hazard = await queries.hazard_of(session, repair.reference)
    if hazard is not None and at >= hazard.aware_at and Act.SAFETY_WORK in policy.ALLOWED[hazard.stage]:
        hazard.make_safe(at)


async def prevent(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: PreventiveWork,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Record that further preventive work has begun, or by when it will and that the tenant was told.

    Raises Invalid for a day in the past, or later than the law in force lets it begin.
    """
    repair, hazard = await _named(session, resources, reference, Act.PREVENTIVE_WORK, by, now)
    at = await _since_investigated(session, repair, hazard, words.occurred_at, now)
    if words.begin_by is None:
        hazard.preventive_work_begun_at = min(at, hazard.preventive_work_begun_at or at)
        _note(
            session,
            repair,
            Act.PREVENTIVE_WORK,
            words,
            events.PreventiveWorkBegun(aware_at=_aware(hazard)),
            at,
            by,
            now,
        )
        return repair
    if words.begin_by < civil_date(at):
        raise Invalid("This day is past.", "/begin_by")
    hazard.preventive_work_by = words.begin_by
    deferred = events.PreventiveWorkDeferred(begin_by=words.begin_by.isoformat(), aware_at=_aware(hazard))
    _note(session, repair, Act.PREVENTIVE_WORK, words, deferred, at, by, now)
    for promise in (await promised(session, resources, [repair.reference]))[repair.reference]:
        extension, latest = promise.row.extension, civil_date(promise.due_at)
        if promise.open and extension and extension.event == deferred.type and latest < words.begin_by:
            raise Invalid(f"It must begin by {latest} at the latest.", "/begin_by")
    return repair


async def decant(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: Decant,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Record that the household was offered somewhere safe to stay; it stops no clock."""
    repair, hazard = await _named(session, resources, reference, Act.DECANT, by, now)
    at = await _since_aware(session, repair, hazard, words.occurred_at, now)
    _note(session, repair, Act.DECANT, words, events.HouseholdDecanted(aware_at=_aware(hazard)), at, by, now)
    return repair


async def attempt_access(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: AccessAttempt,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Record how somebody tried to get in and what came of it; it stops no clock."""
    repair, hazard = await _named(session, resources, reference, Act.ACCESS_ATTEMPT, by, now)
    at = await _since_aware(session, repair, hazard, words.occurred_at, now)
    _note(
        session,
        repair,
        Act.ACCESS_ATTEMPT,
        words,
        events.HazardAccessAttempted(aware_at=_aware(hazard)),
        at,
        by,
        now,
    )
    return repair


async def _named(
    session: AsyncSession, resources: AppState, reference: str, act: Act, by: Caller, now: datetime
) -> tuple[Repair, Hazard]:
    """The repair, locked, and its hazard, if they allow the act; raises NotFound, MoveNotAllowed."""
    repair, hazard = await _about(session, resources, reference, act, by, now)
    assert hazard is not None, "without a hazard nothing but naming one is allowed"
    return repair, hazard


async def _about(
    session: AsyncSession, resources: AppState, reference: str, act: Act, by: Caller, now: datetime
) -> tuple[Repair, Hazard | None]:
    repair = await repairs.repair_for_update(session, reference, by)
    hazard = await queries.hazard_of(session, repair.reference)
    stage, severity = (hazard.stage, Severity(hazard.severity)) if hazard else (None, None)
    if act not in policy.acts_allowed(Status(repair.status), stage, severity):
        standing = f"The hazard is {stage}" if stage else "No hazard was named"
        why = f"{standing} and the repair is {repair.status}."
        is_as_grave = act is Act.NAMING and repair.is_open()
        await refuse(session, resources, repair, ONLY_GRAVER if is_as_grave else why, by, now)
    return repair, hazard


def _aware(hazard: Hazard) -> str:
    """The instant of our becoming aware, for all events of a hazard: the law then in force applies to it."""
    return hazard.aware_at.isoformat()


async def _since_aware(
    session: AsyncSession, repair: Repair, hazard: Hazard, given: datetime | None, now: datetime
) -> datetime:
    earliest, what = hazard.aware_at, "we became aware of the hazard"
    return await instant_of_act(session, repair, given, now, not_before=earliest, what=what)


async def _since_investigated(
    session: AsyncSession, repair: Repair, hazard: Hazard, given: datetime | None, now: datetime
) -> datetime:
    earliest, what = hazard.investigated_at, "the investigation ended"
    return await instant_of_act(session, repair, given, now, not_before=earliest, what=what)


def _note(
    session: AsyncSession,
    repair: Repair,
    act: Act,
    words: Asked,
    fact: Facts,
    at: datetime,
    by: Caller,
    now: datetime,
) -> None:
    """Keep an act with its words, and tell its fact."""
    told = words.model_dump(
        mode="json", by_alias=True, exclude={"occurred_at", "aware_at"}, exclude_none=True
    )
    row = HazardAct(reference=repair.reference, act=act, occurred_at=at, details=told)
    row.recorded_at, row.recorded_by = now, by.subject
    session.add(row)
    record(session, repair, fact, occurred_at=at, now=now)
