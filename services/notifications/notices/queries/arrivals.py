"""The statements about letters that reached their readers, some after they were said to have come back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from services.notifications.models import LetterAttempt, Notice
from services.notifications.policy import Delivery
from shared.work import UnitOfWork


async def note_delivered(work: UnitOfWork, letter: UUID, at: datetime) -> None:
    """Note that a letter reached its reader, by its provider's word."""
    arrived = update(Notice).where(Notice.sent_with == letter, Notice.status == Delivery.SENT)
    await work.session.execute(arrived.values(delivered_at=at))


async def note_arrived(work: UnitOfWork, attempt: LetterAttempt) -> Sequence[Notice]:
    """Note that a letter arrived after it came back; returns the notices that it told.

    One that waits to leave again, or was given up on, is sent by that. One that has left again, or is on its
    way, stays as it is.
    """
    query = select(Notice).where(
        Notice.reference == attempt.reference,
        Notice.came_back.contains([{"letter": str(attempt.letter)}]),
    )
    told = (await work.session.scalars(query.order_by(Notice.id).with_for_update())).all()
    for notice in told:
        waits = notice.status == Delivery.PENDING and notice.sent_with is None
        if waits or notice.status == Delivery.FAILED:
            _restore(notice, attempt)
    return told


def _restore(notice: Notice, attempt: LetterAttempt) -> None:
    left = next(one for one in notice.came_back if one["letter"] == str(attempt.letter))
    notice.status, notice.reason = Delivery.SENT, None
    notice.sent_with, notice.sent_at = attempt.letter, datetime.fromisoformat(left["sent_at"])
    notice.told, notice.told_dates = left["told"], left["told_dates"]
    notice.channel, notice.receipt = left["channel"], left["receipt"]
    notice.delivered_at = attempt.status_at
