"""What officers and residents do about the charge for a repair."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events, images, queries as repairs
from services.repairs.allowing import open_repair, refuse
from services.repairs.appointments import service as appointments
from services.repairs.appointments.policy import Because
from services.repairs.hazards.queries import has_open_hazard
from services.repairs.models import Repair
from services.repairs.policy import Update
from services.repairs.recharges import policy, queries
from services.repairs.recharges.models import Recharge
from services.repairs.recharges.policy import RechargeStatus
from services.repairs.recharges.schemas import Decline, Quote, SignatureIn, Waiver
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import act_now, instant_of_act
from shared.errors import NotFound
from shared.messaging.outbox import record

REFUSED: Mapping[str, str] = {
    policy.QUOTE: "The charge is settled and cannot be quoted anew.",
    policy.SIGNATURE: "There is no quote to sign.",
    policy.DECLINE: "There is no quote to decline.",
    policy.WAIVER: "The charge is settled and cannot be waived.",
}
DRAWN = "data:"
HAZARD_STANDS_OPEN = "A hazard in the home is still being dealt with, and that waits for no payment."


async def quote(
    session: AsyncSession, resources: AppState, reference: str, words: Quote, *, by: Caller, now: datetime
) -> Repair:
    """Say what the resident would have to pay; a quote not yet signed is replaced.

    Work waits for the signature from now on, and where the report said that the resident caused the
    damage, it has waited from the start.
    """
    repair, recharge = await _open_for(session, resources, reference, policy.QUOTE, by, now)
    at = await act_now(session, repair, now)
    fresh = _recharge(repair, RechargeStatus.QUOTED, words.reason, by, at)
    fresh.estimated_cost, fresh.administration_charge = words.estimated_cost, words.administration_charge
    if recharge is not None:  # one waived meanwhile waited for nothing
        is_replaced = recharge.status == RechargeStatus.QUOTED
        fresh.waiting_since = recharge.waiting_since if is_replaced else at
    session.add(fresh)
    record(session, repair, _quoted(words), occurred_at=at, now=now)
    return repair


def _recharge(repair: Repair, status: RechargeStatus, reason: str, by: Caller, at: datetime) -> Recharge:
    return Recharge(
        reference=repair.reference,
        status=status,
        reason=reason,
        waiting_since=repair.received_at if repair.caused_by_resident else at,
        quoted_at=at,
        quoted_by=by.subject,
    )


def _quoted(words: Quote) -> events.RechargeQuoted:
    return events.RechargeQuoted(
        estimated_cost_pence=policy.pence(words.estimated_cost),
        administration_charge_pence=policy.pence(words.administration_charge),
        total_pence=policy.pence(policy.total(words.estimated_cost, words.administration_charge)),
    )


async def sign(
    session: AsyncSession,
    resources: AppState,
    reference: str,
    words: SignatureIn,
    *,
    by: Caller,
    now: datetime,
) -> Repair:
    """Keep the resident's signature, given by themselves or to whoever is on their doorstep.

    Raises Invalid for a signature from before the quote and for a drawn one that is no image.
    """
    signature = words.signature
    if signature.startswith(DRAWN):
        signature = await images.stripped_data_url(signature, "/signature")
    repair, recharge = await _open_for(session, resources, reference, policy.SIGNATURE, by, now)
    assert recharge is not None
    at = await instant_of_act(
        session, repair, words.occurred_at, now, not_before=recharge.quoted_at, what="the quote was made"
    )
    recharge.status = RechargeStatus.SIGNED
    recharge.signed_at, recharge.signed_by, recharge.signature = at, words.signed_by, signature
    recharge.signature_taken_by = by.subject
    record(session, repair, events.RechargeSigned(), occurred_at=at, now=now)
    return repair


async def decline(
    session: AsyncSession, resources: AppState, reference: str, words: Decline, *, by: Caller, now: datetime
) -> Repair:
    """Close the repair, since the resident will not pay for it.

    Raises MoveNotAllowed while a hazard in the home stands open, which is put right whoever pays.
    """
    repair, recharge = await _open_for(session, resources, reference, policy.DECLINE, by, now)
    assert recharge is not None
    if await has_open_hazard(session, repair.reference):
        await refuse(session, resources, repair, HAZARD_STANDS_OPEN, by, now)
    at = await act_now(session, repair, now)
    _end(recharge, RechargeStatus.DECLINED, words.reason, by, at)
    record(session, repair, events.RechargeDeclined(), occurred_at=at, now=now)
    repair.cancel(at)
    await appointments.call_off(session, repair, Because.REPAIR_ENDED, at=at, now=now)
    record(session, repair, events.RepairCancelled(), occurred_at=at, now=now)
    return repair


async def waive(
    session: AsyncSession, resources: AppState, reference: str, words: Waiver, *, by: Caller, now: datetime
) -> Repair:
    """Let the resident off the charge, quoted or not, so that the work may go on.

    Damage that somebody else did to a victim's home is not the victim's to pay for, whatever the report said.
    """
    repair, recharge = await _open_for(session, resources, reference, policy.WAIVER, by, now)
    at = await act_now(session, repair, now)
    if recharge is None:
        recharge = _recharge(repair, RechargeStatus.WAIVED, words.reason, by, at)
        session.add(recharge)
    _end(recharge, RechargeStatus.WAIVED, words.reason, by, at)
    record(session, repair, events.RechargeWaived(), occurred_at=at, now=now)
    return repair


def _end(recharge: Recharge, status: RechargeStatus, reason: str, by: Caller, at: datetime) -> None:
    recharge.status = status
    recharge.ended_at, recharge.ended_by, recharge.ended_because = at, by.subject, reason


async def _open_for(
    session: AsyncSession, resources: AppState, reference: str, act: str, by: Caller, now: datetime
) -> tuple[Repair, Recharge | None]:
    """The repair, locked, and its charge, if the act is one they allow; raises NotFound, MoveNotAllowed."""
    repair = await open_repair(session, resources, reference, by, now)
    recharge = await queries.current_of(session, repair.reference)
    if act not in policy.ALLOWS[_status(recharge)]:
        await refuse(session, resources, repair, REFUSED[act], by, now)
    return repair, recharge


def _status(recharge: Recharge | None) -> RechargeStatus | None:
    return RechargeStatus(recharge.status) if recharge else None


async def hold_unsigned_work(
    session: AsyncSession,
    resources: AppState,
    repair: Repair,
    update: Update,
    at: datetime,
    by: Caller,
    now: datetime,
) -> None:
    """Refuse an update that tells of work, done at `at`, which waits for a signature; raises MoveNotAllowed.

    History is not judged, of an imported repair or of one that has ended: it was signed for elsewhere, or
    was rightly done.
    """
    is_history = repair.imported or repair.ended_at is not None
    if is_history or update not in policy.HELD_UNTIL_SIGNED[repair.priority]:
        return
    recharge = await queries.current_of(session, repair.reference)
    caused_since = repair.received_at if repair.caused_by_resident else None
    since = recharge.waiting_since if recharge else caused_since
    if policy.is_held(update, repair.priority, _status(recharge), at=at, since=since):
        await refuse(session, resources, repair, _unsigned(repair.priority), by, now)


def _unsigned(priority: int) -> str:
    free = [update for update in Update if update not in policy.HELD_UNTIL_SIGNED[priority]]
    why = "The resident pays for this repair, and has not signed for it yet."
    return f"{why} Until then it takes these updates: {', '.join(free)}."


async def quoted_for(session: AsyncSession, reference: str, by: Caller) -> Recharge:
    """The latest quote for a repair that the caller may see; raises NotFound."""
    repair = await repairs.repair(session, reference, repairs.visible_to(by))
    recharge = await queries.current_of(session, repair.reference)
    if recharge is None:
        raise NotFound("Nothing was quoted for this repair.")
    return recharge
