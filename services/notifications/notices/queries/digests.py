"""The statements by which digests are taken up: what can wait, of all cases, for each of the staff."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from services.notifications import policy
from services.notifications.models import Notice, WatchedCase, WatchedDeadline
from services.notifications.notices.queries.letters import LEASE, is_tried_again, waits_for_a_try
from services.notifications.policy import Delivery
from shared.db.tables import INSTANT
from shared.work import UnitOfWork

MOST = 5000
"""Notices that are taken up together; of a storm of more, one more digest leaves."""

Readers = Callable[[Notice, str, str | None], Sequence[str]]
"""The addresses that a notice is for, by the department of its case and its handler's subject."""

_now = func.clock_timestamp(type_=INSTANT)
_is_pending: ColumnElement[bool] = Notice.status == Delivery.PENDING
_is_waiting = waits_for_a_try()
_department = case(
    (Notice.audience.endswith(f" {policy.DEPARTMENT}"), func.split_part(Notice.audience, " ", 1)),
    else_=func.coalesce(WatchedCase.department, ""),
)


async def claim(work: UnitOfWork, due: Mapping[str, datetime], readers: Readers) -> Sequence[Notice]:
    """Take up what was owed by the instant at which a department's digest is `due`, one for each address.

    One that was taken up, and never noted as sent or failed, may have left: it is taken up again as it was.
    The case's row is the lock, as for every letter.
    """
    query = select(WatchedCase.reference).join(Notice, Notice.reference == WatchedCase.reference)
    query = query.where(or_(_again(), _fresh(due))).order_by(Notice.urgency, Notice.created_at).limit(MOST)
    locked = set(await work.session.scalars(query.with_for_update(of=WatchedCase, skip_locked=True)))
    if not locked:
        return []
    query = select(Notice, _department.label("department"))
    query = query.join(WatchedCase, WatchedCase.reference == Notice.reference)
    rows = await work.session.execute(query.where(Notice.reference.in_(locked), or_(_again(), _fresh(due))))
    handlers = await handlers_of(work, locked)
    digests: dict[Sequence[str], UUID] = {}
    letters: dict[UUID, UUID] = {}
    for row in rows:
        notice: Notice = row.Notice
        key = tuple(readers(notice, row.department, handlers.get(notice.reference)))
        letters[notice.id] = notice.sent_with or digests.setdefault(key, uuid4())
    return await _taken(work, letters)


async def oldest_waiting(work: UnitOfWork) -> dict[str, datetime]:
    """By department, since when the oldest notice waits for its digest."""
    query = select(_department.label("department"), func.min(Notice.created_at).label("since"))
    query = query.join(WatchedCase, WatchedCase.reference == Notice.reference)
    rows = await work.session.execute(query.where(_is_pending, Notice.is_for_a_digest).group_by(_department))
    return {row.department: row.since for row in rows}


def _again() -> ColumnElement[bool]:
    return and_(_is_pending, Notice.in_digest, is_tried_again())


def _fresh(due: Mapping[str, datetime]) -> ColumnElement[bool]:
    """Notices that wait for a digest that is due, of cases of which nothing to staff is in doubt."""
    other = aliased(Notice)
    in_doubt = exists().where(
        other.reference == Notice.reference,
        other.letter_to == Notice.letter_to,
        other.status == Delivery.PENDING,
        other.sent_with.is_not(None),
    )
    by_department = [and_(_department == name, Notice.created_at <= at) for name, at in due.items()]
    return and_(
        _is_pending,
        Notice.is_for_a_digest,
        Notice.sent_with.is_(None),
        _is_waiting,
        ~in_doubt,
        or_(false(), *by_department),
    )


async def handlers_of(work: UnitOfWork, references: Collection[str]) -> dict[str, str]:
    """The subjects of the officers who deal with these cases, where they are known."""
    query = select(WatchedDeadline.reference, WatchedDeadline.handler).distinct()
    query = query.where(WatchedDeadline.reference.in_(references), WatchedDeadline.handler.is_not(None))
    return {row.reference: row.handler for row in await work.session.execute(query)}


async def _taken(work: UnitOfWork, letters: Mapping[UUID, UUID]) -> Sequence[Notice]:
    columns = func.unnest(literal([*letters], ARRAY(Uuid)), literal([*letters.values()], ARRAY(Uuid)))
    given = columns.table_valued("id", "letter").render_derived()
    values = {
        "sent_with": given.c.letter,
        "in_digest": True,
        "next_attempt_at": _now + LEASE,
        "attempts": Notice.attempts + 1,
    }
    taken = update(Notice).where(Notice.id == given.c.id, _is_pending).values(values).returning(Notice)
    found = await work.session.scalars(taken.execution_options(populate_existing=True))
    return found.all()
