"""Discarding dead letters: they leave the broker, and are kept with who discarded them and why."""

from collections.abc import Sequence

from services.notifications.models import DiscardedLetter
from shared.messaging.broker import DeadLetter
from shared.telemetry import get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)


async def discard(work: UnitOfWork, queue: str, ids: Sequence[str], reason: str) -> list[DeadLetter]:
    """Discard the dead letters with these ids; returns those that there were. Raises BrokerAway."""
    discarded = await work.state.broker.discard_dead_letters(queue, ids)
    for letter in discarded:
        log.warning("a dead letter is discarded", extra={"queue": queue, "caller": work.caller.identity})
        work.add(
            DiscardedLetter(
                letter_id=letter.id,
                queue=queue,
                body=letter.body,
                failed_with=letter.reason,
                reason=reason,
                discarded_by=work.caller.identity,
                discarded_at=work.now,
            )
        )
    return discarded
