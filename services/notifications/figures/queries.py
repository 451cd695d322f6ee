"""The statements behind the figures."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, null, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import aliased

from services.notifications.models import STATES, CaseEvent, Notice, WatchedCase, WatchedDeadline
from services.notifications.notices.digest_times import next_digest_at
from services.notifications.notices.queries.cases import is_worked
from services.notifications.notices.queries.digests import oldest_waiting
from services.notifications.notices.recipients import recipients_of
from services.notifications.policy import Delivery, Kind
from shared import calendar_sync
from shared.db.tables import events
from shared.events import Event
from shared.messaging.outbox import event_from
from shared.standards.rows import Condition
from shared.standards.states import State
from shared.work import UnitOfWork

Value = bool | int | str


class GroupedBy(StrEnum):
    """The property of cases by which figures are told apart."""

    CHANNEL = "channel"
    DEPARTMENT = "department"


def _group(by: GroupedBy | None) -> ColumnElement[Any]:
    """The group of a watched case; the channel is a fact of the event that opened it."""
    if by is GroupedBy.DEPARTMENT:
        return WatchedCase.department.expression
    if by is GroupedBy.CHANNEL:
        opening = aliased(CaseEvent)
        return (
            select(opening.facts["channel"].astext)
            .where(opening.reference == WatchedCase.reference, opening.sequence == 1)
            .correlate(WatchedCase)
            .scalar_subquery()
        )
    return null()


async def performance(
    work: UnitOfWork,
    started_from: datetime | None,
    started_until: datetime | None,
    by: GroupedBy | None = None,
) -> Sequence[Any]:
    """Per standard, and group, how many deadlines that started in this time are in each state."""
    row, group = WatchedDeadline, _group(by).label("group")
    counts = [func.count().filter(condition).label(name) for name, condition in STATES.items()]
    query = select(row.standard, row.regime, group, func.count().label("started"), *counts)
    query = query.join(WatchedCase, WatchedCase.reference == row.reference).where(is_worked(work))
    if started_from is not None:
        query = query.where(row.started_at >= started_from)
    if started_until is not None:
        query = query.where(row.started_at <= started_until)
    groups = (row.standard, row.regime, *((group,) if by else ()))
    query = query.group_by(*groups).order_by(row.regime, row.standard, *groups[2:])
    return (await work.session.execute(query)).all()


async def indicator(
    work: UnitOfWork,
    counts: str,
    fact: str,
    kept_when: Value,
    span: tuple[datetime | None, datetime | None],
    by: GroupedBy | None = None,
) -> Sequence[Any]:
    """The number of cases whose latest event of the type `counts` says that fact, and of those that kept it.

    One row, or one a group, each with its `group`, `counted` and `kept`.

    A case counts at the instant that its owner gives that event, imported history not at all.
    """
    row, (since, until) = CaseEvent, span
    group = _group(by).label("group")
    latest = select(row.occurred_at, row.facts[fact].label("said"), group).where(row.type == counts)
    latest = latest.join(WatchedCase, WatchedCase.reference == row.reference)
    latest = latest.where(is_worked(work), ~WatchedCase.imported, WatchedCase.lost_at.is_(None))
    latest = latest.ext(distinct_on(row.reference)).order_by(row.reference, row.sequence.desc())
    case = latest.subquery()
    kept = case.c.said == literal(kept_when, JSONB)
    query = select(func.count().label("counted"), func.count().filter(kept).label("kept"))
    query = query.where(func.jsonb_typeof(case.c.said) != "null")
    query = query.where(case.c.occurred_at >= since) if since is not None else query
    query = query.where(case.c.occurred_at <= until) if until is not None else query
    if by is None:
        return (await work.session.execute(query.add_columns(null().label("group")))).all()
    query = query.add_columns(case.c.group).group_by(case.c.group).order_by(case.c.group)
    return (await work.session.execute(query)).all()


async def how_many_disputed(work: UnitOfWork) -> int:
    """The number of cases whose histories are in doubt."""
    query = select(func.count()).select_from(WatchedCase).where(WatchedCase.disputed_at.is_not(None))
    return int(await work.session.scalar(query) or 0)


async def due_within_an_hour(work: UnitOfWork) -> int:
    """The number of open deadlines that come due in the next hour."""
    soon = WatchedDeadline.due_at.between(func.now(), func.now() + func.make_interval(0, 0, 0, 0, 1))
    open_now = WatchedDeadline.met_at.is_(None) & WatchedDeadline.cancelled_at.is_(None)
    return int(
        await work.session.scalar(select(func.count()).select_from(WatchedDeadline).where(soon, open_now))
        or 0
    )


async def oldest_owed_notice_seconds(work: UnitOfWork) -> float:
    """Age of the oldest notice that is due and not sent; 0 when none is.

    A notice about a deadline that was missed long before we received its event is owed from its writing on,
    and new dates once they have waited for more of them; what waits for a digest is due with that.
    """
    wait = timedelta(seconds=work.state.settings.new_dates_wait_seconds)
    waited = case((Notice.kind == Kind.NEW_DATES, wait), else_=timedelta(0))
    owed_since = func.min(func.greatest(Notice.owed_at, Notice.created_at) + waited)
    age = select(func.extract("epoch", func.now() - owed_since))
    age = age.where(Notice.status == Delivery.PENDING, ~Notice.is_for_a_digest)
    return max(0.0, float(await work.session.scalar(age) or 0.0), await _oldest_digest_seconds(work))


async def _oldest_digest_seconds(work: UnitOfWork) -> float:
    """Age of the oldest digest that is due and has not left; 0 when none is."""
    settings, calendar = work.state.settings, work.state.calendar
    known, every = recipients_of(settings.recipients_file), timedelta(minutes=settings.digest_minutes)
    due = [
        next_digest_at(since, known.department(department).hours, calendar, every)
        for department, since in (await oldest_waiting(work)).items()
    ]
    return max([0.0, *((work.now - at).total_seconds() for at in due)])


async def calendar_version_at(work: UnitOfWork, instant: datetime) -> int:
    """The version of the calendar as it had been announced by then."""
    event = events.c
    announced = select(func.max(event.sequence)).where(
        event.reference == calendar_sync.REFERENCE, event.recorded_at <= instant
    )
    return await work.session.scalar(announced) or 0


async def without_promises(work: UnitOfWork) -> int:
    """The number of cases that have no promise, though every case of their kind has some."""
    query = select(func.count()).select_from(WatchedCase).where(WatchedCase.without_promises)
    return await work.session.scalar(query) or 0


async def cases_with(
    work: UnitOfWork, condition: Condition, span: tuple[datetime, datetime]
) -> Sequence[str]:
    """The cases that the caller may see to which that event happened in that time."""
    row, (since, until) = CaseEvent, span
    query = select(row.reference).where(row.type == condition.event, row.occurred_at.between(since, until))
    for fact, values in condition.when.items():
        query = query.where(row.facts[fact].in_([literal(value, JSONB) for value in values]))
    query = query.join(WatchedCase, WatchedCase.reference == row.reference)
    seen = query.where(is_worked(work), WatchedCase.lost_at.is_(None))
    return (await work.session.scalars(seen.distinct().order_by(row.reference))).all()


async def histories_of(
    work: UnitOfWork, references: Sequence[str], types: Sequence[str]
) -> dict[str, list[Event]]:
    """The events of these types of each of these cases, as they happened."""
    found: dict[str, list[Event]] = {reference: [] for reference in references}
    query = select(CaseEvent.__table__).where(CaseEvent.reference == func.any(references))
    query = query.where(CaseEvent.type.in_(types)).order_by(CaseEvent.occurred_at, CaseEvent.sequence)
    for event in await work.session.execute(query):
        found[event.reference].append(event_from(event))
    return found


async def states_of(
    work: UnitOfWork, references: Sequence[str], standards: Sequence[str]
) -> dict[str, dict[str, State]]:
    """The state of each promise of these standards, by case; of several of one standard the latest."""
    found: dict[str, dict[str, State]] = defaultdict(dict)
    row = WatchedDeadline
    query = select(row).where(row.reference == func.any(references), row.standard.in_(standards))
    for deadline in await work.session.scalars(query.order_by(row.started_by)):
        found[deadline.reference][deadline.standard] = deadline.state(work.now)
    return found
