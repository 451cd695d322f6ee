"""Receipts: what a provider says became of a letter, once it has taken it."""

import random
from collections.abc import Collection
from uuid import UUID

from services.notifications.models import Notice
from services.notifications.notices import untold
from services.notifications.notices.channels.statuses import NAME
from services.notifications.notices.failing import Chance, take_back
from services.notifications.notices.owing import tell_of_withdrawal
from services.notifications.notices.queries import arrivals, attempts
from services.notifications.notices.telling import publish_arrived
from services.notifications.policy import ABOUT_A_BREACH, Attempt, AttemptState, Delivery, Failure
from shared.telemetry import get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)


async def hear(
    work: UnitOfWork,
    receipt: str,
    letter: UUID | None,
    state: AttemptState,
    failure: Failure | None,
    reason: str,
    chance: Chance = random.random,
) -> bool:
    """Take in a receipt of GOV.UK Notify; returns whether it said anything new of a letter of ours."""
    attempt = await attempts.hear(work, NAME, receipt, letter, state, failure, reason)
    if attempt is None:
        return False
    log.info("a receipt was taken", extra={"letter": str(attempt.letter), "reason": reason})
    await act_on(work, [attempt.sent_with], chance)
    return True


async def act_on(work: UnitOfWork, letter_ids: Collection[UUID], chance: Chance) -> None:
    """Note what is known of these letters on their notices: what failed leaves again, or arrives after all.

    One to several readers has arrived at the first of them, and has failed once it reached none; whoever is
    in doubt once its tries are over is not known to have it. Of one whose notices are not noted as sent
    yet nothing is done: that is when this is asked again. Receipts of two readers that come together are
    judged one after the other, or neither would see that it is the last.
    """
    await arrivals.take_turns(work, letter_ids)
    for letter, readers in (await attempts.of_letters(work, letter_ids)).items():
        statuses = {Attempt.FAILED if attempt.is_in_doubt else attempt.status for attempt in readers}
        if Attempt.DELIVERED in statuses:
            arrived = [attempt for attempt in readers if attempt.status == Attempt.DELIVERED]
            first = min(arrived, key=lambda attempt: attempt.status_at)
            await arrivals.note_delivered(work, letter, first.status_at)
            told = await arrivals.note_arrived(work, first)
            await publish_arrived(work, told, first.status_at)
            await untold.publish_arrived(work, told)
            await _take_back_breaches(work, told)
        elif statuses == {Attempt.FAILED}:
            failures = {Failure(attempt.failure or Failure.PERMANENT) for attempt in readers}
            temporary = Failure.TEMPORARY in failures
            await take_back(work, letter, Failure.TEMPORARY if temporary else Failure.PERMANENT, chance)


async def _take_back_breaches(work: UnitOfWork, told: Collection[Notice]) -> None:
    """Owe whoever was told of a breach that was withdrawn before its letter arrived word that it was none."""
    for notice in told:
        if notice.status == Delivery.WITHDRAWN and notice.kind in ABOUT_A_BREACH:
            await tell_of_withdrawal(work, notice, [(notice.reader, notice.due_at)])
