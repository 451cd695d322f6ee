"""The routes of notifications."""

from datetime import datetime, time
from typing import Annotated, Any

from fastapi import Depends, Query

from services.notifications.api.schemas import (
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
from services.notifications.deadlines import queries as watched
from services.notifications.deadlines.queries import DeadlineFilters
from services.notifications.figures import queries as figures
from services.notifications.figures.indicators import bundled
from services.notifications.figures.queries import GroupedBy
from services.notifications.models import WatchedCase, WatchedDeadline
from services.notifications.notices.queries import cases, owed as notices, sent
from services.notifications.policy import RESIDENT as RESIDENT_READS, Delivery, facts_shown
from shared.caller import OFFICER, RESIDENT, Role
from shared.cases.access import is_worked_by
from shared.cases.filters import MANY, Term
from shared.cases.formats import Day, Instant
from shared.cases.routers import Reference
from shared.cases.schemas import check_range
from shared.errors import NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.standards.deadlines import State, deadlines, next_deadline
from shared.standards.emergencies import shown_in_danger
from shared.standards.periods import close_of
from shared.work import UnitOfWork

router = routes_of(prefix="/v1", tags=["notifications"])

Anyone = Annotated[UnitOfWork, requires()]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]


@router.get("/standards", summary="Every promise")
async def list_standards(work: Anyone) -> StandardsOut:
    """All standards as the regimes' files have them, in each version.

    Officers alone see rules for staff, and those whose names would tell of a case that is guarded.
    """
    catalogue = work.state.catalogue
    rows = catalogue.standards if work.caller.is_a(Role.OFFICER) else catalogue.open_to_all
    return StandardsOut(items=[StandardOut.of(row) for row in rows])


async def _started(
    started_from: Annotated[Day | None, Query(alias="from")] = None,
    started_to: Annotated[Day | None, Query(alias="to")] = None,
) -> tuple[datetime | None, datetime | None]:
    """The first and the last instant of a range of London dates, both included; raises wrong_at."""
    check_range(started_from, started_to)
    since = close_of(started_from, time.min) if started_from else None
    return since, close_of(started_to, time.max) if started_to else None


Started = Annotated[tuple[datetime | None, datetime | None], Depends(_started)]


@router.get("/deadlines", summary="Deadlines across cases, high risk first, then the next due")
async def list_deadlines(
    work: Officer,
    page: Paging,
    started: Started,
    state: State | None = None,
    service: str | None = None,
    standard: str | None = None,
    department: Term | None = None,
    reference: Annotated[list[Term] | None, Query(max_length=MANY, description="Any of these")] = None,
    due_before: Instant | None = None,
) -> Page[WatchedDeadlineOut]:
    """Deadlines of cases that the officer's departments deal with, begun from one London date to another."""
    filters = DeadlineFilters(
        state=state,
        service=service,
        standard=standard,
        department=department,
        references=reference,
        due_before=due_before,
        started=started,
    )
    rows = await watched.page_of_deadlines(work, filters.conditions(), page.after(5), page.limit)
    shown, following = page.cut(rows, WatchedDeadline.sorting_key)
    items = [WatchedDeadlineOut.of(row, work.state.catalogue, work.now) for row in shown]
    return Page(items=items, next=following)


@router.get(
    "/cases/{reference}/deadlines", summary="A case's deadlines, explained", responses=problems(NotFound)
)
async def list_case_deadlines(reference: Reference, work: Reader) -> CaseDeadlines:
    """Each with the row it stands under, the days skipped and why, and every move."""
    case = await cases.visible_case(work, reference)
    history = (await cases.histories(work, [case.reference]))[case.reference]
    stored = (await cases.stored_deadlines(work, [case.reference])).get(case.reference, {})
    counted = deadlines(history, work.state.catalogue, work.state.calendar)
    told = await sent.dates_sent(work, case.reference)
    if is_worked_by(case, work.caller):
        return _explained(case, counted, stored, told, work.now)
    shown = shown_in_danger([one for one in counted if not one.row.regime.for_staff])
    return _explained(case, shown, stored, told, work.now, neutrally=True)


@router.get(
    "/cases/{reference}/timeline", summary="What happened, and who was told", responses=problems(NotFound)
)
async def read_timeline(reference: Reference, work: Reader) -> Timeline:
    """A case's events and notices in order of time; residents do not see what only officers need.

    Nor does an officer of their own case as a resident, unless they work it.
    """
    case = await cases.visible_case(work, reference)
    history = (await cases.histories(work, [case.reference]))[case.reference]
    told = await notices.notices_about(work, case.reference)
    catalogue = work.state.catalogue
    if is_worked_by(case, work.caller):
        vocabulary, scopes = catalogue.vocabulary, work.caller.scopes
        hidden = await cases.hidden_among(work, history)
        entries = [Entry.of_event(event, facts_shown(event, vocabulary, scopes, hidden)) for event in history]
        entries += [Entry.of_notice(row) for row in told]
    else:
        to_all = [event for event in history if not catalogue.vocabulary.is_for_staff(event.type)]
        entries = [Entry.of_event(event, None) for event in to_all]
        to_resident = [row for row in told if row.reader == RESIDENT_READS]
        entries += [Entry.of_notice(row, catalogue.shown_to_all(row.standard)) for row in to_resident]
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.sequence or 0))
    return Timeline(reference=case.reference, version=case.version, entries=ordered)


@router.get("/notices", summary="What was told to whom, the latest first")
async def list_notices(
    work: Officer,
    page: Paging,
    reference: Annotated[str | None, Query(max_length=40)] = None,
    status: Delivery | None = None,
) -> Page[NoticeOut]:
    """Notices about cases that the officer's departments deal with."""
    rows = await notices.page_of_notices(work, reference, status, page.after(2), page.limit)
    shown, following = page.cut(rows, lambda row: (row.created_at.isoformat(), row.id))
    return Page(items=[NoticeOut.of(row) for row in shown], next=following)


@router.get("/performance", summary="How the promises were kept")
async def read_performance(work: Officer, started: Started, by: GroupedBy | None = None) -> Performance:
    """Per standard, of the promises that started from one London date to another, both included.

    `by` has each figure apart for every channel that cases came by, or every department that has them.
    """
    rows = await figures.performance(work, *started, by)
    shares = [
        IndicatorOut.of(each, row.counted, row.kept, row.group)
        for each in bundled()
        for row in await figures.indicator(work, each.counts, each.fact, each.kept_when, started, by)
    ]
    return Performance(items=[_performance(row) for row in rows], indicators=shares)


def _performance(row: Any) -> StandardPerformance:
    ended = row.met + row.late + row.breached
    share = round(row.met / ended, 4) if ended else None
    return StandardPerformance(**row._mapping, share_met=share)


def _explained(
    case: WatchedCase, derived: Any, stored: Any, told: Any, now: datetime, *, neutrally: bool = False
) -> CaseDeadlines:
    def explained(deadline: Any) -> ExplainedDeadline:
        key = (deadline.standard, deadline.started_by)
        row = stored.get(key)
        shown = ExplainedDeadline.explained(deadline, row.moves if row else [], told.get(key, {}), now)
        return shown.neutral() if neutrally and deadline.row.told_neutrally else shown

    strictest = next_deadline(derived)
    return CaseDeadlines(
        reference=case.reference,
        version=case.version,
        deadlines=[explained(deadline) for deadline in derived],
        next_deadline=explained(strictest) if strictest else None,
    )
