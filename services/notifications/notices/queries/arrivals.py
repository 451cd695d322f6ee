"""The statements about letters that reached their readers, some after they were said to have come back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, text, update

from services.notifications.models import LetterAttempt, Notice
from services.notifications.notices.queries.leaving import Said
from services.notifications.policy import Delivery
from shared.work import UnitOfWork

_HAS_CAME_BACK = text("notices.came_back <> '[]'")
"""The words of the index; with a parameter in them no plan would take it."""


async def take_turns(work: UnitOfWork, letters: Collection[UUID]) -> None:
    """Let nobody else judge what became of these letters until this transaction ends.

    Their notices are the lock. Whoever needs attempts too locks or changes those first.
    """
    query = select(Notice.id).where(Notice.sent_with.in_(letters)).order_by(Notice.id)
    await work.session.execute(query.with_for_update())


async def note_delivered(work: UnitOfWork, letter: UUID, at: datetime) -> None:
    """Note that a letter reached its reader, by its provider's word."""
    arrived = update(Notice).where(Notice.sent_with == letter, Notice.status == Delivery.SENT)
    await work.session.execute(arrived.values(delivered_at=at))


async def note_arrived(work: UnitOfWork, attempt: LetterAttempt) -> Sequence[Notice]:
    """Note that a letter arrived that had come back, or was in doubt; returns the notices that it told.

    One that waits to leave again, or was given up on, is sent by that. One that has left again, or is on its
    way, stays as it is. One that was withdrawn stays so, and has been told.
    """
    told = await _told_by(work, attempt.sent_with)
    for notice in told:
        waits = notice.status == Delivery.PENDING and notice.sent_with is None
        if waits or notice.status == Delivery.FAILED:
            notice.status, notice.reason = Delivery.SENT, None
            _take_for_told(notice, attempt)
        elif notice.status == Delivery.WITHDRAWN and notice.sent_at is None:
            _take_for_told(notice, attempt)
    return told


async def _told_by(work: UnitOfWork, letter: UUID) -> Sequence[Notice]:
    """The notices that were told by a letter, locked, as far as it is not noted of them that it arrived."""
    came_back = and_(_HAS_CAME_BACK, Notice.came_back.contains([{"letter": str(letter)}]))
    ended = and_(Notice.sent_with == letter, Notice.status.in_((Delivery.FAILED, Delivery.WITHDRAWN)))
    query = select(Notice).where(or_(came_back, ended)).order_by(Notice.id)
    return (await work.session.scalars(query.with_for_update())).all()


def _take_for_told(notice: Notice, attempt: LetterAttempt) -> None:
    """Note that a notice was told by the letter of that attempt, as far as is known of how it left."""
    for left in notice.came_back:
        if left["letter"] == str(attempt.sent_with):
            notice.sent_at = datetime.fromisoformat(left["sent_at"]) if left["sent_at"] else None
            notice.told, notice.told_dates = left["told"], left["told_dates"]
            notice.channel, notice.receipt = left["channel"], left["receipt"]
    notice.sent_with, notice.delivered_at = attempt.sent_with, attempt.status_at
    if notice.leaving and notice.sent_at is None:
        said = Said.from_row(notice.leaving)
        notice.told, notice.told_dates, notice.digest = said.reader, [*said.told_dates] or None, said.digest
        notice.message, notice.message_version, notice.leaving = said.message, said.version, None
    if notice.sent_at is None:  # nobody knew if it had left
        notice.sent_at, notice.channel, notice.receipt = attempt.began_at, attempt.channel, attempt.receipt
