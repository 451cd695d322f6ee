"""The statements about letters as they were sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import with_expression

from services.notifications.models import LetterAttempt, Notice, SentLetter, WatchedCase
from services.notifications.notices.queries.cases import Key, is_worked
from services.notifications.notices.queries.letters import Words
from services.notifications.policy import RESIDENT, Attempt
from shared.app_state import AppState
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.work import UnitOfWork

_COLUMNS = ("letter", "reference", "subject", "text", "language", "sent_at")
_INSERT = insert_rows(table_of(SentLetter), _COLUMNS)
_KEEP = _INSERT.on_conflict_do_update(
    index_elements=["letter", "reference"],
    set_={name: getattr(_INSERT.excluded, name) for name in _COLUMNS[2:]},
)
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
    .where(
        or_(
            LetterAttempt.letter == Notice.sent_with,
            and_(LetterAttempt.part_of == Notice.sent_with, ~LetterAttempt.is_copy),
        ),
        LetterAttempt.status != Attempt.FAILED,
    )
    .order_by(LetterAttempt.number.desc())
    .limit(1)
    .correlate(Notice)
    .scalar_subquery()
)

AS_SENT = (with_expression(Notice.words_kept, _WORDS_KEPT), with_expression(Notice.form, _FORM))
"""The options of a query that reads, with each notice, its form and whether its words can still be read."""


async def keep(work: UnitOfWork, letters: Iterable[tuple[UUID, Mapping[str, Words]]]) -> None:
    """Keep the words of letters that are being sent, of each those with which it leaves last."""
    rows = [
        {
            "letter": letter,
            "reference": reference,
            "subject": words.subject,
            "text": words.text,
            "language": words.language,
            "sent_at": work.now,
        }
        for letter, theirs in letters
        for reference, words in theirs.items()
    ]
    if rows:
        await work.session.execute(_KEEP, {ROWS: as_json(rows)})


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
