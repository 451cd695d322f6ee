"""What notifications keeps of many cases at once, each kind of row by one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, func, literal_column
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import CaseEvent, IndicatorVerdict, Notice, WatchedCase, WatchedDeadline
from services.notifications.policy import Delivery
from shared.events import Event
from shared.rows import ROWS, as_json, insert_rows
from shared.tables import table_of

_EVENT = ("reference", "sequence", "id", "type", "occurred_at", "recorded_at", "facts", "request_id")
_STORE_EVENTS = insert_rows(table_of(CaseEvent), _EVENT).on_conflict_do_nothing()


async def store_events(session: AsyncSession, events: Iterable[Event]) -> None:
    """Keep what was heard; what is there already stays as it is."""
    rows = [{column: getattr(event, column) for column in _EVENT} for event in events]
    await session.execute(_STORE_EVENTS, {ROWS: as_json(rows)})


_cases = table_of(WatchedCase)
_new_cases = insert_rows(_cases, tuple(_cases.c.keys()))
_LOCK_CASES = _new_cases.on_conflict_do_update(
    index_elements=["reference"],
    set_={
        "version": func.greatest(_cases.c.version, _new_cases.excluded.version),
        "department": func.coalesce(_new_cases.excluded.department, _cases.c.department),
        "resident": func.coalesce(_new_cases.excluded.resident, _cases.c.resident),
        "imported": _cases.c.imported | _new_cases.excluded.imported,
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
