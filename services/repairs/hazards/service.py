"""Use cases of hazards: naming, investigation, summary, works, decant and access attempts."""

from datetime import datetime

from services.repairs import events
from services.repairs.case import queries as repairs
from services.repairs.case.models import Repair
from services.repairs.case.policy import Update
from services.repairs.events.values import Severity
from services.repairs.hazards import policy, queries
from services.repairs.hazards.models import Hazard, HazardAct
from services.repairs.hazards.policy import LIFECYCLE, Action
from services.repairs.hazards.schemas import (
    AccessAttempt,
    Decant,
    Happened,
    Investigation,
    NamedHazard,
    Naming,
    PreventiveWork,
    SafetyWork,
    Summary,
)
from shared.cases.acts import check
from shared.cases.deadlines import deadlines_of
from shared.cases.schemas import RequestModel
from shared.cases.times import instant_of_act, occurred_at
from shared.errors import Invalid, MoveNotAllowed
from shared.events import Facts
from shared.standards.periods import civil_date
from shared.work import Creation, UnitOfWork, Work


def name_on_report(work: Creation, repair: Repair, body: NamedHazard) -> Hazard:
    """Put the hazard that a report names on its repair; we are aware of it from the report on."""
    hazard = Hazard(reference=repair.reference)
    work.add(hazard)
    hazard.acts = [_name(work, repair, hazard, body, repair.received_at)]  # nothing of a creation is read
    return hazard


def name_when_raised(work: UnitOfWork, repair: Repair, body: NamedHazard, aware_at: datetime) -> None:
    """Name the hazard for which another service has us raise a repair."""
    hazard = Hazard(reference=repair.reference)
    work.add(hazard)
    _name(work, repair, hazard, body, aware_at)


async def name(work: UnitOfWork, reference: str, body: Naming) -> Repair:
    """Name a hazard that an inspection has shown, or a graver or new one in place of the last.

    Raises Invalid for a time in the future or before what was last done about the hazard, MoveNotAllowed for
    a lesser one while the last is being dealt with.
    """
    repair = await repairs.open_repair_for_update(work, reference)
    hazard = await _hazard_if_any(work, repair, Action.NAMING)
    if hazard is None:
        aware_at = await instant_of_act(work, repair, body.aware_at, pointer="/aware_at")
        hazard = Hazard(reference=repair.reference)
        work.session.add(hazard)
    else:
        if not policy.may_be_named(hazard.stage, Severity(hazard.severity), body.severity):
            raise MoveNotAllowed(policy.ONLY_GRAVER)
        latest = max(filter(None, (hazard.aware_at, hazard.investigated_at, hazard.made_safe_at)))
        what = "what was last done about the hazard"
        aware_at = await instant_of_act(
            work, repair, body.aware_at, pointer="/aware_at", not_before=latest, what=what
        )
    _name(work, repair, hazard, body, aware_at)
    return repair


def _name(work: Work, repair: Repair, hazard: Hazard, body: NamedHazard, aware_at: datetime) -> HazardAct:
    """The law in force when we became aware decides, and so the fact is told for that instant."""
    hazard.name(body.hazard, body.severity, aware_at)
    fact = events.HazardReported(severity=body.severity, hazard=body.hazard, aware_at=_aware(hazard))
    return _note(work, repair, Action.NAMING, body, fact, aware_at)


async def investigate(work: UnitOfWork, reference: str, body: Investigation) -> Repair:
    """Record the end of the investigation; the summary and the works are due from then on."""
    repair, hazard = await _named(work, reference, Action.INVESTIGATION)
    at = await _since_aware(work, repair, hazard, body)
    hazard.investigated_at = at
    hazard.finding, hazard.further_work_needed = body.finding, body.further_work_needed
    fact = events.HazardInvestigated(
        severity=hazard.severity,
        hazard=hazard.hazard,
        finding=body.finding,
        further_work_needed=body.further_work_needed,
        aware_at=_aware(hazard),
    )
    _note(work, repair, Action.INVESTIGATION, body, fact, at)
    return repair


async def send_summary(work: UnitOfWork, reference: str, body: Summary) -> Repair:
    """Keep the written summary that was sent to the tenant; its words are in no event."""
    repair, hazard = await _named(work, reference, Action.SUMMARY)
    at = await _since_investigated(work, repair, hazard, body)
    hazard.summary, hazard.summary_sent_at = body.summary, at
    _note(work, repair, Action.SUMMARY, body, events.HazardSummarySent(aware_at=_aware(hazard)), at)
    return repair


async def make_safe(work: UnitOfWork, reference: str, body: SafetyWork) -> Repair:
    """Record safety work; before the investigation too, as danger does not wait for it."""
    repair, hazard = await _named(work, reference, Action.SAFETY_WORK)
    at = await _since_aware(work, repair, hazard, body)
    hazard.make_safe(at)
    _note(work, repair, Action.SAFETY_WORK, body, events.HazardMadeSafe(aware_at=_aware(hazard)), at)
    return repair


async def make_safe_by_update(work: UnitOfWork, repair: Repair, update: Update, at: datetime) -> None:
    """Count an update of the job as safety work, if it is any; it meets the clocks by its own event.

    The repair may have ended since: an update is history that may come late.
    """
    if update not in policy.MAKES_SAFE:
        return
    hazard = await queries.hazard_of(work, repair.reference)
    if hazard is not None and at >= hazard.aware_at and hazard.stage in policy.NOT_RULED_OUT:
        hazard.make_safe(at)


async def prevent(work: UnitOfWork, reference: str, body: PreventiveWork) -> Repair:
    """Record that further preventive work has begun, or by when it will and that the tenant was told.

    Raises Invalid for a day in the past, or later than the law in force lets it begin.
    """
    repair, hazard = await _named(work, reference, Action.PREVENTIVE_WORK)
    at = await _since_investigated(work, repair, hazard, body)
    if body.begin_by is None:
        hazard.preventive_work_begun_at = min(at, hazard.preventive_work_begun_at or at)
        begun = events.PreventiveWorkBegun(aware_at=_aware(hazard))
        _note(work, repair, Action.PREVENTIVE_WORK, body, begun, at)
        return repair
    if body.begin_by < civil_date(at):
        raise Invalid("This day is past.", "/begin_by")
    hazard.preventive_work_by = body.begin_by
    deferred = events.PreventiveWorkDeferred(begin_by=body.begin_by.isoformat(), aware_at=_aware(hazard))
    _note(work, repair, Action.PREVENTIVE_WORK, body, deferred, at)
    for promise in (await deadlines_of(work, [repair.reference]))[repair.reference]:
        extension, latest = promise.row.extension, civil_date(promise.due_at)
        if promise.open and extension and extension.event == deferred.type and latest < body.begin_by:
            raise Invalid(f"It must begin by {latest} at the latest.", "/begin_by")
    return repair


async def decant(work: UnitOfWork, reference: str, body: Decant) -> Repair:
    """Record that the household was offered somewhere safe to stay; it stops no clock."""
    repair, hazard = await _named(work, reference, Action.DECANT)
    at = await _since_aware(work, repair, hazard, body)
    _note(work, repair, Action.DECANT, body, events.HouseholdDecanted(aware_at=_aware(hazard)), at)
    return repair


async def attempt_access(work: UnitOfWork, reference: str, body: AccessAttempt) -> Repair:
    """Record an attempt to get in and its outcome; it stops no clock."""
    repair, hazard = await _named(work, reference, Action.ACCESS_ATTEMPT)
    at = await _since_aware(work, repair, hazard, body)
    attempted = events.HazardAccessAttempted(aware_at=_aware(hazard))
    _note(work, repair, Action.ACCESS_ATTEMPT, body, attempted, at)
    return repair


async def _named(work: UnitOfWork, reference: str, action: Action) -> tuple[Repair, Hazard]:
    """The repair, locked, and its hazard, if they allow the act; raises NotFound, MoveNotAllowed."""
    repair = await repairs.repair_for_update(work, reference)
    hazard = await _hazard_if_any(work, repair, action)
    assert hazard is not None, "without a hazard nothing but naming one is allowed"
    return repair, hazard


async def _hazard_if_any(work: UnitOfWork, repair: Repair, action: Action) -> Hazard | None:
    """The hazard of a repair, None if none was named; raises MoveNotAllowed unless it allows the act."""
    hazard = await queries.hazard_of(work, repair.reference)
    check(LIFECYCLE, action, repair.situation(work.now, **(hazard.facts() if hazard else {})))
    return hazard


def _aware(hazard: Hazard) -> str:
    """The instant of our becoming aware, for all events of a hazard: the law then in force applies to it."""
    return hazard.aware_at.isoformat()


async def _since_aware(work: UnitOfWork, repair: Repair, hazard: Hazard, body: Happened) -> datetime:
    what = "we became aware of the hazard"
    return await occurred_at(work, repair, body, not_before=hazard.aware_at, what=what)


async def _since_investigated(work: UnitOfWork, repair: Repair, hazard: Hazard, body: Happened) -> datetime:
    what = "the investigation ended"
    return await occurred_at(work, repair, body, not_before=hazard.investigated_at, what=what)


def _note(
    work: Work, repair: Repair, action: Action, body: RequestModel, fact: Facts, at: datetime
) -> HazardAct:
    """Keep an act with its words, and record its fact."""
    told = body.model_dump(mode="json", by_alias=True, exclude={"occurred_at", "aware_at"}, exclude_none=True)
    act = HazardAct(
        reference=repair.reference,
        act=action,
        occurred_at=at,
        recorded_at=work.now,
        recorded_by=work.caller.subject,
        details=told,
    )
    work.add(act)
    work.record(repair, fact, at=at)
    return act
