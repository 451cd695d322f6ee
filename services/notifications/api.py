"""The routes of notifications."""

from datetime import datetime, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.notifications import queries
from services.notifications.indicators import INDICATORS
from services.notifications.models import Notice, WatchedCase, WatchedDeadline
from services.notifications.policy import Delivery
from services.notifications.schemas import (
    CaseDeadlines,
    Entry,
    ExplainedDeadline,
    IndicatorOut,
    NoticeOut,
    Performance,
    StandardOut,
    StandardPerformance,
    StandardsOut,
    Timeline,
    WatchedDeadlineOut,
)
from shared.caller import Caller
from shared.errors import NotFound
from shared.http.auth import requires
from shared.http.paging import Cursor, Limit, Page, link_next
from shared.http.problems import problems
from shared.http.routes import Cursors, Now, Running, Session, TransactionalRoute
from shared.http.schemas import GivenDay, GivenInstant
from shared.references import normalised
from shared.standards.deadlines import deadlines, next_deadline
from shared.standards.periods import close_of

router = APIRouter(prefix="/v1", tags=["notifications"], route_class=TransactionalRoute)

Anyone = Annotated[Caller, Depends(requires())]
Reader = Annotated[Caller, Depends(requires("resident", "officer"))]
Officer = Annotated[Caller, Depends(requires("officer"))]
Reference = Annotated[str, Path(description="As in REP-7K3M-Q9TX", max_length=40)]
State = Literal["running", "met", "late", "breached", "cancelled"]


@router.get("/standards", summary="Every promise")
async def standards(running: Running, caller: Anyone) -> StandardsOut:
    """As the regimes' files have them, each in each of its versions."""
    return StandardsOut(items=[StandardOut.of(row) for row in running.catalogue.standards])


@router.get("/deadlines", summary="Deadlines across cases, the next due first")
async def list_deadlines(
    request: Request, response: Response, caller: Officer, session: Session, running: Running, now: Now,
    cursors: Cursors, state: State | None = None, service: str | None = None, standard: str | None = None,
    handler: str | None = None, due_before: GivenInstant | None = None,
    limit: Limit = 50, cursor: Cursor = None,
) -> Page[WatchedDeadlineOut]:  # fmt: skip
    """Those of cases that the officer's departments deal with; `handler` is a department."""
    conditions = queries.deadline_conditions(state, service, standard, handler, due_before)
    rows = await queries.deadlines(session, caller, conditions, cursors.key_of(cursor, 4), limit)
    shown, following = cursors.page_of(rows, limit, WatchedDeadline.sorting_key)
    link_next(request, response, following)
    return Page(items=[WatchedDeadlineOut.of(row, running.catalogue, now) for row in shown], next=following)


@router.get(
    "/cases/{reference}/deadlines", summary="A case's deadlines, explained", responses=problems(NotFound)
)
async def case_deadlines(
    reference: Reference, caller: Reader, session: Session, running: Running, now: Now
) -> CaseDeadlines:
    """Each with the row it stands under, the days skipped and why, and every move."""
    case = await queries.visible_case(session, reference, caller)
    history = (await queries.histories(session, [case.reference]))[case.reference]
    stored = (await queries.stored_deadlines(session, [case.reference])).get(case.reference, {})
    derived = deadlines(history, running.catalogue, running.calendar)
    return _explained(case, derived, stored, now)


@router.get(
    "/cases/{reference}/timeline", summary="What happened, and who was told", responses=problems(NotFound)
)
async def timeline(reference: Reference, caller: Reader, session: Session) -> Timeline:
    """A case's events and notices in order of time; residents do not see what only officers need."""
    case = await queries.visible_case(session, reference, caller)
    history = (await queries.histories(session, [case.reference]))[case.reference]
    officer = "officer" in caller.roles
    entries = [Entry.of_event(event, caller.scopes if officer else None) for event in history]
    told = await queries.notices_about(session, case.reference)
    entries += [Entry.of_notice(row) for row in told if officer or row.reader == "resident"]
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.sequence or 0))
    return Timeline(reference=case.reference, version=case.version, entries=ordered)


@router.get("/notices", summary="What was told to whom, the latest first")
async def list_notices(
    request: Request, response: Response, caller: Officer, session: Session,
    cursors: Cursors, reference: Annotated[str | None, Query(max_length=40)] = None,
    status: Delivery | None = None, limit: Limit = 50, cursor: Cursor = None,
) -> Page[NoticeOut]:  # fmt: skip
    """Those about cases that the officer's departments deal with."""
    conditions: list[Any] = (
        [Notice.reference == (normalised(reference) or "")] if reference is not None else []
    )
    conditions += [Notice.status == status] if status is not None else []
    rows = await queries.notices(session, caller, conditions, cursors.key_of(cursor, 2), limit)
    shown, following = cursors.page_of(rows, limit, lambda row: (row.created_at.isoformat(), row.id))
    link_next(request, response, following)
    return Page(items=[NoticeOut.of(row) for row in shown], next=following)


@router.get("/performance", summary="How the promises were kept")
async def performance(
    caller: Officer, session: Session,
    started_from: Annotated[GivenDay | None, Query(alias="from")] = None,
    started_to: Annotated[GivenDay | None, Query(alias="to")] = None,
) -> Performance:  # fmt: skip
    """Per standard, of the promises that started from one London date to another, both included."""
    since = close_of(started_from, time.min) if started_from else None
    until = close_of(started_to, time.max) if started_to else None
    rows = await queries.performance(session, caller, since, until)
    shares = await queries.indicators(session, caller, since, until)
    return Performance(
        items=[_performance(row) for row in rows],
        indicators=[IndicatorOut.of(each, *shares.get(each.id, (0, 0))) for each in INDICATORS],
    )


def _performance(row: Any) -> StandardPerformance:
    ended = row.met + row.late + row.breached
    share = round(row.met / ended, 4) if ended else None
    return StandardPerformance(**row._mapping, share_met=share)


def _explained(case: WatchedCase, derived: Any, stored: Any, now: datetime) -> CaseDeadlines:
    def explained(deadline: Any) -> ExplainedDeadline:
        row = stored.get((deadline.standard, deadline.started_by))
        return ExplainedDeadline.explained(deadline, row.moves if row else [], now)

    strictest = next_deadline(derived)
    return CaseDeadlines(
        reference=case.reference,
        version=case.version,
        deadlines=[explained(deadline) for deadline in derived],
        next_deadline=explained(strictest) if strictest else None,
    )
