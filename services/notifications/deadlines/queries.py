"""The statements about cases' histories and deadlines."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, false, func, not_, or_, select, true, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.notifications.models import (
    STATES,
    CalendarChange,
    StandardsChange,
    WatchedCase,
    WatchedDeadline,
)
from services.notifications.notices.queries.cases import Key, is_worked
from shared.db.bulk_insert import ROWS, as_json, insert_rows
from shared.db.tables import table_of
from shared.references import all_normalised
from shared.standards.deadlines import State
from shared.text import compared
from shared.work import UnitOfWork

_deadlines = table_of(WatchedDeadline)
_new_deadlines = insert_rows(_deadlines, tuple(_deadlines.c.keys()))
_STORE = _new_deadlines.on_conflict_do_update(
    index_elements=[column.name for column in _deadlines.primary_key],
    set_={
        column.name: _new_deadlines.excluded[column.name] for column in _deadlines.c if not column.primary_key
    },
)


async def store_deadlines(work: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the deadlines of cases, in place of what was derived before."""
    if rows:
        await work.session.execute(_STORE, {ROWS: as_json(rows)})


async def forget_deadlines(work: UnitOfWork, reference: str, keys: Collection[Key]) -> None:
    """Forget deadlines of a case that never were."""
    key = tuple_(WatchedDeadline.standard, WatchedDeadline.started_by)
    gone = delete(WatchedDeadline).where(WatchedDeadline.reference == reference, key.in_(keys))
    await work.session.execute(gone)


async def mark_without_promises(work: UnitOfWork, references: Collection[str]) -> None:
    """Mark cases that should have promises and have none."""
    cases = update(WatchedCase).where(WatchedCase.reference.in_(references))
    await work.session.execute(cases.values(without_promises=True))


_ARE_DUE = select(exists().where(WatchedDeadline.next_rung_at <= func.now()))


async def are_due(asked: AsyncSession | AsyncConnection, questions: Sequence[tuple[()]]) -> Sequence[bool]:
    """Tell whether any deadline has a step to be taken, by the database's clock when the question began.

    `clock_timestamp` would be another instant for each row, and so keep PostgreSQL from using the index.
    """
    return [bool(await asked.scalar(_ARE_DUE))] * len(questions)


async def deadlines_due(work: UnitOfWork, now: datetime, limit: int) -> Sequence[WatchedDeadline]:
    """Deadlines with a step to be taken, locked; those that another sweep holds are passed over."""
    due = select(WatchedDeadline).where(WatchedDeadline.next_rung_at <= now)
    due = due.order_by(WatchedDeadline.next_rung_at).limit(limit)
    return (await work.session.scalars(due.with_for_update(skip_locked=True))).all()


async def unplanned_changes(work: UnitOfWork) -> Sequence[CalendarChange]:
    """The changes of calendar by which not every open deadline has been planned again."""
    query = select(CalendarChange).where(CalendarChange.planned_at.is_(None))
    return (await work.session.scalars(query.order_by(CalendarChange.version))).all()


async def note_planned(work: UnitOfWork, versions: Collection[int]) -> None:
    """Note that every open deadline has been planned by these changes."""
    changes = update(CalendarChange).where(CalendarChange.version.in_(versions))
    await work.session.execute(changes.values(planned_at=func.now()))


async def touched(work: UnitOfWork, span: tuple[datetime, datetime], after: str, limit: int) -> Sequence[str]:
    """The next cases with an open deadline whose time runs over some of that span."""
    row, (first, last) = WatchedDeadline, span
    query = select(row.reference).where(
        row.reference > after,
        row.met_at.is_(None),
        row.cancelled_at.is_(None),
        row.due_at >= first,
        row.started_at < last,
    )
    return (await work.session.scalars(query.distinct().order_by(row.reference).limit(limit))).all()


async def lock_touched(
    work: UnitOfWork, span: tuple[datetime, datetime], after: str, limit: int
) -> Sequence[str]:
    """The next cases as `touched` finds them, locked."""
    references = await touched(work, span, after, limit)
    lock = select(WatchedCase.reference).where(WatchedCase.reference.in_(references))
    await work.session.execute(lock.order_by(WatchedCase.reference).with_for_update())
    return references


async def lock_open(work: UnitOfWork, after: str, limit: int) -> Sequence[str]:
    """The next cases, locked, with an open deadline, or with none of those they should have."""
    row, case = WatchedDeadline, WatchedCase
    is_open = select(row.reference).where(
        row.reference == case.reference, row.met_at.is_(None), row.cancelled_at.is_(None)
    )
    query = select(case.reference).where(case.reference > after, or_(case.without_promises, is_open.exists()))
    return (await work.session.scalars(query.order_by(case.reference).limit(limit).with_for_update())).all()


async def latest_standards(work: UnitOfWork) -> str | None:
    """The digest of the standards by which all open cases were last derived; None before the first time."""
    query = select(StandardsChange.digest).order_by(StandardsChange.number.desc()).limit(1)
    return (await work.session.scalars(query)).one_or_none()


def note_standards(work: UnitOfWork, digest: str) -> None:
    """Note that all open cases were derived by these standards."""
    work.session.add(StandardsChange(digest=digest, derived_at=work.now))


@dataclass(frozen=True, kw_only=True)
class DeadlineFilters:
    """A filter of deadlines; None does not filter. `started` are the first and the last instant."""

    state: State | None = None
    service: str | None = None
    standard: str | None = None
    department: str | None = None
    references: Sequence[str] | None = None
    due_before: datetime | None = None
    started: tuple[datetime | None, datetime | None] = (None, None)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions of a query."""
        row, (since, until) = WatchedDeadline, self.started
        conditions = [STATES[self.state]] if self.state else []
        conditions += [row.service == self.service] if self.service else []
        conditions += [row.standard == self.standard] if self.standard else []
        conditions += [row.department == compared(self.department)] if self.department else []
        conditions += (
            [row.reference.in_(all_normalised(self.references))] if self.references is not None else []
        )
        conditions += [row.due_at < self.due_before] if self.due_before else []
        conditions += [row.started_at >= since] if since else []
        conditions += [row.started_at <= until] if until else []
        return conditions


async def page_of_deadlines(
    work: UnitOfWork, conditions: Sequence[ColumnElement[bool]], after: list[str] | None, limit: int
) -> Sequence[WatchedDeadline]:
    """One row more than a page of deadlines of cases that the caller works: high risk, then the next due."""
    row = WatchedDeadline
    key = tuple_(not_(row.high_risk), row.due_at, row.reference, row.standard, row.started_by)
    query = select(row).join(WatchedCase, WatchedCase.reference == row.reference)
    query = query.where(is_worked(work), *conditions)
    if after is not None:
        is_calm, due_at, reference, standard, started_by = after
        first = true() if int(is_calm) else false()
        place = tuple_(first, datetime.fromisoformat(due_at), reference, standard, int(started_by))
        query = query.where(key > place)
    return (await work.session.scalars(query.order_by(*key.clauses).limit(limit + 1))).all()
