"""Every question that notifications puts to its database, but for those of sweep and courier."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import policy
from services.notifications.models import (
    CaseEvent,
    IndicatorVerdict,
    Notice,
    Reconciliation,
    WatchedCase,
    WatchedDeadline,
)
from services.notifications.policy import Delivery, Heard
from shared.caller import Caller
from shared.errors import NotFound
from shared.events import Event
from shared.references import normalised
from shared.text import compared

ASB = "asb"
Key = tuple[str, int]


async def cases(session: AsyncSession, references: Sequence[str]) -> dict[str, WatchedCase]:
    """These cases, by reference."""
    found = await session.scalars(select(WatchedCase).where(WatchedCase.reference.in_(references)))
    return {case.reference: case for case in found}


async def imported(session: AsyncSession, references: Collection[str]) -> set[str]:
    """The cases of these that were brought over from an old system."""
    query = select(WatchedCase.reference).where(WatchedCase.reference.in_(references), WatchedCase.imported)
    return set(await session.scalars(query))


async def histories(session: AsyncSession, references: Sequence[str]) -> dict[str, list[Event]]:
    """All that was heard of each case."""
    found: dict[str, list[Event]] = defaultdict(list)
    rows = await session.execute(
        select(CaseEvent.__table__).where(CaseEvent.reference == func.any(references))
    )
    for row in rows:
        found[row.reference].append(
            Event(
                id=row.id,
                type=row.type,
                reference=row.reference,
                sequence=row.sequence,
                occurred_at=row.occurred_at,
                recorded_at=row.recorded_at,
                facts=row.facts,
                request_id=row.request_id,
            )
        )
    return found


async def stored_deadlines(
    session: AsyncSession, references: Sequence[str], *, for_update: bool = False
) -> dict[str, dict[Key, WatchedDeadline]]:
    """The deadlines as last derived, by case and by (standard, started_by).

    `for_update` keeps the sweep from taking a step on one of them until the transaction ends.
    """
    found: dict[str, dict[Key, WatchedDeadline]] = defaultdict(dict)
    query = select(WatchedDeadline).where(WatchedDeadline.reference == func.any(references))
    for row in await session.scalars(query.with_for_update() if for_update else query):
        found[row.reference][row.standard, row.started_by] = row
    return found


def may_see(caller: Caller) -> ColumnElement[bool]:
    """The cases a caller may see: officers those of their departments, residents their own.

    Cases of anti-social behaviour are for officers with its scope only.
    """
    own = WatchedCase.resident == caller.subject
    if "officer" not in caller.roles:
        return own
    departments: ColumnElement[bool] = WatchedCase.department.in_(caller.departments)
    if ASB not in caller.scopes:
        departments = and_(departments, WatchedCase.service != ASB)
    return or_(own, departments)


async def visible_case(session: AsyncSession, reference: str, caller: Caller) -> WatchedCase:
    """A case that the caller may see; raises NotFound."""
    form = normalised(reference)
    found = await session.scalar(select(WatchedCase).where(WatchedCase.reference == form, may_see(caller)))
    if form is None or found is None:
        raise NotFound("There is no such case for this caller.")
    return found


_unmet = WatchedDeadline.met_at.is_(None)
_open = _unmet & WatchedDeadline.cancelled_at.is_(None)
_kept = func.date_trunc("second", WatchedDeadline.met_at) <= WatchedDeadline.due_at
_broken_before_cancelled = _unmet & (WatchedDeadline.cancelled_at > WatchedDeadline.due_at)

# the same as WatchedDeadline.state, for many at once
STATES: dict[str, ColumnElement[bool]] = {
    "running": _open & (WatchedDeadline.due_at >= func.now()),
    "breached": (_open & (WatchedDeadline.due_at < func.now())) | _broken_before_cancelled,
    "met": _kept,
    "late": func.date_trunc("second", WatchedDeadline.met_at) > WatchedDeadline.due_at,
    "cancelled": _unmet & (WatchedDeadline.cancelled_at <= WatchedDeadline.due_at),
}


def deadline_conditions(
    state: str | None,
    service: str | None,
    standard: str | None,
    department: str | None,
    due_before: datetime | None,
) -> list[ColumnElement[bool]]:
    """The conditions of a filter; None does not filter."""
    row = WatchedDeadline
    conditions = [STATES[state]] if state else []
    conditions += [row.service == service] if service else []
    conditions += [row.standard == standard] if standard else []
    conditions += [row.department == compared(department)] if department else []
    conditions += [row.due_at < due_before] if due_before else []
    return conditions


async def deadlines(
    session: AsyncSession,
    caller: Caller,
    conditions: Sequence[ColumnElement[bool]],
    after: list[str] | None,
    limit: int,
) -> Sequence[WatchedDeadline]:
    """One row more than a page of deadlines that the caller may see, the next due first."""
    key = tuple_(
        WatchedDeadline.due_at,
        WatchedDeadline.reference,
        WatchedDeadline.standard,
        WatchedDeadline.started_by,
    )
    query = select(WatchedDeadline).join(WatchedCase, WatchedCase.reference == WatchedDeadline.reference)
    query = query.where(may_see(caller), *conditions)
    if after is not None:
        due_at, reference, standard, started_by = after
        query = query.where(
            key > tuple_(datetime.fromisoformat(due_at), reference, standard, int(started_by))
        )
    return (await session.scalars(query.order_by(*key.clauses).limit(limit + 1))).all()


async def notices(
    session: AsyncSession,
    caller: Caller,
    conditions: Sequence[ColumnElement[bool]],
    after: list[str] | None,
    limit: int,
) -> Sequence[Notice]:
    """One row more than a page of notices that the caller may see, the latest first."""
    query = select(Notice).join(WatchedCase, WatchedCase.reference == Notice.reference)
    query = query.where(may_see(caller), *conditions)
    if after is not None:
        query = query.where(
            tuple_(Notice.created_at, Notice.id) < tuple_(datetime.fromisoformat(after[0]), UUID(after[1]))
        )
    return (
        await session.scalars(query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit + 1))
    ).all()


async def notices_about(session: AsyncSession, reference: str) -> Sequence[Notice]:
    """Every notice of a case, in order."""
    return (
        await session.scalars(select(Notice).filter_by(reference=reference).order_by(Notice.created_at))
    ).all()


async def letters_with_dates(session: AsyncSession, references: Sequence[str]) -> dict[str, list[Notice]]:
    """By case, the notices that told somebody dates in the order of sending, then those on their way."""
    on_its_way = (Notice.status == Delivery.PENDING) & (Notice.attempts > 0)
    told = or_(Notice.sent_at.is_not(None), on_its_way)
    query = select(Notice).where(
        Notice.reference.in_(references), Notice.kind.in_(policy.TELLING_DATES), told
    )
    found: dict[str, list[Notice]] = defaultdict(list)
    for letter in await session.scalars(query.order_by(Notice.sent_at.asc().nulls_last(), Notice.owed_at)):
        found[letter.reference].append(letter)
    return found


async def performance(
    session: AsyncSession, caller: Caller, started_from: datetime | None, started_until: datetime | None
) -> Sequence[Any]:
    """Per standard, how many deadlines that started in this time are in each state."""
    row = WatchedDeadline
    counts = [func.count().filter(condition).label(name) for name, condition in STATES.items()]
    query = select(row.standard, row.regime, func.count().label("started"), *counts)
    query = query.join(WatchedCase, WatchedCase.reference == row.reference).where(may_see(caller))
    if started_from is not None:
        query = query.where(row.started_at >= started_from)
    if started_until is not None:
        query = query.where(row.started_at <= started_until)
    return (
        await session.execute(query.group_by(row.standard, row.regime).order_by(row.regime, row.standard))
    ).all()


async def indicators(
    session: AsyncSession, caller: Caller, since: datetime | None, until: datetime | None
) -> dict[str, tuple[int, int]]:
    """By indicator, how many cases counted in this time, and how many of them kept it."""
    row = IndicatorVerdict
    query = select(row.indicator, func.count(), func.count().filter(row.kept))
    query = query.join(WatchedCase, WatchedCase.reference == row.reference).where(may_see(caller))
    query = query.where(row.at >= since) if since is not None else query
    query = query.where(row.at <= until) if until is not None else query
    found = await session.execute(query.group_by(row.indicator))
    return {indicator: (counted, kept) for indicator, counted, kept in found}


async def facts_of(session: AsyncSession, reference: str, sequence: int) -> dict[str, Any]:
    """The facts of one event of a case, or none if it was never heard."""
    query = select(CaseEvent.facts).filter_by(reference=reference, sequence=sequence)
    return await session.scalar(query) or {}


async def heard(session: AsyncSession, references: Sequence[str]) -> dict[str, list[Heard]]:
    """By watched case, the events heard of it, in order."""
    watched = select(WatchedCase.reference).where(WatchedCase.reference == func.any(references))
    found: dict[str, list[Heard]] = {reference: [] for reference in await session.scalars(watched)}
    query = select(CaseEvent.reference, CaseEvent.id, CaseEvent.sequence, CaseEvent.recorded_at)
    query = query.where(CaseEvent.reference == func.any(list(found)))
    for row in await session.execute(query.order_by(CaseEvent.reference, CaseEvent.sequence)):
        found[row.reference].append(Heard(row.id, row.sequence, row.recorded_at))
    return found


async def to_compare(session: AsyncSession, service: str, recent: timedelta) -> set[str]:
    """The cases of a service that promise something still, or of which something was heard of late."""
    row = WatchedDeadline
    open_now = select(row.reference).where(
        row.service == service, row.met_at.is_(None), row.cancelled_at.is_(None)
    )
    of_late = select(CaseEvent.reference).where(CaseEvent.received_at >= func.now() - recent)
    either = union(open_now, of_late).subquery()
    cases = select(WatchedCase.reference).join(either, either.c.reference == WatchedCase.reference)
    return set(await session.scalars(cases.where(WatchedCase.service == service)))


async def disputed(session: AsyncSession) -> Sequence[WatchedCase]:
    """The cases whose history here is in doubt, the longest in doubt first."""
    query = select(WatchedCase).where(WatchedCase.disputed_at.is_not(None))
    return (await session.scalars(query.order_by(WatchedCase.disputed_at))).all()


async def how_many_disputed(session: AsyncSession) -> int:
    """The number of cases whose histories are in doubt."""
    query = select(func.count()).select_from(WatchedCase).where(WatchedCase.disputed_at.is_not(None))
    return int(await session.scalar(query) or 0)


async def due_within_an_hour(session: AsyncSession) -> int:
    """The number of open deadlines that come due in the next hour."""
    soon = WatchedDeadline.due_at.between(func.now(), func.now() + func.make_interval(0, 0, 0, 0, 1))
    open_now = WatchedDeadline.met_at.is_(None) & WatchedDeadline.cancelled_at.is_(None)
    return int(
        await session.scalar(select(func.count()).select_from(WatchedDeadline).where(soon, open_now)) or 0
    )


async def oldest_owed_notice_seconds(session: AsyncSession) -> float:
    """Age of the oldest notice that is due and not sent; 0 when none is.

    A notice about a deadline that was missed long before we heard of it is owed from its writing on.
    """
    owed_since = func.min(func.greatest(Notice.owed_at, Notice.created_at))
    age = select(func.extract("epoch", func.now() - owed_since)).where(Notice.status == Delivery.PENDING)
    return max(0.0, float(await session.scalar(age) or 0.0))


async def without_promises(session: AsyncSession) -> int:
    """The number of cases that have no promise, though every case of their kind has some."""
    query = select(func.count()).select_from(WatchedCase).where(WatchedCase.without_promises)
    return await session.scalar(query) or 0


async def latest_reconciliations(session: AsyncSession, limit: int = 30) -> Sequence[Reconciliation]:
    """The latest first."""
    query = select(Reconciliation).order_by(Reconciliation.started_at.desc()).limit(limit)
    return (await session.scalars(query)).all()
