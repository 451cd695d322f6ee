"""Discarding dead letters: they leave the broker once they are kept with who discarded them and why."""

from collections.abc import Sequence

from services.notifications.models import DiscardedLetter
from shared.db.transaction import transaction
from shared.messaging.broker import DeadLetter
from shared.telemetry import get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)


async def discard(work: UnitOfWork, queue: str, ids: Sequence[str], reason: str) -> list[DeadLetter]:
    """Discard the dead letters with these ids; returns those that there were. Raises BrokerAway.

    The record has a commit of its own, before the letters go: a stop in between leaves them there, and
    whoever then discards them again adds a second record.
    """

    async def keep(letters: Sequence[DeadLetter]) -> None:
        async with transaction(work.state.database) as session:
            session.add_all(_discarded(work, letter, reason) for letter in letters)

    discarded = await work.state.broker.discard_dead_letters(queue, ids, keep)
    for _ in discarded:
        log.warning("a dead letter is discarded", extra={"queue": queue, "caller": work.caller.identity})
    return discarded


def _discarded(work: UnitOfWork, letter: DeadLetter, reason: str) -> DiscardedLetter:
    return DiscardedLetter(
        letter_id=letter.id,
        queue=letter.queue,
        body=letter.body,
        failed_with=letter.reason,
        reason=reason,
        discarded_by=work.caller.identity,
        discarded_at=work.now,
    )
