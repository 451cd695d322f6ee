"""The statements about letters as they were sent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import with_expression

from services.notifications.models import LetterAttempt, Notice, SentLetter, WatchedCase
from services.notifications.notices.queries.cases import Key, is_worked
from services.notifications.notices.queries.letters import Delivered
from services.notifications.policy import RESIDENT, Attempt
from shared.app_state import AppState
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.work import UnitOfWork

_COLUMNS = ("letter", "reference", "subject", "text", "language", "sent_at")
_KEEP = insert_rows(table_of(SentLetter), _COLUMNS).on_conflict_do_nothing()
_LETTER = and_(SentLetter.letter == Notice.sent_with, SentLetter.reference == Notice.reference)

_IS_OPEN = exists().where(WatchedCase.reference == Notice.reference, WatchedCase.needs_scope.is_(None))

_WORDS_KEPT = and_(
    Notice.sent_at.is_not(None),
    or_(
        exists().where(_LETTER).correlate(Notice),
        and_(Notice.kept_by_owner, _IS_OPEN.correlate(Notice)),
    ),
)
_FORM = (
    select(LetterAttempt.form)
    .where(LetterAttempt.letter == Notice.sent_with, LetterAttempt.status != Attempt.FAILED)
    .order_by(LetterAttempt.number.desc())
    .limit(1)
    .correlate(Notice)
    .scalar_subquery()
)

AS_SENT = (with_expression(Notice.words_kept, _WORDS_KEPT), with_expression(Notice.form, _FORM))
"""The options of a query that reads, with each notice, its form and whether its words can still be read."""


async def keep(work: UnitOfWork, delivered: Iterable[Delivered]) -> None:
    """Keep the words of letters; of one that left a second time under its own name they stay as they were."""
    rows = {
        (one.notice.sent_with, one.notice.reference): {
            "letter": one.notice.sent_with,
            "reference": one.notice.reference,
            "subject": one.words.subject,
            "text": one.words.text,
            "language": one.words.language,
            "sent_at": work.now,
        }
        for one in delivered
        if one.words is not None
    }
    if rows:
        await work.session.execute(_KEEP, {ROWS: as_json(rows.values())})


async def of_notice(work: UnitOfWork, id: UUID) -> tuple[Notice, WatchedCase, SentLetter | None] | None:
    """A notice that left about a case which the officer works, and its words if they are kept here."""
    query = (
        select(Notice, WatchedCase, SentLetter)
        .join(WatchedCase, WatchedCase.reference == Notice.reference)
        .outerjoin(SentLetter, _LETTER)
        .where(Notice.id == id, Notice.sent_at.is_not(None), is_worked(work))
        .options(*AS_SENT)
    )
    row = (await work.session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def dates_sent(work: UnitOfWork, reference: str) -> dict[Key, dict[datetime, datetime]]:
    """By promise, the dates that a case's resident was sent, each with when it first was."""
    query = select(Notice).where(
        Notice.reference == reference,
        func.coalesce(Notice.told, Notice.audience) == RESIDENT,
        Notice.told_dates.is_not(None),
        Notice.sent_at.is_not(None),
    )
    found: dict[Key, dict[datetime, datetime]] = defaultdict(dict)
    for notice in await work.session.scalars(query.order_by(Notice.sent_at)):
        assert notice.sent_at is not None
        for told in notice.told_dates or ():
            dates = found[told["standard"], told["started_by"]]
            dates.setdefault(datetime.fromisoformat(told["due_at"]), notice.sent_at)
    return found


async def forget(session: AsyncSession, state: AppState, most: int) -> int:
    """Delete letters whose retention is over (LETTERS_KEPT_DAYS), so many at most; returns how many."""
    kept = timedelta(days=state.settings.letters_kept_days)
    over = select(SentLetter.letter, SentLetter.reference).where(
        SentLetter.sent_at < func.clock_timestamp() - kept
    )
    ended = over.limit(most).cte("ended")
    gone = delete(SentLetter).where(
        SentLetter.letter == ended.c.letter, SentLetter.reference == ended.c.reference
    )
    return len((await session.execute(gone.returning(SentLetter.letter))).all())
