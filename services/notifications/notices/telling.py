"""Telling other services that letters reached residents, or did not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications import policy
from services.notifications.events import NoticeDelivered, NoticeReturned, Outcome
from services.notifications.models import Notice
from services.notifications.notices.queries.leaving import Delivered
from shared.messaging import outbox
from shared.work import UnitOfWork

NOT_REACHED = (Outcome.CAME_BACK, Outcome.GIVEN_UP)


@dataclass(slots=True)
class DeliveredNotice:
    """A notice as something with a history of its own: what became of it is told once."""

    reference: str
    version: int = 0


async def publish_delivered(work: UnitOfWork, delivered: Sequence[Delivered]) -> None:
    """Tell of each notice that reached a resident, once, however often its letter left."""
    told = [one for one in delivered if one.said.reader == policy.RESIDENT]
    known = await outbox.history(work.session, [str(one.notice.id) for one in told]) if told else {}
    for one in told:
        history = known[str(one.notice.id)]
        notice = DeliveredNotice(str(one.notice.id), len(history))
        if not any(event.type == NoticeDelivered.type for event in history):
            work.record(notice, _delivered(one))
        if history and history[-1].facts.get("outcome") in NOT_REACHED:
            work.record(notice, _returned(one.notice, Outcome.ARRIVED))


async def publish_returned(
    work: UnitOfWork, notices: Collection[Notice], outcome: Outcome, at: datetime | None = None
) -> None:
    """Tell of each notice that was meant for somebody outside, and did not reach them; by default now."""
    meant = {str(notice.id): notice for notice in notices if notice.audience in policy.OUTSIDE}
    known = await outbox.history(work.session, list(meant)) if meant else {}
    for id, notice in meant.items():
        if not (known[id] and known[id][-1].facts.get("outcome") == outcome):
            work.record(DeliveredNotice(id, len(known[id])), _returned(notice, outcome), at=at)


async def publish_arrived(work: UnitOfWork, notices: Collection[Notice], at: datetime) -> None:
    """Tell of each notice that was said not to have reached somebody outside, and did, at that instant."""
    meant = {str(notice.id): notice for notice in notices if notice.reader in policy.OUTSIDE}
    known = await outbox.history(work.session, list(meant)) if meant else {}
    for id, notice in meant.items():
        if known[id] and known[id][-1].facts.get("outcome") in NOT_REACHED:
            work.record(DeliveredNotice(id, len(known[id])), _returned(notice, Outcome.ARRIVED), at=at)


def _delivered(one: Delivered) -> NoticeDelivered:
    return NoticeDelivered(
        case=one.notice.reference,
        about=one.notice.started_by,
        kind=one.notice.kind,
        letter=str(one.notice.sent_with or one.notice.id),
        handler_named=one.said.handler_named,
    )


def _returned(notice: Notice, outcome: Outcome) -> NoticeReturned:
    about = None if notice.standard else notice.started_by
    return NoticeReturned(case=notice.reference, about=about, kind=notice.kind, outcome=outcome)
