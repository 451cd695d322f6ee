"""Bulk writes of notifications: each kind of row of many cases by one statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, delete, func, literal_column, null, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import CaseEvent, IndicatorVerdict, Notice, WatchedCase, WatchedDeadline
from services.notifications.policy import Delivery
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.events import Event

_EVENT = ("reference", "sequence", "id", "type", "occurred_at", "recorded_at", "facts", "request_id")
_STORE_EVENTS = (
    insert_rows(table_of(CaseEvent), _EVENT).on_conflict_do_nothing().returning(table_of(CaseEvent).c.id)
)


async def store_events(session: AsyncSession, events: Sequence[Event]) -> list[Event]:
    """Keep what was heard, and return the events in whose place in their case is another.

    What is there already stays as it is: the same event heard again, and the other one too, for only the
    owner can say which of the two is its own.
    """
    rows = [{column: getattr(event, column) for column in _EVENT} for event in events]
    stored = set(await session.scalars(_STORE_EVENTS, {ROWS: as_json(rows)}))
    known = [event for event in events if event.id not in stored]
    if not known:
        return []
    place = tuple_(CaseEvent.reference, CaseEvent.sequence)
    query = select(CaseEvent.reference, CaseEvent.sequence, CaseEvent.id)
    found = await session.execute(query.where(place.in_([_place(event) for event in known])))
    there = {(row.reference, row.sequence): row.id for row in found}
    return [event for event in known if there[_place(event)] != event.id]


def _place(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


async def remove_events(session: AsyncSession, reference: str, ids: Collection[UUID]) -> None:
    """Forget events of a case that its owner does not have."""
    gone = delete(CaseEvent).where(CaseEvent.reference == reference, CaseEvent.id.in_(ids))
    await session.execute(gone)


async def dispute(session: AsyncSession, references: Collection[str]) -> None:
    """Note that the histories of these cases are in doubt, until they are had from their owners."""
    doubtful = update(WatchedCase).where(WatchedCase.reference.in_(references))
    await session.execute(doubtful.values(disputed_at=func.clock_timestamp()))


async def settle(session: AsyncSession, reference: str, disputed_at: datetime | None) -> None:
    """Note that a case's history is its owner's, unless it was disputed again after `disputed_at`."""
    latest = select(func.max(CaseEvent.sequence)).where(CaseEvent.reference == reference)
    case = update(WatchedCase).where(WatchedCase.reference == reference)
    await session.execute(case.values(version=latest.scalar_subquery()))
    await session.execute(
        case.where(WatchedCase.disputed_at.is_not_distinct_from(disputed_at)).values(disputed_at=None)
    )


async def lose(session: AsyncSession, reference: str) -> bool:
    """Promise nothing more about a case that its owner does not have; False if it was lost before.

    What was heard of it stays.
    """
    case = update(WatchedCase).where(WatchedCase.reference == reference, WatchedCase.lost_at.is_(None))
    lost = case.values(lost_at=func.clock_timestamp(), disputed_at=None).returning(WatchedCase.reference)
    if await session.scalar(lost) is None:
        return False
    for derived in (WatchedDeadline, IndicatorVerdict):
        await session.execute(delete(derived).where(derived.reference == reference))
    return True


async def forget_verdicts(session: AsyncSession, reference: str) -> None:
    """Forget what a case said of the indicators, before it is asked anew."""
    await session.execute(delete(IndicatorVerdict).where(IndicatorVerdict.reference == reference))


_cases = table_of(WatchedCase)
_new_cases = insert_rows(_cases, tuple(_cases.c.keys()))
_LOCK_CASES = _new_cases.on_conflict_do_update(
    index_elements=["reference"],
    set_={
        "version": func.greatest(_cases.c.version, _new_cases.excluded.version),
        "department": func.coalesce(_new_cases.excluded.department, _cases.c.department),
        "resident": func.coalesce(_new_cases.excluded.resident, _cases.c.resident),
        "imported": _cases.c.imported | _new_cases.excluded.imported,
        "lost_at": null(),  # a case that is heard of is there
    },
    # PostgreSQL's way to tell an insert from an update
).returning(_cases.c.reference, literal_column("xmax = 0", Boolean).label("created"))


async def lock_cases(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Create or update the cases' rows, which locks them; returns the references of those created.

    Rows must be in order of reference: two consumers with events of one case so work on it one after the
    other, and never in a deadlock.
    """
    answered = await session.execute(_LOCK_CASES, {ROWS: as_json(rows)})
    return {row.reference for row in answered if row.created}


_deadlines = table_of(WatchedDeadline)
_new_deadlines = insert_rows(_deadlines, tuple(_deadlines.c.keys()))
_STORE = _new_deadlines.on_conflict_do_update(
    index_elements=[column.name for column in _deadlines.primary_key],
    set_={
        column.name: _new_deadlines.excluded[column.name] for column in _deadlines.c if not column.primary_key
    },
)


async def store_deadlines(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the deadlines of cases, in place of what was derived before."""
    if rows:
        await session.execute(_STORE, {ROWS: as_json(rows)})


_new_verdicts = insert_rows(table_of(IndicatorVerdict), ("reference", "indicator", "at", "kept"))
_STORE_VERDICTS = _new_verdicts.on_conflict_do_update(
    index_elements=["reference", "indicator"],
    set_={"at": _new_verdicts.excluded.at, "kept": _new_verdicts.excluded.kept},
)


async def store_verdicts(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what cases say of the indicators now, in place of what they said before."""
    if rows:
        await session.execute(_STORE_VERDICTS, {ROWS: as_json(rows)})


_NOTICE: dict[str, Any] = {
    "reference": None,
    "kind": None,
    "audience": None,
    "urgency": None,
    "standard": "",
    "started_by": 0,
    "rung": None,
    "due_at": None,
    "stands_for": (),
    "status": Delivery.PENDING,
    "owed_at": None,
    "attempts": 0,
    "request_id": None,
}
_OWE = insert_rows(table_of(Notice), ("id", *_NOTICE)).on_conflict_do_nothing()


async def owe(session: AsyncSession, notices: Iterable[Mapping[str, Any]]) -> None:
    """Owe these notices; one that is owed or was sent already stays as it is."""
    if rows := [{"id": uuid4(), **_NOTICE, **notice} for notice in notices]:
        await session.execute(_OWE, {ROWS: as_json(rows)})


async def withdraw_announcements(
    session: AsyncSession, reference: str, still_owed: Iterable[Mapping[str, Any]]
) -> None:
    """Withdraw the notices of a case's events that wait to be sent, but for those still owed."""
    identity = ("started_by", "rung", "audience", "due_at")
    owed = {tuple(notice[name] for name in identity) for notice in still_owed}
    waiting = select(Notice).where(
        Notice.reference == reference,
        Notice.standard == "",
        Notice.started_by > 0,
        Notice.status == Delivery.PENDING,
    )
    for notice in await session.scalars(waiting.with_for_update()):
        if tuple(getattr(notice, name) for name in identity) not in owed:
            notice.status, notice.reason = Delivery.WITHDRAWN, "NotInItsOwnersHistory"
