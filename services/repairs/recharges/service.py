"""Use cases of recharges that change the charge alone; declining one ends the repair (actions/decline)."""

from datetime import datetime

from services.repairs import events
from services.repairs.case import queries as repairs
from services.repairs.case.models import Repair
from services.repairs.case.policy import Update, pence
from services.repairs.recharges import policy, queries
from services.repairs.recharges.models import Recharge
from services.repairs.recharges.policy import LIFECYCLE, Action, RechargeStatus
from services.repairs.recharges.schemas import Quote, SignatureIn, Waiver
from shared.caller import Role
from shared.cases.acts import check
from shared.cases.attachments.images import stripped_data_url
from shared.cases.times import act_now, occurred_at
from shared.errors import MoveNotAllowed, NotFound
from shared.work import UnitOfWork

DRAWN = "data:"


async def quote(work: UnitOfWork, reference: str, body: Quote) -> Repair:
    """Quote what the resident would have to pay; a quote not yet signed is replaced.

    Work waits for the signature from now on, and where the report said that the resident caused the
    damage, it has waited from the start.
    """
    repair = await repairs.open_repair_for_update(work, reference)
    replaced = await charge_if_any(work, repair, Action.QUOTE)
    at = await act_now(work, repair)
    fresh = _recharge(work, repair, _after(Action.QUOTE, replaced), body.reason, at)
    fresh.estimated_cost, fresh.administration_charge = body.estimated_cost, body.administration_charge
    if replaced is not None:  # one waived meanwhile waited for nothing
        is_unsigned = replaced.status == RechargeStatus.QUOTED
        fresh.waiting_since = replaced.waiting_since if is_unsigned else at
    work.session.add(fresh)
    work.record(repair, _quoted(body), at=at)
    return repair


def _recharge(
    work: UnitOfWork, repair: Repair, status: RechargeStatus, reason: str, at: datetime
) -> Recharge:
    return Recharge(
        reference=repair.reference,
        status=status,
        reason=reason,
        waiting_since=repair.received_at if repair.caused_by_resident else at,
        quoted_at=at,
        quoted_by=work.caller.subject,
    )


def _quoted(body: Quote) -> events.RechargeQuoted:
    return events.RechargeQuoted(
        estimated_cost_pence=pence(body.estimated_cost),
        administration_charge_pence=pence(body.administration_charge),
        total_pence=pence(policy.total(body.estimated_cost, body.administration_charge)),
    )


async def sign(work: UnitOfWork, reference: str, body: SignatureIn) -> Repair:
    """Keep the resident's signature, given by themselves or to the officer who records it.

    Raises Invalid for a signature from before the quote and for a drawn one that is no image.
    """
    is_drawn = body.signature.startswith(DRAWN)
    signature = await stripped_data_url(body.signature, "/signature") if is_drawn else body.signature
    repair = await repairs.open_repair_for_update(work, reference)
    recharge = await charge_for(work, repair, Action.SIGNATURE)
    at = await occurred_at(work, repair, body, not_before=recharge.quoted_at, what="the quote was made")
    recharge.status = _after(Action.SIGNATURE, recharge)
    recharge.signed_at, recharge.signed_by, recharge.signature = at, body.signed_by, signature
    recharge.recorded_by = work.caller.subject if work.caller.is_a(Role.OFFICER) else None
    work.record(repair, events.RechargeSigned(), at=at)
    return repair


async def waive(work: UnitOfWork, reference: str, body: Waiver) -> Repair:
    """Let the resident off the charge, quoted or not, so that the work may go on.

    Damage that somebody else did to a victim's home is not the victim's to pay for, whatever the report said.
    """
    repair = await repairs.open_repair_for_update(work, reference)
    recharge = await charge_if_any(work, repair, Action.WAIVER)
    at = await act_now(work, repair)
    waived = _after(Action.WAIVER, recharge)
    if recharge is None:
        recharge = _recharge(work, repair, waived, body.reason, at)
        work.session.add(recharge)
    _end(work, recharge, waived, body.reason, at)
    work.record(repair, events.RechargeWaived(), at=at)
    return repair


def end_declined(work: UnitOfWork, recharge: Recharge, reason: str, at: datetime) -> None:
    """End a charge that the resident will not pay."""
    _end(work, recharge, _after(Action.DECLINE, recharge), reason, at)


def _end(work: UnitOfWork, recharge: Recharge, status: RechargeStatus, reason: str, at: datetime) -> None:
    recharge.status = status
    recharge.ended_at, recharge.ended_by, recharge.ended_because = at, work.caller.subject, reason


async def charge_if_any(work: UnitOfWork, repair: Repair, action: Action, **facts: bool) -> Recharge | None:
    """The charge of a repair, None if nothing was quoted; raises MoveNotAllowed unless it allows the act.

    `facts` are those of Situation that the act depends on besides.
    """
    recharge = await queries.current_of(work, repair.reference)
    check(LIFECYCLE, action, repair.situation(work.now, recharge=_status(recharge), **facts))
    return recharge


async def charge_for(work: UnitOfWork, repair: Repair, action: Action, **facts: bool) -> Recharge:
    """The charge of a repair for an act that needs one; raises MoveNotAllowed unless it allows the act."""
    recharge = await charge_if_any(work, repair, action, **facts)
    assert recharge is not None, "without a quote nothing but quoting and waiving is allowed"
    return recharge


def _after(action: Action, recharge: Recharge | None) -> RechargeStatus:
    following = LIFECYCLE.after(action, _status(recharge))
    assert isinstance(following, RechargeStatus), "no act takes a charge back to none"
    return following


def _status(recharge: Recharge | None) -> RechargeStatus | None:
    return RechargeStatus(recharge.status) if recharge else None


async def hold_unsigned_work(work: UnitOfWork, repair: Repair, update: Update, at: datetime) -> None:
    """Refuse an update that tells of work, done at `at`, which waits for a signature; raises MoveNotAllowed.

    History is not judged, of an imported repair or of one that has ended: it was signed for elsewhere, or
    was rightly done.
    """
    is_history = repair.imported or repair.ended_at is not None
    if is_history or update not in policy.HELD_UNTIL_SIGNED[repair.priority]:
        return
    recharge = await queries.current_of(work, repair.reference)
    caused_since = repair.received_at if repair.caused_by_resident else None
    since = recharge.waiting_since if recharge else caused_since
    if policy.is_held(update, repair.priority, _status(recharge), at=at, since=since):
        raise MoveNotAllowed(_unsigned(repair.priority))


def _unsigned(priority: int) -> str:
    free = [update for update in Update if update not in policy.HELD_UNTIL_SIGNED[priority]]
    why = "The resident pays for this repair, and has not signed for it yet."
    return f"{why} Until then it takes these updates: {', '.join(free)}."


async def quoted_for(work: UnitOfWork, reference: str) -> Recharge:
    """The latest quote for a repair that the caller sees; raises NotFound."""
    repair = await repairs.repair(work, reference)
    recharge = await queries.current_of(work, repair.reference)
    if recharge is None:
        raise NotFound("Nothing was quoted for this repair.")
    return recharge
