"""Telling other services that letters reached residents, and hearing that they came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.notifications import policy
from services.notifications.events import NoticeDelivered
from services.notifications.notices.queries import letters as queries
from services.notifications.notices.queries.letters import Delivered
from shared.events import Event
from shared.messaging import outbox
from shared.work import UnitOfWork


@dataclass(slots=True)
class DeliveredNotice:
    """A notice as something with a history of its own: its delivery is told once."""

    reference: str
    version: int = 0


async def publish_delivered(work: UnitOfWork, delivered: Sequence[Delivered]) -> None:
    """Tell of each notice that reached a resident, once, however often its letter left."""
    told = [one for one in delivered if one.reader == policy.RESIDENT]
    known = await outbox.ids(work.session, [str(one.notice.id) for one in told]) if told else {}
    for one in told:
        notice = one.notice
        if known.get(str(notice.id)):
            continue
        fact = NoticeDelivered(
            case=notice.reference,
            about=notice.started_by,
            kind=notice.kind,
            letter=str(notice.sent_with or notice.id),
            handler_named=one.handler_named,
        )
        work.record(DeliveredNotice(str(notice.id)), fact)


async def note_bounced(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Mark the notices of letters that came back as failed."""
    if events:
        await queries.note_bounced(work, [UUID(event.facts["letter"]) for event in events])
