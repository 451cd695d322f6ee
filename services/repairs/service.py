"""What officers, residents and contractors do with a repair."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events, policy, queries
from services.repairs.allowing import open_repair, refuse
from services.repairs.appointments import service as appointments
from services.repairs.appointments.models import Appointment
from services.repairs.appointments.on_site import agree_on_site, must_be_possible
from services.repairs.appointments.policy import Because
from services.repairs.asb_damage.service import tell_asb
from services.repairs.fingerprints import fingerprint
from services.repairs.handyperson.policy import queue_for
from services.repairs.hazards.service import make_safe_by_update, name_on_report
from services.repairs.models import JobUpdate, Repair
from services.repairs.policy import GUIDE, Status, Update
from services.repairs.recharges.service import hold_unsigned_work
from services.repairs.schemas import Assignment, Report
from services.repairs.update_schemas import FollowUpOut, UpdateIn
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import act_now, instant_of_act, past_instant
from shared.errors import Forbidden, Invalid, NotFound
from shared.events import Facts
from shared.http.idempotency import KEEP_FOR_GOOD
from shared.messaging.outbox import history, record
from shared.references import new_reference
from shared.standards.periods import civil_date

IMPORT_SCOPE = "import"


async def report(session: AsyncSession, words: Report, *, by: Caller, now: datetime) -> Repair:
    """Take a report in; its priority is the guide's, on the London date it was received.

    Raises Invalid for a time in the future, Forbidden for `imported` without the scope.
    """
    if words.imported and not ("officer" in by.roles and IMPORT_SCOPE in by.scopes):
        raise Forbidden("Only an officer with the import scope may bring over old cases.")
    received_at = past_instant(words.received_at, now, "/received_at")
    fault = GUIDE[words.fault]
    priority = policy.priority_of(fault, civil_date(received_at), words.other_working_toilet)
    repair = Repair(
        reference=new_reference("REP"),
        status=Status.REPORTED,
        channel=words.channel,
        received_at=received_at,
        imported=words.imported,
        department=policy.DEPARTMENT,
        contact=words.contact.model_dump(mode="json", exclude_none=True),
        reported_by=by.subject,
        fault=fault.code,
        priority=priority,
        description=words.description,
        property=words.property.model_dump(mode="json", exclude_none=True),
        vulnerable=words.vulnerable,
        other_working_toilet=words.other_working_toilet,
        caused_by_resident=words.caused_by_resident,
        handyperson=words.handyperson,
        queue=queue_for(fault.code, priority, words.vulnerable, words.handyperson),
    )
    session.add(repair)
    record(session, repair, _reported(repair, by), occurred_at=received_at, now=now)
    if words.hazard is not None:
        await name_on_report(session, repair, words.hazard, by=by, now=now)
    session.info[KEEP_FOR_GOOD] = words.imported
    return repair


def _reported(repair: Repair, by: Caller) -> events.RepairReported:
    return events.RepairReported(
        priority=repair.priority,
        fault=repair.fault,
        department=repair.department,
        channel=repair.channel,
        imported=repair.imported,
        resident=by.subject if "resident" in by.roles else None,
    )


async def assign(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: Assignment,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Give the job to a contractor's firm, and name the officer who answers for it.

    Raises MoveNotAllowed once the repair has ended.
    """
    repair = await open_repair(session, resources, reference, by, now)
    at = await act_now(session, repair, now)
    repair.assign(words.contractor)
    repair.handler_name = words.handler_name or repair.handler_name
    given = events.RepairAssigned(contractor=words.contractor, department=repair.department)
    record(session, repair, given, occurred_at=at, now=now)
    await appointments.call_off_unless_with(session, repair, at=at, now=now)
    return repair


async def update(
    session: AsyncSession, resources: AppState, reference: str, words: UpdateIn, *, by: Caller, now: datetime
) -> Repair:
    """Record what happened on a job; the same update in the same words, sent again, changes nothing.

    A firm that has lost the job may still tell what it did while it had it. Raises NotFound for what
    happened while another had it, Invalid for a time in the future or before the report and for a next
    visit that cannot be, MoveNotAllowed for what happened after its end, for another word on a completion
    and for work that waits for the resident's signature, SlotGone and SlotUnfit for a slot that cannot be
    had for the next visit.
    """
    repair = await queries.repair_to_tell_of(session, reference, by)
    at = await instant_of_act(session, repair, words.occurred_at, now)
    same = fingerprint(words, by=by, now=now)
    if await queries.is_recorded(session, repair.reference, same):
        return repair
    if has_lost_the_job(by, repair):
        await _must_have_had_it(session, resources, repair, words, at, by, now)
    if words.leaves_something_unsaid and not repair.imported:
        raise Invalid("Only of an imported repair may this be unknown (null).", "/clean_and_tidy")
    if words.appointment is not None:
        must_be_possible(words.appointment, min(at, now))
    if not repair.takes(at):
        await refuse(session, resources, repair, f"The repair is {repair.status}.", by, now)
    await _must_not_contradict(session, resources, repair, words, at, by, now)
    await hold_unsigned_work(session, resources, repair, words.type, at, by, now)
    visit = None
    if words.appointment is not None:
        visit = await agree_on_site(session, resources, repair, words.appointment, at=at, by=by, now=now)
    repair.take(words.type, at)
    session.add(_job_update(repair, words, visit, same, at, by, now))
    record(session, repair, _fact(words, visit), occurred_at=at, now=now)
    await tell_asb(session, repair, words.type, at=at, now=now)
    await make_safe_by_update(session, repair, words.type, at)
    if words.type is Update.COMPLETED:
        await appointments.call_off(session, repair, Because.REPAIR_ENDED, at=at, now=now)
    session.info[KEEP_FOR_GOOD] = repair.imported
    return repair


def has_lost_the_job(by: Caller, repair: Repair) -> bool:
    """Whether this is a firm that has the job no longer."""
    return "contractor" in by.roles and by.firm != repair.contractor


async def _must_have_had_it(
    session: AsyncSession,
    resources: AppState,
    repair: Repair,
    words: UpdateIn,
    at: datetime,
    by: Caller,
    now: datetime,
) -> None:
    told = (await history(session, [repair.reference]))[repair.reference]
    if not policy.had_the_job(by.firm or "", told, at):
        raise NotFound("There is no such case for this caller.")
    if words.type is Update.FOLLOW_ON_NEEDED:
        why = "Another firm has the job now; the council agrees the next visit with them."
        await refuse(session, resources, repair, why, by, now)


async def _must_not_contradict(
    session: AsyncSession,
    resources: AppState,
    repair: Repair,
    words: UpdateIn,
    at: datetime,
    by: Caller,
    now: datetime,
) -> None:
    """Refuse a completion that corrects another of the same second: the first word stands."""
    if words.type is not Update.COMPLETED:
        return
    second = (words.occurred_at or at).replace(microsecond=0)
    for first in await queries.completions_within(session, repair.reference, second):
        if others := policy.contradicted(first.details, words.model_dump()):
            why = f"The completion of this time is recorded, with other words for its {' and '.join(others)}."
            await refuse(session, resources, repair, why, by, now)


def _job_update(
    repair: Repair,
    words: UpdateIn,
    visit: Appointment | None,
    same: bytes,
    at: datetime,
    by: Caller,
    now: datetime,
) -> JobUpdate:
    told = {"clean_and_tidy", "identification_shown", "way", "outcome"}
    details = words.model_dump(mode="json", include=told, exclude_none=True)
    if visit is not None:
        window = FollowUpOut.model_validate(visit, from_attributes=True)
        details["appointment"] = window.model_dump(mode="json", exclude_none=True)
    return JobUpdate(
        reference=repair.reference,
        type=words.type,
        # as it was told, which `at` is not where a phone's clock is fast
        occurred_at=words.occurred_at or at,
        recorded_at=now,
        recorded_by=by.subject,
        firm=by.firm if "contractor" in by.roles else None,
        operative=words.operative,
        notes=words.notes,
        details=details,
        fingerprint=same,
    )


PLAIN_FACTS: dict[Update, Facts] = {
    Update.ACCEPTED: events.RepairAccepted(),
    Update.EN_ROUTE: events.OperativeEnRoute(),
    Update.ATTENDED: events.RepairAttended(),
    Update.MADE_SAFE: events.RepairMadeSafe(),
    Update.NO_ACCESS: events.AccessRefused(),
}


def _fact(words: UpdateIn, visit: Appointment | None) -> Facts:
    if words.type is Update.COMPLETED:
        return events.RepairCompleted(
            clean_and_tidy=words.clean_and_tidy, identification_shown=words.identification_shown
        )
    if visit is not None:
        return events.FollowOnNeeded(appointment_at=visit.starts_at.isoformat())
    return PLAIN_FACTS[words.type]
