"""The statements by which letters are taken up, noted as sent, and tried again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from services.notifications import policy
from services.notifications.models import LetterAttempt, Notice, WatchedCase
from services.notifications.notices.addressing import NoFormLeft
from services.notifications.policy import Attempt, Delivery, Kind, Urgency
from shared.db.leases import is_over
from shared.db.tables import INSTANT
from shared.work import UnitOfWork

LEASE = timedelta(seconds=60)

_is_pending: ColumnElement[bool] = Notice.status == Delivery.PENDING
_may_leave_again = Notice.status.in_((Delivery.PENDING, Delivery.SENT))
_now = func.clock_timestamp(type_=INSTANT)


def waits_for_a_try(notice: type[Notice] = Notice) -> ColumnElement[bool]:
    """The notices whose pause or lease is over: by how often one was tried, each lasts so long at most."""
    longest = case(
        {
            attempts: max(LEASE, timedelta(seconds=seconds))
            for attempts, seconds in enumerate(policy.RETRY_SECONDS, start=1)
        },
        value=notice.attempts,
        else_=LEASE,
    )
    return is_over(notice.next_attempt_at, longest, _now)


def is_tried_again() -> ColumnElement[bool]:
    """The notices of letters that are due for their next try, all together, whenever each would be by itself.

    One that a letter left without would be taken for told by it.
    """
    other = aliased(Notice)
    its_letter = other.sent_with == Notice.sent_with, other.status == Delivery.PENDING
    with_it = exists().where(*its_letter, other.sent_with.is_not(None), waits_for_a_try(other))
    return and_(Notice.sent_with.is_not(None), or_(_is_waiting, with_it))


_is_waiting = waits_for_a_try()

_has_left_maybe = exists().where(
    or_(LetterAttempt.letter == Notice.sent_with, LetterAttempt.part_of == Notice.sent_with),
    LetterAttempt.status != Attempt.FAILED,
)
# whatever comes between, one that may have left, if to one reader, keeps its name: by that it is looked for
LETTER_IN_DOUBT = case((_has_left_maybe.correlate(Notice), Notice.sent_with), else_=null())


async def claim(
    work: UnitOfWork,
    batch: int,
    gather: timedelta,
    new_dates_wait: timedelta,
    least: Urgency = Urgency.IN_TURN,
) -> Sequence[Notice]:
    """Take up the most urgent that wait, so that no other worker does; a lease that runs out frees them.

    None is less urgent than the `least`.

    With a notice, all that its reader is owed about the case leaves in one letter, which `sent_with` names;
    but one whose letter the owner wrote leaves alone, and first: what it has told is then known. New dates
    alone wait for more of them, since one correction of the calendar seldom stays the only one.
    One that was taken up, and never noted as sent or failed, may have left, so it is taken up again as it
    was, and nothing more about the case is told to its reader before. The case's row is the lock: two
    workers cannot make two letters of it, nor can one tell a date that is being changed.
    """
    wait = case((Notice.kind == Kind.NEW_DATES, max(gather, new_dates_wait)), else_=gather)
    gathered = or_(Notice.attempts > 0, is_over(Notice.created_at + wait, wait, _now))
    most_urgent = select(WatchedCase.reference).join(Notice, Notice.reference == WatchedCase.reference)
    # what waits for a digest is no reason to write, but for one that went along with what could not wait
    alone = or_(~Notice.is_for_a_digest, and_(Notice.sent_with.is_not(None), ~Notice.in_digest))
    most_urgent = most_urgent.where(_is_pending, Notice.urgency <= least, _is_waiting, gathered, alone)
    most_urgent = most_urgent.order_by(Notice.urgency, Notice.next_attempt_at).limit(batch)
    lock = most_urgent.with_for_update(of=WatchedCase, skip_locked=True)
    locked = set(await work.session.scalars(lock))
    if not locked:
        return []
    # A letter bears the name of its first notice, unless a letter of that name may have left without it.
    name = case((Notice.attempts == 0, Notice.id), else_=func.gen_random_uuid())
    free = (
        select(Notice.id, Notice.sent_with, Notice.reference, Notice.letter_to.label("letter_to"))
        .add_columns(
            name.label("name"), Notice.attempts, Notice.urgency, Notice.owed_at, Notice.kept_by_owner
        )
        .where(Notice.reference.in_(locked), _may_leave())
        .cte("free")
    )
    of_the_first = func.first_value(free.c.name).over(
        partition_by=[free.c.reference, free.c.letter_to, case((free.c.kept_by_owner, free.c.id))],
        order_by=[free.c.attempts > 0, free.c.urgency, free.c.owed_at, free.c.id],
    )
    letters = select(free.c.id, func.coalesce(free.c.sent_with, of_the_first).label("letter")).cte("letters")
    # One that goes with others before its own time has not been tried once more by that.
    attempts = func.greatest(Notice.attempts + cast(_is_waiting, Integer), 1)
    taken = update(Notice).where(Notice.id == letters.c.id, _is_pending)
    values = {"sent_with": letters.c.letter, "in_digest": False}
    values |= {"next_attempt_at": _now + LEASE, "attempts": attempts}
    return (await work.session.scalars(taken.values(values).returning(Notice))).all()


def _may_leave() -> ColumnElement[bool]:
    """The notices that may be taken up: nothing while a letter of the same case and reader is in doubt.

    What is told at once waits for the first try of such a letter alone: the next may be hours away. What
    waits for a digest goes along with what cannot wait: one case, one letter.
    """
    other = aliased(Notice)
    others = (
        other.reference == Notice.reference,
        other.letter_to == Notice.letter_to,
        other.status == Delivery.PENDING,
    )
    holds_up = or_(Notice.urgency > Urgency.AT_ONCE, other.attempts <= 1)
    in_doubt = exists().where(*others, other.sent_with.is_not(None), ~other.in_digest, holds_up)
    written = exists().where(*others, other.kept_by_owner, holds_up)
    urgent = exists().where(*others, other.sent_with.is_(None), ~other.is_for_a_digest)
    again = and_(is_tried_again(), ~Notice.in_digest)
    first = and_(Notice.sent_with.is_(None), ~in_doubt, or_(~Notice.is_for_a_digest, urgent))
    return and_(_is_pending, or_(again, first), or_(Notice.kept_by_owner, ~written))


@dataclass(frozen=True, slots=True)
class Words:
    """The words about one case, as their reader gets them."""

    subject: str
    text: str
    language: str


async def end(work: UnitOfWork, notice: Notice, status: Delivery, reason: str) -> bool:
    """Let a notice wait no more; returns whether it waited, and was not ended otherwise meanwhile.

    A late receipt finds it by the letter that may have left.
    """
    return await _change(work, notice, {"status": status, "reason": reason, "sent_with": LETTER_IN_DOUBT})


async def try_again(work: UnitOfWork, notice: Notice, after: timedelta) -> None:
    """Let a notice wait for its next try, with others unless its letter may have left already."""
    await _change(work, notice, {"next_attempt_at": _now + after, "sent_with": LETTER_IN_DOUBT})


_OF_A_LETTER = ("sent_at", "told", "told_dates", "channel", "receipt")
_IN_DOUBT = {
    "told": func.coalesce(Notice.told, Notice.leaving["reader"].astext),
    "told_dates": func.coalesce(Notice.told_dates, Notice.leaving["told_dates"]),
}
_AS_IT_LEFT = func.jsonb_build_object(
    literal("letter", Text),
    Notice.sent_with,
    *(
        part
        for name in _OF_A_LETTER
        for part in (literal(name, Text), _IN_DOUBT.get(name, getattr(Notice, name)))
    ),
    type_=JSONB,
)
# what a notice knew of a letter that has left, or may have, stays with it under that letter's name
_AFRESH = {
    **dict.fromkeys(("sent_with", "sent_at", "delivered_at", "told", "channel", "receipt")),
    "told_dates": null(),
    "leaving": null(),
    "came_back": case(
        (
            or_(Notice.sent_at.is_not(None), LETTER_IN_DOUBT.is_not(None)),
            Notice.came_back.op("||")(_AS_IT_LEFT),
        ),
        else_=Notice.came_back,
    ),
}


async def leave_again(
    work: UnitOfWork, ids: Collection[UUID], *, failed: str | None = None, after: timedelta = timedelta(0)
) -> None:
    """Let notices leave again as if they had not left before, and not in the form that `failed`, if one did.

    The dates that a letter told are not known to anybody when it came back.
    """
    values: dict[str, Any] = {
        "status": Delivery.PENDING,
        "next_attempt_at": _now + after,
        **_AFRESH,
    }
    if failed is not None:
        values["to_duty_phone"] = False
        values["failed_forms"] = func.array_append(Notice.failed_forms, failed)
    await work.session.execute(update(Notice).where(Notice.id.in_(ids), _may_leave_again).values(values))


async def try_again_elsewhere(work: UnitOfWork, references: Collection[str]) -> None:
    """Let letters outside that were given up on leave again: how to reach their readers was corrected."""
    given_up = (
        Notice.reference.in_(references),
        Notice.audience.in_(policy.OUTSIDE),
        Notice.status == Delivery.FAILED,
        or_(Notice.failed_forms != [], Notice.reason == NoFormLeft.__name__),
    )
    values: dict[str, Any] = {
        **_AFRESH,
        "status": Delivery.PENDING,
        "failed_forms": [],
        "reason": None,
        "attempts": 1,
        "next_attempt_at": _now,
    }
    await work.session.execute(update(Notice).where(*given_up).values(values))


async def leave_apart(work: UnitOfWork, letters: Mapping[UUID, Collection[UUID]]) -> None:
    """Let what was to leave in these letters, and is not among those notices that they tell, leave in others.

    Some of it may have left at an earlier try: better told twice than by a letter that says nothing of it.
    """
    told = [id for ids in letters.values() for id in ids]
    left_out = Notice.sent_with.in_([*letters]), Notice.id.not_in(told), _is_pending
    values = {"sent_with": None, "leaving": null(), "attempts": func.greatest(Notice.attempts, 1)}
    await work.session.execute(update(Notice).where(*left_out).values(values))


async def put_off(work: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Let notices wait for a safe time; they have not been tried by that."""
    values: dict[str, Any] = {"next_attempt_at": _now + LEASE, "sent_with": LETTER_IN_DOUBT}
    values["attempts"] = Notice.attempts - 1
    await work.session.execute(update(Notice).where(Notice.id.in_(ids), _is_pending).values(values))


async def _change(work: UnitOfWork, notice: Notice, values: dict[str, Any]) -> bool:
    changed = update(Notice).where(Notice.id == notice.id, _is_pending).values(values).returning(Notice.id)
    return await work.session.scalar(changed) is not None


async def notices_with_dates(work: UnitOfWork, references: Sequence[str]) -> dict[str, list[Notice]]:
    """By case, the notices that told somebody dates, in the order of sending."""
    query = select(Notice).where(
        Notice.reference.in_(references), Notice.told_dates.is_not(None), Notice.sent_at.is_not(None)
    )
    found: dict[str, list[Notice]] = defaultdict(list)
    for notice in await work.session.scalars(query.order_by(Notice.sent_at, Notice.owed_at)):
        found[notice.reference].append(notice)
    return found


async def clock(work: UnitOfWork) -> datetime:
    """The instant by the database's clock."""
    now: datetime = (await work.session.execute(select(_now))).scalar_one()
    return now


async def left_with(work: UnitOfWork, letter: UUID) -> Sequence[Notice]:
    """The notices that left in a letter, locked, and are known as sent."""
    query = select(Notice).where(Notice.sent_with == letter, Notice.status == Delivery.SENT)
    return (await work.session.scalars(query.order_by(Notice.id).with_for_update())).all()


async def note_returned(work: UnitOfWork, notice: Notice, reason: str) -> None:
    """Mark a notice whose letter came back as failed; it is not tried again."""
    returned = update(Notice).where(Notice.id == notice.id, Notice.status == Delivery.SENT)
    await work.session.execute(returned.values(status=Delivery.FAILED, reason=reason))
