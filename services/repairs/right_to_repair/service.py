"""Use cases of the right to repair that change no other feature."""

from datetime import datetime
from decimal import Decimal

from services.repairs import events
from services.repairs.case import queries as repairs
from services.repairs.case.models import Reason, Repair
from services.repairs.case.policy import PENCE_IN_A_POUND, pence
from services.repairs.events.values import NoRightToRepair
from services.repairs.right_to_repair import policy
from services.repairs.right_to_repair.policy import LIFECYCLE, Action
from services.repairs.right_to_repair.schemas import EndOfRight, Estimate, Pause, SetOff
from shared.cases.acts import check
from shared.cases.deadlines import fold
from shared.cases.reasons import give_reason
from shared.cases.times import act_now, in_order, occurred_at
from shared.errors import Invalid
from shared.events import Event, Facts
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import UnitOfWork


async def estimate(work: UnitOfWork, reference: str, body: Estimate) -> Repair:
    """Keep what a repair is estimated to cost; over the limit the right to repair ends from then on.

    Raises MoveNotAllowed once the repair has ended. A lower estimate later brings no right back: the tenant
    was told that it has ended.
    """
    repair = await repairs.open_repair_for_update(work, reference)
    _, promises = await _promised(work, repair)
    check(LIFECYCLE, Action.ESTIMATE, repair.situation(work.now))
    at = await occurred_at(work, repair, body)
    repair.estimate = body.amount
    work.record(repair, events.RepairEstimated(amount_pence=pence(body.amount)), at=at)
    if policy.running(promises) and policy.is_over_limit(body.amount, civil_date(repair.received_at)):
        work.record(repair, events.RightToRepairEnded(because=NoRightToRepair.OVER_LIMIT), at=at)
        await settle_compensation(work, repair, at)
    return repair


async def suspend(work: UnitOfWork, reference: str, body: Pause) -> Repair:
    """Suspend the period of the right to repair for something beyond anybody's control."""
    return await _record(work, reference, body, Action.SUSPENSION, events.RightToRepairSuspended())


async def resume(work: UnitOfWork, reference: str, body: Pause) -> Repair:
    """Let the period of the right to repair run on; the days of the suspension are given back."""
    return await _record(work, reference, body, Action.RESUMPTION, events.RightToRepairResumed())


async def _record(work: UnitOfWork, reference: str, body: Pause, action: Action, fact: Facts) -> Repair:
    repair, _, _ = await _allowed(work, reference, action)
    at = await in_order(work, repair, body, policy.FOLLOWS[action])
    work.record(repair, fact, at=at)
    give_reason(work, Reason, repair, action, body.reason, at)
    return repair


async def end(work: UnitOfWork, reference: str, body: EndOfRight) -> Repair:
    """End the right to repair as nobody could get in, or the repair was not wanted.

    Raises Invalid for no access without an attempt to get in that is recorded.
    """
    repair, history, _ = await _allowed(work, reference, Action.END)
    at = await in_order(work, repair, body, policy.FOLLOWS[Action.END])
    attempts = any(event.type == events.AccessRefused.type for event in history)
    if body.because == "no_access" and not attempts:
        raise Invalid("No attempt to get in is recorded; tell it first, as an update.", "/because")
    work.record(repair, events.RightToRepairEnded(because=body.because), at=at)
    give_reason(work, Reason, repair, Action.END, body.reason, at)
    await settle_compensation(work, repair, at)
    return repair


async def set_off(work: UnitOfWork, reference: str, body: SetOff) -> Repair:
    """Set a part of the compensation off against a debt; raises Invalid for more than is left."""
    repair, history, promises = await _allowed(work, reference, Action.SET_OFF, ended_too=True)
    owed = policy.compensation(promises, work.now)
    assert owed is not None, "without compensation nothing is set off"
    already = Decimal(sum(policy.pence_of(history, events.CompensationSetOff))) / PENCE_IN_A_POUND
    if body.amount > owed.amount - already:
        raise Invalid(f"No more than £{owed.amount - already:.2f} is left to set off.", "/amount")
    at = await act_now(work, repair)
    work.record(repair, events.CompensationSetOff(amount_pence=pence(body.amount)), at=at)
    give_reason(work, Reason, repair, Action.SET_OFF, body.reason, at)
    return repair


async def settle_compensation(work: UnitOfWork, repair: Repair, at: datetime) -> None:
    """Publish what is owed in the end, once the second clock has; again where a late fact changes that."""
    history, promises = await _promised(work, repair)
    second = policy.clock(promises, policy.SECOND_CLOCK)
    if second is None or second.open:
        return
    owed = policy.compensation(promises, work.now)
    amount = pence(owed.amount) if owed else 0
    told = policy.pence_of(history, events.CompensationOwed)
    if amount != (told[-1] if told else 0):
        work.record(repair, events.CompensationOwed(amount_pence=amount), at=at)


async def _allowed(
    work: UnitOfWork, reference: str, action: Action, *, ended_too: bool = False
) -> tuple[Repair, list[Event], list[Deadline]]:
    """The repair, locked, with its history and promises, if it allows the act; raises MoveNotAllowed."""
    find = repairs.repair_for_update if ended_too else repairs.open_repair_for_update
    repair = await find(work, reference)
    history, promises = await _promised(work, repair)
    check(LIFECYCLE, action, repair.situation(work.now, **policy.facts(promises, work.now)))
    return repair, history, promises


async def _promised(work: UnitOfWork, repair: Repair) -> tuple[list[Event], list[Deadline]]:
    histories = await work.history([repair.reference])
    return histories[repair.reference], fold(work, histories)[repair.reference]
