"""The statements about attempts to deliver letters: begun under a lease, settled, heard of by receipts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    and_,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.notifications.models import LetterAttempt
from services.notifications.notices.queries.letters import LEASE
from services.notifications.policy import Attempt, AttemptState, Failure
from shared.app_state import AppState
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.work import UnitOfWork

_NEW = (
    *("letter", "number", "part_of", "is_copy", "reference", "channel", "form"),
    *("status", "status_at", "leased_until", "content"),
)
_INSERT = insert_rows(table_of(LetterAttempt), _NEW)


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt that is about to be made; `content` is the digest of a text and its number.

    See LetterAttempt for the letter that it is `part_of`, and for what is a copy.
    """

    letter: UUID
    reference: str
    channel: str
    form: str
    content: str | None = None
    part_of: UUID | None = None
    is_copy: bool = False


async def latest(work: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, LetterAttempt]:
    """The latest attempt under each of these names that was ever tried."""
    query = select(LetterAttempt).where(LetterAttempt.letter.in_(ids)).order_by(LetterAttempt.number)
    return {attempt.letter: attempt for attempt in await work.session.scalars(query)}


async def of_letters(work: UnitOfWork, letters: Collection[UUID]) -> dict[UUID, list[LetterAttempt]]:
    """The latest attempt for each reader of these letters; copies are for others."""
    itself = and_(LetterAttempt.letter.in_(letters), LetterAttempt.part_of.is_(None))
    part = and_(LetterAttempt.part_of.in_(letters), ~LetterAttempt.is_copy)
    query = select(LetterAttempt).where(or_(itself, part)).order_by(LetterAttempt.number)
    each = {attempt.letter: attempt for attempt in await work.session.scalars(query)}
    found: dict[UUID, list[LetterAttempt]] = defaultdict(list)
    for attempt in each.values():
        found[attempt.sent_with].append(attempt)
    return found


async def begin(
    work: UnitOfWork, attempts: Sequence[NewAttempt], before: Mapping[UUID, LetterAttempt]
) -> None:
    """Note that letters are being sent, before any of them is: after a crash they may have left."""
    rows = [
        {
            **asdict(one),
            "number": before[one.letter].number + 1 if one.letter in before else 1,
            "status": Attempt.SENDING,
            "status_at": work.now,
            "leased_until": work.now + LEASE,
        }
        for one in attempts
    ]
    if rows:
        await work.session.execute(_INSERT, {ROWS: as_json(rows)})


async def renew(work: UnitOfWork, attempts: Collection[LetterAttempt]) -> None:
    """Take up attempts again of which nobody knows whether they have left."""
    same = [and_(LetterAttempt.letter == one.letter, LetterAttempt.number == one.number) for one in attempts]
    if same:
        renewed = update(LetterAttempt).where(or_(*same)).values(leased_until=work.now + LEASE)
        await work.session.execute(renewed.execution_options(synchronize_session=False))


async def take_turns(work: UnitOfWork, channel: str) -> None:
    """Let nobody else begin attempts by a channel until this transaction ends: they are being counted."""
    await work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"attempts by {channel}"))))


async def begun_within(work: UnitOfWork, channel: str, span: timedelta) -> int:
    """The attempts that were begun by a channel of late."""
    begun = LetterAttempt.channel == channel, LetterAttempt.began_at > func.now() - span
    return await work.session.scalar(select(func.count()).where(*begun)) or 0


async def times_said(work: UnitOfWork, contents: Collection[str], span: timedelta) -> dict[str, int]:
    """By their digests, how often these words went to one telephone of late."""
    query = select(LetterAttempt.content, func.count().label("times")).where(
        LetterAttempt.content.in_(contents), LetterAttempt.began_at > func.now() - span
    )
    rows = await work.session.execute(query.group_by(LetterAttempt.content))
    return {row.content: row.times for row in rows}


async def note_sent(work: UnitOfWork, taken: Sequence[tuple[UUID, str]]) -> None:
    """Note that channels took letters, each with its receipt, unless one that came first said more."""
    columns = func.unnest(
        literal([letter for letter, _ in taken], ARRAY(Uuid)),
        literal([receipt for _, receipt in taken], ARRAY(Text)),
    )
    sent = columns.table_valued("letter", "receipt").render_derived()
    under_way = LetterAttempt.status.in_((Attempt.QUEUED, Attempt.SENDING))
    noted = (
        update(LetterAttempt)
        .where(*_latest_of(sent.c.letter))
        .values(
            receipt=sent.c.receipt,
            status=case((under_way, Attempt.SENT), else_=LetterAttempt.status),
            status_at=case((under_way, work.now), else_=LetterAttempt.status_at),
            leased_until=None,
        )
    )
    await work.session.execute(noted.execution_options(synchronize_session=False))


async def note_failed(work: UnitOfWork, letter: UUID, at: datetime, failure: Failure, reason: str) -> None:
    """Note that a channel did not take a letter, and why."""
    latest = await _locked(work, _latest_of(letter))
    if latest is not None:
        await _settle(work, latest, AttemptState(Attempt.FAILED, at), failure, reason)


async def hear(
    work: UnitOfWork,
    channel: str,
    receipt: str,
    letter: UUID | None,
    state: AttemptState,
    failure: Failure | None,
    reason: str | None,
) -> LetterAttempt | None:
    """Take in what a provider says of an attempt; None if it is of none of ours, or says nothing new.

    A receipt may come before its attempt is noted as sent: then the letter that it names tells which it is.
    """
    own = LetterAttempt.channel == channel
    attempt = await _locked(work, (own, LetterAttempt.receipt == receipt))
    if attempt is None and letter is not None:
        attempt = await _locked(work, (own, LetterAttempt.receipt.is_(None), *_latest_of(letter)))
    if attempt is None:
        return None
    before = attempt.status
    attempt.receipt = receipt
    await _settle(work, attempt, state, failure, reason)
    return attempt if attempt.status != before else None


async def unheard_of(
    work: UnitOfWork, channel: str, quiet_for: timedelta, known_for: timedelta, most: int
) -> Sequence[str]:
    """Take up attempts of which a provider has said nothing final for so long: their receipts.

    Those that it has `known_for` longer are given up on. Each is taken up again after another such silence,
    the longest silent first, and no two workers take up one.
    """
    table = LetterAttempt
    silent = select(table.letter, table.number).where(
        table.channel == channel,
        table.status == Attempt.SENT,
        table.receipt.is_not(None),
        table.asked_at < func.now() - quiet_for,
        table.began_at > func.now() - known_for,
    )
    silent = silent.order_by(table.asked_at).limit(most).with_for_update(skip_locked=True)
    # a CTE that locks is evaluated once; a subquery may be again for each row, past its limit
    taken = silent.cte("silent")
    asked = update(table).where(table.letter == taken.c.letter, table.number == taken.c.number)
    found = await work.session.execute(asked.values(asked_at=func.now()).returning(table.receipt))
    return [str(row.receipt) for row in found]


async def forget(session: AsyncSession, state: AppState, most: int) -> int:
    """Delete attempts that are older than letters are kept (LETTERS_KEPT_DAYS), so many at most."""
    kept = timedelta(days=state.settings.letters_kept_days)
    over = select(LetterAttempt.letter, LetterAttempt.number)
    ended = over.where(LetterAttempt.began_at < func.clock_timestamp() - kept).limit(most).cte("ended")
    gone = delete(LetterAttempt).where(
        LetterAttempt.letter == ended.c.letter, LetterAttempt.number == ended.c.number
    )
    return len((await session.execute(gone.returning(LetterAttempt.letter))).all())


def _latest_of(letter: UUID | ColumnElement[UUID]) -> tuple[ColumnElement[bool], ...]:
    other = aliased(LetterAttempt)
    latest = select(func.max(other.number)).where(other.letter == letter)
    return LetterAttempt.letter == letter, LetterAttempt.number == latest.scalar_subquery()


async def _locked(work: UnitOfWork, conditions: Sequence[ColumnElement[bool]]) -> LetterAttempt | None:
    found = await work.session.scalars(select(LetterAttempt).where(*conditions).limit(1).with_for_update())
    return found.one_or_none()


async def _settle(
    work: UnitOfWork,
    attempt: LetterAttempt,
    heard: AttemptState,
    failure: Failure | None,
    reason: str | None = None,
) -> None:
    stands = AttemptState(Attempt(attempt.status), attempt.status_at).after(heard)
    attempt.leased_until = None
    if stands == heard:
        attempt.status, attempt.status_at = stands.status, stands.at
        attempt.failure, attempt.reason = failure, reason
    # whoever goes on with its notices asks the database if it has left
    await work.session.flush()
