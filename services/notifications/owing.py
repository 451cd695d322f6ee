"""Notices owed since a case's dates changed: a breach withdrawn, and new dates told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy, storing
from services.notifications.models import Notice, WatchedDeadline
from services.notifications.policy import Delivery, Kind
from services.notifications.queries import Key


async def withdraw_breach(session: AsyncSession, breached: WatchedDeadline, now: datetime) -> None:
    """Mark a breach's notices as withdrawn, and owe whoever was told word that it was none."""
    undone = (
        update(Notice)
        .where(
            Notice.reference == breached.reference,
            Notice.standard == breached.standard,
            Notice.started_by == breached.started_by,
            Notice.kind.in_(policy.ABOUT_A_BREACH),
            Notice.status != Delivery.WITHDRAWN,
        )
        .values(status=Delivery.WITHDRAWN)
        .returning(func.coalesce(Notice.told, Notice.audience), Notice.sent_at, Notice.due_at)
    )
    told = {(audience, due_at) for audience, sent_at, due_at in await session.execute(undone) if sent_at}
    await tell_of_withdrawal(session, breached, told, now)


async def tell_of_withdrawal(
    session: AsyncSession,
    withdrawn: WatchedDeadline | Notice,
    told: Collection[tuple[str, datetime]],
    now: datetime,
) -> None:
    """Owe everybody who was told of a breach, with the date they were told, word that it was none."""
    rows = [
        _notice(withdrawn.reference, Kind.WITHDRAWAL, audience, "withdrawal", due_at, now)
        | {"standard": withdrawn.standard, "started_by": withdrawn.started_by}
        for audience, due_at in sorted(told)
    ]
    await storing.owe(session, rows)


async def tell_new_dates(
    session: AsyncSession,
    fresh: Collection[dict[str, Any]],
    known: dict[Key, WatchedDeadline],
    reference: str,
    version: str,
    now: datetime,
) -> None:
    """Owe a resident who was told a date that has since moved one letter about all of the case's new dates.

    `version` tells one such change of the case and the calendar from the next.
    """
    moved = [
        row["due_at"]
        for row in fresh
        if row["met_at"] is None and row["cancelled_at"] is None
        if (previous := known.get((row["standard"], row["started_by"]))) and previous.due_at != row["due_at"]
    ]
    if moved and await _was_told(session, reference):
        rung = f"new dates {version}"
        notice = _notice(reference, Kind.NEW_DATES, policy.RESIDENT, rung, min(moved), now)
        await storing.owe(session, [notice])


async def _was_told(session: AsyncSession, reference: str) -> bool:
    """Tell whether a date we had may have gone out: a letter that a courier has taken up may be on its way.

    Which dates it told is seen when the new ones are sent. The lock keeps a courier from taking up a letter
    now, and telling the date that we are about to change.
    """
    letters = select(Notice.attempts).where(
        Notice.reference == reference,
        Notice.audience == policy.RESIDENT,
        Notice.kind.in_(policy.TELLING_DATES),
        or_(Notice.status.in_([Delivery.PENDING, Delivery.SENT]), Notice.sent_at.is_not(None)),
    )
    return any(await session.scalars(letters.order_by(Notice.id).with_for_update()))


def _notice(
    reference: str, kind: Kind, audience: str, rung: str, due_at: datetime, now: datetime
) -> dict[str, Any]:
    return {
        "reference": reference,
        "kind": kind,
        "audience": audience,
        "urgency": policy.urgency_of(kind, audience),
        "rung": rung,
        "due_at": due_at,
        "owed_at": now,
    }
