"""The statements of the worklist; all rest on the deadlines that stand on it, one for each open case."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true, tuple_

from services.notifications.models import CaseEvent, WatchedCase, WatchedDeadline
from services.notifications.worklist.policy import Group, Span, spans
from shared.cases.access import worked_by
from shared.cases.queries import ME, NO_SUCH_CASE
from shared.errors import NotFound, StaleVersion
from shared.events import STAFF_NOT_TOLD
from shared.references import normalised
from shared.text import compared
from shared.work import UnitOfWork

_row = WatchedDeadline
ORDER = (not_(_row.high_risk), _row.due_at, _row.reference)
"""High risk or urgent first, then what is due soonest; a page goes on after the values of its last row."""

_is_untold = CaseEvent.type.endswith(f".{STAFF_NOT_TOLD}")
_started_by_event = (_row.reference == CaseEvent.reference, _row.started_by == CaseEvent.sequence)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The cases that are asked for; None does not filter."""

    department: str | None = None
    handler: str | None = None
    unassigned: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case on the worklist: the promise to be kept next, and the number of those that are open.

    `untold` are the facts that nobody of the staff could be told of something, as long as nobody saw to it.
    """

    deadline: WatchedDeadline
    promises: int
    untold: Sequence[CaseEvent] = ()

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
    references = [deadline.reference for deadline in found]
    promises, untold = await _open_promises(work, references), await untold_of(work, references)
    return [
        Row(deadline, promises[deadline.reference], untold.get(deadline.reference, ())) for deadline in found
    ]


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


async def untold_of(work: UnitOfWork, references: Sequence[str]) -> Mapping[str, list[CaseEvent]]:
    """By case, the facts that nobody of the staff could be told of something, to which nobody saw yet."""
    is_open = and_(*_started_by_event, _row.met_at.is_(None), _row.cancelled_at.is_(None))
    query = select(CaseEvent).where(CaseEvent.reference.in_(references), _is_untold, exists().where(is_open))
    found: dict[str, list[CaseEvent]] = defaultdict(list)
    for event in await work.session.scalars(query.order_by(CaseEvent.reference, CaseEvent.sequence)):
        found[event.reference].append(event)
    return found


async def worked_case(work: UnitOfWork, reference: str) -> WatchedCase:
    """A case that the caller works, its row locked; raises NotFound, and StaleVersion."""
    query = select(WatchedCase).where(WatchedCase.reference == normalised(reference))
    query = query.where(worked_by(WatchedCase, work.caller)).with_for_update()
    case = (await work.session.scalars(query)).one_or_none()
    if case is None:
        raise NotFound(NO_SUCH_CASE)
    work.found(case)
    if work.expected_versions is not None and str(case.version) not in work.expected_versions:
        raise StaleVersion(f"The case is at version {case.version} now; read it again before acting on it.")
    return case


async def take_off(work: UnitOfWork, case: WatchedCase, told: Sequence[CaseEvent]) -> None:
    """Take tasks for done, as their case's owner will say, and let its next promise stand on the list."""
    query = select(_row).where(_row.reference == case.reference).with_for_update()
    rows = (await work.session.scalars(query)).all()
    done = {event.sequence for event in told}
    for row in rows:
        if row.started_by in done and row.is_open:
            row.met_at, row.next_rung_at = work.now, None
        row.on_worklist = False
    still_open = [row for row in rows if row.is_open and not case.imported]
    if following := min(still_open, key=_strictness, default=None):
        following.on_worklist = True


def _strictness(row: WatchedDeadline) -> tuple[bool, datetime, str, int]:
    """The order in which `next_deadline` of the fold takes promises."""
    return row.paused_at is not None, row.due_at, row.standard, row.started_by
