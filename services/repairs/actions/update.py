"""Updates of a job: a firm or an officer tells what happened, in any order, twice, or late."""

from datetime import datetime

from services.repairs import events
from services.repairs.actions.fingerprints import fingerprint
from services.repairs.actions.taking_effect import take_effect
from services.repairs.actions.update_schemas import UpdateIn
from services.repairs.appointments.models import Appointment
from services.repairs.appointments.on_site import agree_on_site, must_be_possible
from services.repairs.appointments.schemas import FollowUpOut
from services.repairs.case import policy, queries
from services.repairs.case.models import JobUpdate, Repair
from services.repairs.case.policy import Decision, Update
from services.repairs.recharges.service import hold_unsigned_work
from shared.caller import Role
from shared.cases.queries import NO_SUCH_CASE
from shared.cases.times import act_now, occurred_at
from shared.errors import Invalid, MoveNotAllowed, NotFound
from shared.work import CaseFound, UnitOfWork


async def update(work: UnitOfWork, reference: str, body: UpdateIn) -> Repair:
    """Record what happened on a job; the same update in the same words, sent again, changes nothing.

    A firm that has lost the job may still tell what it did while it had it. Where it would meet promises
    earlier than by its own first word, that word stands until an officer decides. Raises NotFound for what
    happened while another had it, Invalid for a time in the future or before the report and for a next
    visit that cannot be, MoveNotAllowed for what happened after its end, for another word on a completion
    and for work that waits for the resident's signature, SlotGone and SlotUnfit for a slot that cannot be
    had for the next visit.
    """
    try:
        repair = await queries.repair_to_tell_of(work, reference)
    except CaseFound as found:  # a firm was once answered with all that it saw then; now with less
        lost: Repair = found.case
        if not policy.has_lost_the_job(work.caller, lost.contractor, lost.department):
            raise
        return lost
    at = await occurred_at(work, repair, body)
    same = fingerprint(body, by=work.caller, now=work.now)
    as_spelt = fingerprint(body, by=work.caller, now=work.now, as_spelt=True)
    if await queries.is_recorded(work, repair.reference, {same, as_spelt}):
        return repair
    await _check_acceptable(work, repair, body, at)
    visit = None
    if body.appointment is not None:
        visit = await agree_on_site(work, repair, body.appointment, at=at)
    is_backdated = await _is_backdated(work, repair, body.type, at)
    told = _job_update(work, repair, body, visit, same, at)
    work.session.add(told)
    if is_backdated:
        told.decision = Decision.PENDING
        received = events.BackdatedUpdateReceived(told=body.type, told_for=told.occurred_at.isoformat())
        work.record(repair, received, at=await act_now(work, repair))
    else:
        await take_effect(work, repair, told, at)
    work.keeps_answer = repair.imported
    return repair


async def _check_acceptable(work: UnitOfWork, repair: Repair, body: UpdateIn, at: datetime) -> None:
    """Refuse an update that cannot be taken, before anything is changed."""
    if policy.has_lost_the_job(work.caller, repair.contractor, repair.department):
        await _check_had_it(work, repair, body, at)
    if body.is_incomplete and not repair.imported:
        raise Invalid("Only of an imported repair may this be unknown (null).", "/clean_and_tidy")
    if body.appointment is not None:
        must_be_possible(body.appointment, min(at, work.now))
    if not repair.takes(at):
        raise MoveNotAllowed(f"The repair is {repair.status}.")
    if body.type is Update.COMPLETED:
        await _check_no_contradiction(work, repair, body, at)
    await hold_unsigned_work(work, repair, body.type, at)


async def _check_had_it(work: UnitOfWork, repair: Repair, body: UpdateIn, at: datetime) -> None:
    told = (await work.history([repair.reference]))[repair.reference]
    if not policy.had_the_job(work.caller.firm or "", told, at):
        raise NotFound(NO_SUCH_CASE)
    if body.type is Update.FOLLOW_ON_NEEDED:
        raise MoveNotAllowed("Another firm has the job now; the council agrees the next visit with them.")


async def _check_no_contradiction(work: UnitOfWork, repair: Repair, body: UpdateIn, at: datetime) -> None:
    """Refuse a completion that corrects another of the same second: the first word stands."""
    second = (body.occurred_at or at).replace(microsecond=0)
    for first in await queries.completions_within(work, repair.reference, second):
        if others := policy.contradicted(first.details, body.model_dump()):
            named = " and ".join(others)
            why = f"The completion of this time is recorded, with other words for its {named}."
            raise MoveNotAllowed(why)


async def _is_backdated(work: UnitOfWork, repair: Repair, update: Update, at: datetime) -> bool:
    caller = work.caller
    if update not in policy.TOLD_IN_TIME or not caller.is_a(Role.CONTRACTOR) or caller.firm_key is None:
        return False
    first_word = await queries.first_word(work, repair.reference, update, caller.firm_key)
    return policy.is_backdated(update, at, first_word)


def _job_update(
    work: UnitOfWork, repair: Repair, body: UpdateIn, visit: Appointment | None, same: bytes, at: datetime
) -> JobUpdate:
    told = {"clean_and_tidy", "identification_shown", "way", "outcome"}
    details = body.model_dump(mode="json", include=told, exclude_none=True)
    if visit is not None:
        window = FollowUpOut.of(visit)
        details["appointment"] = window.model_dump(mode="json", exclude_none=True)
    return JobUpdate(
        reference=repair.reference,
        type=body.type,
        # as it was told, which `at` is not where a phone's clock is fast
        occurred_at=body.occurred_at or at,
        recorded_at=work.now,
        recorded_by=work.caller.subject,
        firm=work.caller.firm_key if work.caller.is_a(Role.CONTRACTOR) else None,
        operative=body.operative,
        notes=body.notes,
        details=details,
        fingerprint=same,
    )
