"""Notices that reached nobody of the staff: told to their cases' owners, which make a task of it."""

from collections.abc import Collection, Sequence
from itertools import chain, groupby

from services.notifications import policy
from services.notifications.events import StaffNoticeFailed, StaffNoticeSettled
from services.notifications.models import CaseEvent, Notice
from services.notifications.notices.chains import chains_of
from services.notifications.notices.channels import Form
from services.notifications.notices.queries import cases, duty_texts
from services.notifications.notices.telling import DeliveredNotice
from services.notifications.policy import Urgency
from shared.events import STAFF_NOT_TOLD
from shared.messaging import outbox
from shared.work import UnitOfWork

DUTY_TELEPHONE = "duty telephone by text"


async def publish_failed(work: UnitOfWork, notices: Collection[Notice]) -> None:
    """Tell of each case of which nobody of the staff could be told something, once for what failed together.

    A notice about such a task makes no other: the task is there until somebody sees to it. Nor does a text
    beside an email, which is on its way, or has failed by itself.
    """
    meant = [notice for notice in notices if notice.is_for_staff and not notice.beside_email]
    if not meant:
        return
    about = await cases.events_at(work, {(one.reference, one.started_by) for one in meant})
    tasks = {place for place, event in about.items() if event.type.endswith(f".{STAFF_NOT_TOLD}")}
    failed = [one for one in meant if (one.reference, one.started_by) not in tasks]
    texts = await duty_texts.failed_beside(work, [one.id for one in failed])
    chains = await chains_of(work, failed)
    tried = {one.id: channels_tried(one, chains[one.id], by_text=one.id in texts) for one in failed}
    for reference, of_one in groupby(sorted(failed, key=_place), key=_reference):
        first, *others = of_one
        in_order = sorted((tried[one.id] for one in (first, *others)), key=len, reverse=True)
        fact = StaffNoticeFailed(
            case=reference,
            kind=first.kind,
            tried=[*dict.fromkeys(chain.from_iterable(in_order))],
            at_once=first.urgency == Urgency.AT_ONCE,
        )
        await _publish(work, str(first.id), fact)


async def publish_arrived(work: UnitOfWork, notices: Collection[Notice]) -> None:
    """Tell of those that were said to have reached nobody of the staff, and have arrived."""
    meant = {str(notice.id): notice for notice in notices if notice.is_for_staff}
    known = await outbox.history(work.session, list(meant)) if meant else {}
    for id, notice in meant.items():
        if known[id] and known[id][-1].type == StaffNoticeFailed.type:
            await _publish(work, id, StaffNoticeSettled(case=notice.reference))


async def publish_told(work: UnitOfWork, event: CaseEvent) -> None:
    """Tell the owner of a case that somebody knows now of what nobody could be told by that event of it."""
    await _publish(work, str(event.id), StaffNoticeSettled(case=event.reference))


def channels_tried(notice: Notice, chain: Sequence[str], *, by_text: bool = False) -> Sequence[str]:
    """The channels by which a notice to staff was tried, in order; `by_text` beside its emails, too."""
    failed = [*(notice.failed_forms or ())]
    last = policy.staff_reader(chain, failed)
    readers = [reader for reader in (*failed, last) if reader and reader != Form.TEXT]
    on_duty = [DUTY_TELEPHONE] if by_text or Form.TEXT in failed else []
    return [*on_duty, *(f"{reader} by email" for reader in readers)]


async def _publish(work: UnitOfWork, id: str, fact: StaffNoticeFailed | StaffNoticeSettled) -> None:
    history = (await outbox.history(work.session, [id]))[id]
    work.record(DeliveredNotice(id, len(history)), fact)


def _reference(notice: Notice) -> str:
    return notice.reference


def _place(notice: Notice) -> tuple[str, int, int]:
    return notice.reference, notice.urgency, notice.started_by
