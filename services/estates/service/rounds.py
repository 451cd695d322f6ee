"""The caretakers' rounds: the sheet of a day, and ticks from a phone that lost signal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.estates.events import Resolution
from services.estates.models import FollowUp, Issue, Site
from services.estates.policy.issue import IssueStatus, is_ours
from services.estates.policy.rounds import Stop, Task, is_due, place_of
from services.estates.policy.site import PARTS, Action
from services.estates.queries import issues as issue_queries, rounds as queries, sites as site_queries
from services.estates.schemas.issues import KINDS, Attendance, IssueResolution
from services.estates.schemas.rounds import PROBLEM, RoundSheet, StopOut, Tick
from services.estates.schemas.sites import FollowUpDone
from services.estates.service import cleaning, issues, presenting_issues, presenting_sites
from services.estates.service.presenting_sites import promises_of
from shared.cases.batch import BatchResult, each_alone
from shared.cases.queries import ME
from shared.references import normalised, prefix_of
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import Case, UnitOfWork

INSPECTION = "estates.inspection"


async def sheet(work: UnitOfWork, on: date | None, caretaker: str | None) -> RoundSheet:
    """The tasks due on a day of London, by default today, or before: by caretaker, in walking order."""
    day = on or civil_date(work.now)
    who = work.caller.subject if caretaker == ME else caretaker
    sites = await queries.sites(work, who)
    references = [site.reference for site in sites]
    promised = await promises_of(work, references)
    follow_ups = await site_queries.open_follow_ups(work, references)
    stops = [stop for site in sites for stop in _due(site, promised[site.reference], day)]
    stops += [_follow_up(site, found) for site in sites for found in follow_ups[site.reference]]
    stops += await _clearances(work, sites, day)
    stops += await _issues(work, who, day)
    return RoundSheet(on=day, items=[StopOut.of(stop) for stop in sorted(stops, key=place_of)])


def _due(site: Site, promises: Sequence[Deadline], day: date) -> Iterator[Stop]:
    for promise in promises:
        if promise.open and is_due(promise.due_at, day):
            is_clean = promise.standard != INSPECTION
            yield _at(
                site,
                Task.CLEAN if is_clean else Task.INSPECTION,
                promise.promise,
                due_at=promise.due_at,
                parts=sorted(PARTS[site.site_kind]) if is_clean else [],
                landing=site.next_landing if is_clean else None,
            )


def _follow_up(site: Site, found: FollowUp) -> Stop:
    return _at(site, Task.FOLLOW_UP, found.element, number=found.number)


async def _clearances(work: UnitOfWork, sites: Sequence[Site], day: date) -> list[Stop]:
    planned = await site_queries.planned_clearances(work, [site.reference for site in sites])
    return [
        _at(
            site,
            Task.CLEARANCE,
            f"Clearance with {each.partner}" if each.partner else "Clearance",
            each.number,
        )
        for site in sites
        for each in planned[site.reference]
        if each.planned_on <= day
    ]


def _at(site: Site, task: Task, what: str, number: int | None = None, **told: Any) -> Stop:
    return Stop(
        task=task,
        reference=site.reference,
        caretaker=site.handler_name,
        caretaker_subject=site.handler_subject,
        walking_order=site.walking_order,
        where=f"{site.name}, {site.address}",
        what=what,
        number=number,
        **told,
    )


async def _issues(work: UnitOfWork, caretaker: str | None, day: date) -> list[Stop]:
    """The problems that caretakers still have to do something about; an agreed time waits for its day."""
    found = [
        issue
        for issue in await queries.open_issues(work, caretaker)
        if is_ours(issue.issue_kind, IssueStatus(issue.status))
        if issue.appointment_at is None or civil_date(issue.appointment_at) <= day
    ]
    sites = await issue_queries.sites_of(work, found)
    return [_issue(issue, sites) for issue in found]


def _issue(issue: Issue, sites: Mapping[str, Site]) -> Stop:
    site = sites.get(issue.site or "")
    has_handler = issue.handler_name is not None or site is None
    caretaker: Issue | Site = issue if has_handler or site is None else site
    return Stop(
        task=Task.ISSUE,
        reference=issue.reference,
        caretaker=caretaker.handler_name,
        caretaker_subject=caretaker.handler_subject,
        walking_order=site.walking_order if site else None,
        where=f"{issue.location}, {site.name}" if site else issue.location,
        what=KINDS[issue.issue_kind],
        urgent=issue.urgent,
        due_at=issue.appointment_at,
    )


async def tick(work: UnitOfWork, ticks: Sequence[object]) -> list[BatchResult]:
    """Record each tick that can be, in the order sent; nothing of a refused one stays.

    Other batches that name a site or problem of this one wait until this one has ended.
    """
    await issue_queries.lock_all(work, _references(ticks))
    return await each_alone(work, ticks, Tick, _tick, allowed=_allowed, action=Action.CLEAN)


def _references(ticks: Sequence[object]) -> set[str]:
    named = [tick.get("reference") for tick in ticks if isinstance(tick, dict)]
    return {form for name in named if isinstance(name, str) and (form := normalised(name)) is not None}


async def _tick(work: UnitOfWork, tick: Tick) -> Case:
    if not _is_of_a_problem(tick.reference):
        return await _tick_site(work, tick)
    issue = await issue_queries.issue(work, tick.reference)
    if _is_told_again(issue.attended_at if tick.attended else issue.resolved_at, tick):
        return issue
    if tick.attended:
        return await issues.attend(work, tick.reference, Attendance(occurred_at=tick.occurred_at))
    done = IssueResolution(
        occurred_at=tick.occurred_at, resolution=tick.resolution or Resolution.DEALT_WITH, notes=tick.notes
    )
    return await issues.resolve(work, tick.reference, done)


async def _tick_site(work: UnitOfWork, tick: Tick) -> Site:
    if tick.follow_up is None:
        return await cleaning.clean(work, tick.reference, tick.clean)
    site = await site_queries.site(work, tick.reference)
    if _is_told_again(await site_queries.resolved_at(work, site.reference, tick.follow_up), tick):
        return site
    body = FollowUpDone(occurred_at=tick.occurred_at, notes=tick.notes)
    return await cleaning.resolve_follow_up(work, tick.reference, tick.follow_up, body)


def _is_told_again(done_at: datetime | None, tick: Tick) -> bool:
    """Tell a tick of what is done already, that a phone sends again as it lost our answer."""
    return done_at is not None and tick.occurred_at in (None, done_at)


def _is_of_a_problem(reference: str) -> bool:
    return prefix_of(normalised(reference) or "") == PROBLEM


async def _allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a site or a problem allows the caller now."""
    if _is_of_a_problem(reference):
        return await presenting_issues.allowed(work, reference)
    return await presenting_sites.allowed(work, reference)
