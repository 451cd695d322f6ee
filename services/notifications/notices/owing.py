"""Notices owed since something became known: an event, a breach that was none, and dates that have moved."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from services.notifications import policy
from services.notifications.models import Notice, WatchedDeadline
from services.notifications.notices.queries import owed as queries
from services.notifications.notices.queries.cases import Key
from services.notifications.notices.rows import Messages, bundled
from services.notifications.policy import Kind
from shared.events import Event
from shared.work import UnitOfWork


def announcements(
    messages: Messages, events: Iterable[Event], imported: Collection[str] = ()
) -> list[dict[str, Any]]:
    """A notice for everybody who is told of these events at once; of `imported` cases only for some staff."""
    return [
        {
            "reference": event.reference,
            "kind": message.kind,
            "audience": audience,
            "urgency": message.urgency,
            "kept_by_owner": message.kept_by_owner,
            "started_by": event.sequence,
            "rung": message.kind,
            "due_at": event.occurred_at,
            "owed_at": event.recorded_at,
            "request_id": event.request_id,
        }
        for event in events
        for message in messages.announcing(event)
        if message.of_imported or event.reference not in imported
        for audience in message.audiences
    ]


async def withdraw_breach(work: UnitOfWork, breached: WatchedDeadline) -> None:
    """Mark a breach's notices as withdrawn, and owe whoever was told word that it was none."""
    await tell_of_withdrawal(work, breached, await queries.undo_breach(work, breached))


async def tell_of_withdrawal(
    work: UnitOfWork, withdrawn: WatchedDeadline | Notice, told: Collection[tuple[str, datetime]]
) -> None:
    """Owe everybody who was told of a breach, with the date they were told, word that it was none."""
    rows = [
        _notice(work, withdrawn.reference, Kind.WITHDRAWAL, audience, "withdrawal", due_at)
        | {"standard": withdrawn.standard, "started_by": withdrawn.started_by}
        for audience, due_at in sorted(told)
    ]
    await queries.owe(work, rows)


async def stand_down(work: UnitOfWork, messages: Messages, reference: str) -> None:
    """Owe whoever was rung about a case word that nobody needs to go out any more, once for each ring.

    If that is so of each is seen when it is sent.
    """
    rung = await queries.rung(work, reference, messages.rings)
    rows = [
        _notice(work, reference, Kind.STAND_DOWN, audience, Kind.STAND_DOWN, due_at)
        | {"started_by": started_by}
        for started_by, audience, due_at in rung
    ]
    await queries.owe(work, rows)


async def tell_new_dates(
    work: UnitOfWork,
    reference: str,
    version: str,
    fresh: Iterable[Mapping[str, Any]],
    known: Mapping[Key, WatchedDeadline],
) -> None:
    """Owe a resident who was told a date that has since moved one letter about all of the case's new dates.

    `version` tells one such change of the case and the calendar from the next.
    """
    moved = [
        row["due_at"]
        for row in fresh
        if row["met_at"] is None and row["cancelled_at"] is None
        if not work.state.catalogue.is_for_staff(row["standard"])
        if (previous := known.get((row["standard"], row["started_by"]))) and previous.due_at != row["due_at"]
    ]
    if moved and await queries.may_have_been_told(work, reference):
        rung = f"new dates {version}"
        await queries.owe(work, [_notice(work, reference, Kind.NEW_DATES, policy.RESIDENT, rung, min(moved))])


def _notice(
    work: UnitOfWork, reference: str, kind: Kind, audience: str, rung: str, due_at: datetime
) -> dict[str, Any]:
    return {
        "reference": reference,
        "kind": kind,
        "audience": audience,
        "urgency": bundled().about_deadline(kind, audience).urgency,
        "rung": rung,
        "due_at": due_at,
        "owed_at": work.now,
    }
