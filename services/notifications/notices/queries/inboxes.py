"""The statements of inboxes: notices that reached a caller, and the marks of those that were read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from services.notifications import policy
from services.notifications.models import Notice, NoticeRead, SentLetter, WatchedCase, WatchedDeadline
from services.notifications.notices.queries.cases import is_worked
from services.notifications.notices.queries.sent import AS_SENT
from shared.caller import Role
from shared.cases.access import own_of
from shared.text import digest_of
from shared.work import UnitOfWork

MANAGERS = "manager"
"""The scope of those who read what is told to managers."""

_reader = func.coalesce(Notice.told, Notice.audience)


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice that was sent, with the words of its letter where they are kept, and when it was read."""

    notice: Notice
    case: WatchedCase
    letter: SentLetter | None
    read_at: datetime | None


async def entries(work: UnitOfWork, after: list[str] | None, limit: int) -> Sequence[Entry]:
    """One more than a page of what the caller was sent, the latest first."""
    query = _entries(work)
    if after is not None:
        place = tuple_(datetime.fromisoformat(after[0]), UUID(after[1]))
        query = query.where(tuple_(Notice.sent_at, Notice.id) < place)
    query = query.order_by(Notice.sent_at.desc(), Notice.id.desc()).limit(limit + 1)
    return [Entry(*row) for row in await work.session.execute(query)]


async def entry(work: UnitOfWork, notice: UUID) -> Entry | None:
    """One notice that the caller was sent."""
    row = (await work.session.execute(_entries(work).where(Notice.id == notice))).one_or_none()
    return Entry(*row) if row else None


async def mark_read(work: UnitOfWork, notice: UUID) -> None:
    """Mark a notice as read by the caller; one that was read before keeps its instant."""
    mark = insert(NoticeRead).values(notice=notice, reader=_me(work), read_at=work.now)
    await work.session.execute(mark.on_conflict_do_nothing())


def _entries(work: UnitOfWork) -> Any:
    letter = and_(SentLetter.letter == Notice.sent_with, SentLetter.reference == Notice.reference)
    mine = and_(NoticeRead.notice == Notice.id, NoticeRead.reader == _me(work))
    return (
        select(Notice, WatchedCase, SentLetter, NoticeRead.read_at)
        .join(WatchedCase, WatchedCase.reference == Notice.reference)
        .outerjoin(SentLetter, letter)
        .outerjoin(NoticeRead, mine)
        .options(*AS_SENT)
        # what a duty telephone was texted, its department has in an email
        .where(Notice.sent_at.is_not(None), ~Notice.beside_email, or_(false(), *_theirs(work)))
    )


def _theirs(work: UnitOfWork) -> Iterator[ColumnElement[bool]]:
    caller = work.caller
    if caller.is_a(Role.RESIDENT):
        # what is guarded is in no inbox that somebody else at home may open
        yield and_(_reader == policy.RESIDENT, own_of(WatchedCase, caller), WatchedCase.needs_scope.is_(None))
    if caller.is_a(Role.OFFICER):
        handled = exists().where(
            WatchedDeadline.reference == Notice.reference, WatchedDeadline.handler == caller.subject
        )
        told = [policy.DEPARTMENT, *([policy.MANAGER] if MANAGERS in caller.scopes else [])]
        to_me = or_(_reader.in_(told), and_(_reader == policy.HANDLER, handled))
        yield and_(is_worked(work), to_me)
        # another department than the case's own is told of it, and does not see the case
        others = sorted(f"{each} {policy.DEPARTMENT}" for each in caller.departments)
        yield and_(_reader.in_(others), WatchedCase.needs_scope.is_(None))


def _me(work: UnitOfWork) -> str:
    return digest_of(work.caller.identity)
