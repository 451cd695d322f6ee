"""The statements of intake: each kind of row of many cases by one statement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, and_, delete, func, literal_column, null, select, tuple_, update

from services.notifications.models import CaseEvent, WatchedCase, WatchedDeadline
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.events import Event
from shared.work import UnitOfWork

_EVENT = ("reference", "sequence", "id", "type", "occurred_at", "recorded_at", "facts", "request_id")
_STORE_EVENTS = (
    insert_rows(table_of(CaseEvent), _EVENT).on_conflict_do_nothing().returning(table_of(CaseEvent).c.id)
)


async def store_events(work: UnitOfWork, events: Sequence[Event]) -> list[Event]:
    """Keep the events received, and return the events in whose place in their case is another.

    What is there already stays as it is: the same event received again, and the other one too, for only the
    owner can say which of the two is its own.
    """
    rows = [{column: getattr(event, column) for column in _EVENT} for event in events]
    stored = set(await work.session.scalars(_STORE_EVENTS, {ROWS: as_json(rows)}))
    known = [event for event in events if event.id not in stored]
    if not known:
        return []
    place = tuple_(CaseEvent.reference, CaseEvent.sequence)
    query = select(CaseEvent.reference, CaseEvent.sequence, CaseEvent.id)
    found = await work.session.execute(query.where(place.in_([_place(event) for event in known])))
    there = {(row.reference, row.sequence): row.id for row in found}
    return [event for event in known if there[_place(event)] != event.id]


def _place(event: Event) -> tuple[str, int]:
    return event.reference, event.sequence


async def remove_events(work: UnitOfWork, reference: str, ids: Collection[UUID]) -> None:
    """Forget events of a case that its owner does not have."""
    gone = delete(CaseEvent).where(CaseEvent.reference == reference, CaseEvent.id.in_(ids))
    await work.session.execute(gone)


async def dispute(work: UnitOfWork, references: Collection[str]) -> None:
    """Note that the histories of these cases are in doubt, until they are had from their owners."""
    doubtful = update(WatchedCase).where(WatchedCase.reference.in_(references))
    await work.session.execute(doubtful.values(disputed_at=func.clock_timestamp()))


async def settle(work: UnitOfWork, reference: str, disputed_at: datetime | None) -> None:
    """Note that a case's history is its owner's, unless it was disputed again after `disputed_at`."""
    latest = select(func.max(CaseEvent.sequence)).where(CaseEvent.reference == reference)
    case = update(WatchedCase).where(WatchedCase.reference == reference)
    await work.session.execute(case.values(version=latest.scalar_subquery()))
    await work.session.execute(
        case.where(WatchedCase.disputed_at.is_not_distinct_from(disputed_at)).values(disputed_at=None)
    )


async def lose(work: UnitOfWork, reference: str) -> bool:
    """Promise nothing more about a case that its owner does not have; False if it was lost before.

    The events received of it stay.
    """
    case = update(WatchedCase).where(WatchedCase.reference == reference, WatchedCase.lost_at.is_(None))
    lost = case.values(lost_at=func.clock_timestamp(), disputed_at=None).returning(WatchedCase.reference)
    if await work.session.scalar(lost) is None:
        return False
    await work.session.execute(delete(WatchedDeadline).where(WatchedDeadline.reference == reference))
    return True


_cases = table_of(WatchedCase)
_new_cases = insert_rows(_cases, tuple(_cases.c.keys()))
_LOCK_CASES = _new_cases.on_conflict_do_update(
    index_elements=["reference"],
    set_={
        "version": func.greatest(_cases.c.version, _new_cases.excluded.version),
        "department": func.coalesce(_new_cases.excluded.department, _cases.c.department),
        "resident": func.coalesce(_new_cases.excluded.resident, _cases.c.resident),
        "imported": _cases.c.imported | _new_cases.excluded.imported,
        "lost_at": null(),  # an event received proves that the case is there
    },
    # PostgreSQL's way to tell an insert from an update
).returning(_cases.c.reference, literal_column("xmax = 0", Boolean).label("created"))


async def lock_cases(work: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Create or update the cases' rows, which locks them; returns the references of those created.

    Rows must be in order of reference: two consumers with events of one case so work on it one after the
    other, and never in a deadlock.
    """
    answered = await work.session.execute(_LOCK_CASES, {ROWS: as_json(rows)})
    return {row.reference for row in answered if row.created}


async def openings(work: UnitOfWork, references: Collection[str]) -> Mapping[str, bool]:
    """The cases of these whose opening is known, each with whether it was brought over from an old system."""
    if not references:
        return {}
    query = select(WatchedCase.reference, WatchedCase.imported)
    opening = and_(CaseEvent.reference == WatchedCase.reference, CaseEvent.sequence == 1)
    query = query.join(CaseEvent, opening).where(WatchedCase.reference.in_(references))
    return {row.reference: row.imported for row in await work.session.execute(query)}
