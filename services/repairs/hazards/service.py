"""Use cases of hazards: naming and change, investigation, summary and works."""

from datetime import datetime

from services.repairs import events
from services.repairs.case import queries as repairs
from services.repairs.case.models import Repair
from services.repairs.case.policy import Update
from services.repairs.events.values import Finding, Severity
from services.repairs.hazards import policy, queries
from services.repairs.hazards.models import Hazard, HazardAct
from services.repairs.hazards.policy import LIFECYCLE, Action
from services.repairs.hazards.schemas import (
    NO_HAZARD,
    Happened,
    InPersonRequest,
    Investigation,
    MaterialChange,
    NamedHazard,
    PreventiveWork,
    SafetyWork,
    Summary,
)
from shared.cases.acts import check
from shared.cases.deadlines import deadlines_of
from shared.cases.schemas import RequestModel
from shared.cases.times import instant_of_act, occurred_at, past_instant
from shared.errors import Invalid, MoveNotAllowed
from shared.events import Facts
from shared.standards.periods import civil_date
from shared.work import Creation, UnitOfWork, Work


def name_on_report(work: Creation, repair: Repair, body: NamedHazard) -> Hazard:
    """Put the hazard that a report names on its repair; we are aware of it from the report on, or before.

    Raises Invalid for a time in the future.
    """
    hazard = Hazard(reference=repair.reference)
    work.add(hazard)
    aware_at = repair.received_at
    if body.aware_at is not None:
        aware_at = past_instant(work, body.aware_at, "/hazard/aware_at")
    # nothing of a creation is read
    hazard.acts = [_name(work, repair, hazard, body, aware_at, at=max(aware_at, repair.received_at))]
    return hazard


def name_when_raised(work: UnitOfWork, repair: Repair, body: NamedHazard, aware_at: datetime) -> None:
    """Name the hazard for which another service has us raise a repair."""
    hazard = Hazard(reference=repair.reference)
    work.add(hazard)
    _name(work, repair, hazard, body, aware_at, at=max(aware_at, repair.received_at))


async def name(work: UnitOfWork, reference: str, body: NamedHazard) -> Repair:
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
        aware_at = await _since_last_done(work, repair, hazard, body.aware_at, "/aware_at")
    _name(work, repair, hazard, body, aware_at, at=aware_at)
    return repair


async def change(work: UnitOfWork, reference: str, body: MaterialChange) -> Repair:
    """Record a material change of a known hazard: new clocks run from it, and those that ran run on.

    Raises Invalid for a time in the future or before what was last done about the hazard, MoveNotAllowed
    for a grade less than the one that is being dealt with.
    """
    repair, hazard = await named(work, reference, Action.MATERIAL_CHANGE)
    if hazard.is_emergency() and body.severity is not Severity.EMERGENCY:
        raise MoveNotAllowed(policy.ONLY_GRAVER)
    at = await _since_last_done(work, repair, hazard, body.occurred_at, "/occurred_at")
    hazard.name(hazard.hazard, body.severity, at)
    fact = events.HazardReported(
        severity=body.severity,
        hazard=hazard.hazard,
        aware_at=aware(hazard),
        tenure=repair.tenure,
        material_change=True,
    )
    note(work, repair, hazard, Action.MATERIAL_CHANGE, body, fact, at)
    return repair


def _name(
    work: Work, repair: Repair, hazard: Hazard, body: NamedHazard, aware_at: datetime, *, at: datetime
) -> HazardAct:
    """The law in force when we became aware decides, and so every fact of a hazard tells that instant."""
    hazard.name(body.hazard, body.severity, aware_at)
    fact = events.HazardReported(
        severity=body.severity, hazard=body.hazard, aware_at=aware(hazard), tenure=repair.tenure
    )
    return note(work, repair, hazard, Action.NAMING, body, fact, at)


async def investigate(work: UnitOfWork, reference: str, body: Investigation) -> Repair:
    """Record the end of the investigation; the summary and the works are due from then on."""
    repair, hazard = await named(work, reference, Action.INVESTIGATION)
    at = await since_aware(work, repair, hazard, body)
    hazard.investigated_at = hazard.last_investigated_at = at
    hazard.finding, hazard.further_work_needed = body.finding, body.further_work_needed
    hazard.in_person = body.in_person
    if body.in_person:
        hazard.in_person_requested_at = None
    fact = events.HazardInvestigated(
        severity=hazard.severity,
        hazard=hazard.hazard,
        finding=body.finding,
        further_work_needed=body.further_work_needed,
        aware_at=aware(hazard),
        tenure=repair.tenure,
        in_person=body.in_person,
    )
    note(work, repair, hazard, Action.INVESTIGATION, body, fact, at)
    return repair


async def request_in_person(work: UnitOfWork, reference: str, body: InPersonRequest) -> Repair:
    """Record that the tenant asks for an investigation in person after a remote one; old clocks run on."""
    repair, hazard = await named(work, reference, Action.IN_PERSON_REQUEST)
    at = hazard.in_person_requested_at = await _since_investigated(work, repair, hazard, body)
    fact = events.InPersonInvestigationRequested(
        severity=hazard.severity, hazard=hazard.hazard, aware_at=aware(hazard), tenure=repair.tenure
    )
    note(work, repair, hazard, Action.IN_PERSON_REQUEST, body, fact, at)
    return repair


async def send_summary(work: UnitOfWork, reference: str, body: Summary) -> Repair:
    """Keep the written summary that was sent to the tenant; its words are in no event.

    Raises Invalid for one that tells of another finding, and for a telling in its place before all work is
    done.
    """
    repair, hazard = await named(work, reference, Action.SUMMARY)
    at = await _since_investigated(work, repair, hazard, body)
    if body.told is not None and not hazard.all_work_is_done():
        raise Invalid("Telling suffices only where all work is done; until then it is in writing.", "/told")
    if body.hazard and hazard.finding and (body.hazard == NO_HAZARD) != (hazard.finding == Finding.NONE):
        raise Invalid("The investigation found otherwise.", "/hazard")
    hazard.summary, hazard.summary_sent_at = body.in_words(), at
    note(work, repair, hazard, Action.SUMMARY, body, events.HazardSummarySent(aware_at=aware(hazard)), at)
    return repair


async def make_safe(work: UnitOfWork, reference: str, body: SafetyWork) -> Repair:
    """Record safety work; before the investigation too, as danger does not wait for it."""
    repair, hazard = await named(work, reference, Action.SAFETY_WORK)
    at = await since_aware(work, repair, hazard, body)
    hazard.make_safe(at)
    note(work, repair, hazard, Action.SAFETY_WORK, body, events.HazardMadeSafe(aware_at=aware(hazard)), at)
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
        repair.emergency_hazard = hazard.is_emergency()


async def prevent(work: UnitOfWork, reference: str, body: PreventiveWork) -> Repair:
    """Record that further preventive work has begun, or by when it will and that the tenant was told.

    Raises Invalid for a day in the past, or later than the law in force lets it begin.
    """
    repair, hazard = await named(work, reference, Action.PREVENTIVE_WORK)
    at = await _since_investigated(work, repair, hazard, body)
    if body.steps is not None:
        hazard.preventive_steps_at = min(at, hazard.preventive_steps_at or at)
        taken = events.PreventiveStepsTaken(aware_at=aware(hazard))
        note(work, repair, hazard, Action.PREVENTIVE_WORK, body, taken, at)
        return repair
    if body.begin_by is None:
        hazard.preventive_work_begun_at = min(at, hazard.preventive_work_begun_at or at)
        begun = events.PreventiveWorkBegun(aware_at=aware(hazard))
        note(work, repair, hazard, Action.PREVENTIVE_WORK, body, begun, at)
        return repair
    if body.begin_by < civil_date(at):
        raise Invalid("This day is past.", "/begin_by")
    hazard.preventive_work_by = body.begin_by
    deferred = events.PreventiveWorkDeferred(begin_by=body.begin_by.isoformat(), aware_at=aware(hazard))
    note(work, repair, hazard, Action.PREVENTIVE_WORK, body, deferred, at)
    for promise in (await deadlines_of(work, [repair.reference]))[repair.reference]:
        extension, latest = promise.row.extension, civil_date(promise.due_at)
        if promise.open and extension and extension.event == deferred.type and latest < body.begin_by:
            raise Invalid(f"It must begin by {latest} at the latest.", "/begin_by")
    return repair


async def named(work: UnitOfWork, reference: str, action: Action) -> tuple[Repair, Hazard]:
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


def aware(hazard: Hazard) -> str:
    """The instant of our becoming aware, for all events of a hazard: the law then in force applies to it."""
    return hazard.aware_at.isoformat()


async def _since_last_done(
    work: UnitOfWork, repair: Repair, hazard: Hazard, given: datetime | None, pointer: str
) -> datetime:
    latest = max(filter(None, (hazard.aware_at, hazard.last_investigated_at, hazard.made_safe_at)))
    what = "what was last done about the hazard"
    return await instant_of_act(work, repair, given, pointer=pointer, not_before=latest, what=what)


async def since_aware(work: UnitOfWork, repair: Repair, hazard: Hazard, body: Happened) -> datetime:
    """The instant of an act about a hazard; raises Invalid for one from before we became aware of it."""
    what = "we became aware of the hazard"
    return await occurred_at(work, repair, body, not_before=hazard.aware_at, what=what)


async def _since_investigated(work: UnitOfWork, repair: Repair, hazard: Hazard, body: Happened) -> datetime:
    what = "the investigation ended"
    return await occurred_at(work, repair, body, not_before=hazard.last_investigated_at, what=what)


def note(
    work: Work,
    repair: Repair,
    hazard: Hazard,
    action: Action,
    body: RequestModel,
    fact: Facts,
    at: datetime,
) -> HazardAct:
    """Keep an act with its words, record its fact, and have the repair know an emergency by it."""
    repair.emergency_hazard = hazard.is_emergency()
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
