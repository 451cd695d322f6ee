"""The statements about letters as they were sent."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import SentLetter
from services.notifications.notices.queries.letters import Delivered
from shared.app_state import AppState
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.work import UnitOfWork

_COLUMNS = ("letter", "reference", "subject", "text", "language", "sent_at")
_KEEP = insert_rows(table_of(SentLetter), _COLUMNS).on_conflict_do_nothing()


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
