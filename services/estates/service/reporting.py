"""Reporting a problem, and noticing offensive graffiti that comes to a site again and again."""

from datetime import timedelta
from typing import Any

from services.estates import events
from services.estates.models import Issue, Site
from services.estates.policy import DEPARTMENT
from services.estates.policy.issue import IssueStatus, is_by_appointment, is_urgent
from services.estates.queries import issues as queries
from services.estates.schemas.issues import NewIssue
from shared.cases.opening import open_case
from shared.errors import Invalid
from shared.work import UnitOfWork

NO_SUCH_SITE = "There is no such site on the register."


async def report(work: UnitOfWork, body: NewIssue) -> Issue:
    """Take a problem in; at a site it is its caretaker's.

    Raises Invalid for a time in the future and a site that there is not, Forbidden for `imported` without the
    scope.
    """
    site = await _site(work, body)
    own: dict[str, Any] = {
        "kind": body.kind,
        "offensive": body.offensive,
        "urgent": is_urgent(body.kind, told_so=body.urgent),
        "site": site.reference if site else None,
        "location": body.location,
        "description": body.description,
        "property": body.property.model_dump(mode="json", exclude_none=True) if body.property else {},
        "by_appointment": is_by_appointment(body.kind, site.site_kind if site else None),
    }
    issue = open_case(work, Issue, "EST", body, status=IssueStatus.REPORTED, department=DEPARTMENT, **own)
    if site is not None:
        issue.handler_name, issue.handler_subject = site.handler_name, site.handler_subject
    record_report(work, issue)
    if issue.offensive and site is not None and not issue.imported:
        await _note_repeated(work, issue, site)
    return issue


async def _site(work: UnitOfWork, body: NewIssue) -> Site | None:
    if body.site is None:
        return None
    site = await queries.site(work, body.site)
    if site is None:
        raise Invalid(NO_SUCH_SITE, "/site")
    return site


def record_report(work: UnitOfWork, issue: Issue) -> None:
    """Record the fact that opens a problem."""
    fact = events.IssueReported(
        kind=issue.issue_kind,
        offensive=issue.offensive,
        urgent=issue.urgent,
        tell_reporter=issue.tell_reporter,
        department=issue.department,
        handler=issue.handler_subject or "",
        channel=issue.channel,
        imported=issue.imported,
        made_from=issue.made_from,
        resident=issue.resident,
    )
    work.record(issue, fact, at=issue.received_at)


async def _note_repeated(work: UnitOfWork, issue: Issue, site: Site) -> None:
    """Show the ASB team that offensive graffiti came to a site so many times in so many days."""
    settings = work.state.settings
    since = issue.received_at - timedelta(days=settings.offensive_graffiti_within_days)
    times = await queries.offensive_between(work, site.reference, since, issue.received_at)
    if times >= settings.offensive_graffiti_times:
        within = settings.offensive_graffiti_within_days
        fact = events.GraffitiRepeated(site=site.reference, times=times, within_days=within)
        work.record(issue, fact, at=issue.received_at)
