"""The statements of the worklist; all rest on the deadlines that stand on it, one for each open case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true, tuple_

from services.notifications.models import WatchedDeadline
from services.notifications.worklist.policy import Group, Span, spans
from shared.cases.access import worked_by
from shared.cases.queries import ME
from shared.text import compared
from shared.work import UnitOfWork

_row = WatchedDeadline
ORDER = (not_(_row.high_risk), _row.due_at, _row.reference)
"""High risk or urgent first, then what is due soonest; a page goes on after the values of its last row."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The cases that are asked for; None does not filter."""

    department: str | None = None
    handler: str | None = None
    unassigned: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case on the worklist: the promise to be kept next, and the number of those that are open."""

    deadline: WatchedDeadline
    promises: int

    def sorting_key(self) -> tuple[str, str, str]:
        """The values of ORDER."""
        return (
            str(int(not self.deadline.high_risk)),
            self.deadline.due_at.isoformat(),
            self.deadline.reference,
        )


async def counts(work: UnitOfWork, filters: Filters) -> Mapping[Group, int]:
    """The number of cases in each group."""
    by_group = [
        func.count().filter(_is_in(group, span)).label(group) for group, span in spans(work.now).items()
    ]
    counted = (await work.session.execute(_worklist(work, filters, *by_group))).one()
    return dict(zip(Group, counted, strict=True))


async def rows(
    work: UnitOfWork, filters: Filters, group: Group, after: Sequence[str] | None, limit: int
) -> list[Row]:
    """Cases of one group in the order of the worklist, the first `limit` after those of an earlier page."""
    query = _worklist(work, filters, WatchedDeadline)
    query = query.where(_is_in(group, spans(work.now)[group]))
    if after is not None:
        is_calm, due_at, reference = after
        last = (true() if int(is_calm) else false(), datetime.fromisoformat(due_at), reference)
        query = query.where(tuple_(*ORDER) > tuple_(*last))
    found = (await work.session.scalars(query.order_by(*ORDER).limit(limit))).all()
    promises = await _open_promises(work, [deadline.reference for deadline in found])
    return [Row(deadline, promises[deadline.reference]) for deadline in found]


def _worklist(work: UnitOfWork, filters: Filters, *columns: Any) -> Select[Any]:
    """The caller's part of the worklist: `worked_by` decides, here as for every other list.

    An officer who is a resident besides sees their own case where residents do.
    """
    query = select(*columns).where(_row.on_worklist, worked_by(_row, work.caller))
    if filters.department is not None:
        query = query.where(_row.department == compared(filters.department))
    if filters.handler is not None:
        query = query.where(
            _row.handler == (work.caller.subject if filters.handler == ME else filters.handler)
        )
    if filters.unassigned is not None:
        query = query.where(_row.handler.is_(None) if filters.unassigned else _row.handler.is_not(None))
    return query


def _is_in(group: Group, span: Span) -> ColumnElement[bool]:
    """`policy.group_of` for many at once; a test holds the two to one another."""
    first, before = span
    is_due = and_(_row.due_at >= first, _row.due_at < before)
    if group is Group.LATER:
        return or_(_row.paused_at.is_not(None), is_due)
    return and_(_row.paused_at.is_(None), is_due)


async def _open_promises(work: UnitOfWork, references: Sequence[str]) -> Mapping[str, int]:
    """The number of promises still to be kept of each of these cases."""
    count = func.count().label("promises")
    is_open = _row.met_at.is_(None) & _row.cancelled_at.is_(None)
    query = select(_row.reference, count).where(_row.reference.in_(references), is_open)
    found = await work.session.execute(query.group_by(_row.reference))
    return {row.reference: row.promises for row in found}
