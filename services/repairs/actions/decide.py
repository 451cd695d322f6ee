"""Decision on a backdated update: an officer says if a firm's earlier time counts after all."""

from services.repairs import events
from services.repairs.actions.taking_effect import take_effect
from services.repairs.actions.update_schemas import DecisionIn
from services.repairs.case import queries
from services.repairs.case.lifecycle import LIFECYCLE, NO_DECISION, Action
from services.repairs.case.models import Reason, Repair
from services.repairs.case.policy import Decision, is_decision_pending
from shared.cases.acts import check
from shared.cases.reasons import give_reason
from shared.cases.times import act_now, no_earlier
from shared.errors import MoveNotAllowed
from shared.work import UnitOfWork


async def decide(work: UnitOfWork, reference: str, number: int, body: DecisionIn) -> Repair:
    """Let a firm's earlier time count from now on, or have its first word stand; the reason is kept.

    Raises NotFound for an update of another job, MoveNotAllowed for one that waits for no decision and for a
    time after the repair's end.
    """
    repair = await queries.repair_for_update(work, reference)
    history = (await work.history([repair.reference]))[repair.reference]
    is_pending = is_decision_pending(history)
    check(LIFECYCLE, Action.DECISION, repair.situation(work.now, decision_is_pending=is_pending))
    told = await queries.job_update(work, repair.reference, number)
    if told.decision != Decision.PENDING:
        raise MoveNotAllowed(NO_DECISION)
    told_at = no_earlier(told.occurred_at, repair.received_at, "the case was received")
    if body.accepted and not repair.takes(told_at):
        raise MoveNotAllowed(f"The repair is {repair.status}.")
    at = await act_now(work, repair)
    told.decision = Decision.ACCEPTED if body.accepted else Decision.REFUSED
    decided = events.BackdatedUpdateDecided(
        told=told.type, told_for=told.occurred_at.isoformat(), accepted=body.accepted
    )
    work.record(repair, decided, at=at)
    give_reason(work, Reason, repair, Action.DECISION, body.reason, at)
    if body.accepted:
        await take_effect(work, repair, told, told_at)
    return repair
