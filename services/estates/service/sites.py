"""Use cases of a site: register it, give it to a caretaker, plan clearances, retire it."""

from datetime import datetime

from services.estates import events
from services.estates.models import Clearance, Site
from services.estates.policy import DEPARTMENT
from services.estates.policy.site import FOLLOWS, LIFECYCLE, Action, SiteStatus
from services.estates.queries import issues, sites as queries
from services.estates.schemas.sites import (
    Act,
    CaretakerAssignment,
    ClearanceOutcome,
    ClearancePlan,
    NewSite,
    Retirement,
)
from shared.cases.acts import check
from shared.cases.opening import open_case
from shared.cases.times import in_order
from shared.errors import Forbidden, Invalid
from shared.standards.periods import civil_date
from shared.text import compared
from shared.work import UnitOfWork

NOT_OF_ESTATES = "Only officers of the estates department keep the register of sites."


def check_keeps_register(work: UnitOfWork) -> None:
    """Raise Forbidden for an officer of another department."""
    if DEPARTMENT not in work.caller.departments:
        raise Forbidden(NOT_OF_ESTATES)


async def register(work: UnitOfWork, body: NewSite) -> Site:
    """Register a site; its cleaning and inspection are promised from then on.

    Raises Forbidden for an officer of another department or for `imported` without the scope, Invalid for a
    time in the future.
    """
    check_keeps_register(work)
    own = {"name": body.name, "kind": body.kind, "address": body.address, "landings": body.landings}
    site = open_case(
        work,
        Site,
        "SIT",
        body,
        status=SiteStatus.REGISTERED,
        department=DEPARTMENT,
        key=key_of(body),
        walking_order=body.walking_order,
        landings_cleaned={},
        handler_name=body.caretaker.name if body.caretaker else None,
        handler_subject=body.caretaker.subject if body.caretaker else None,
        **own,
    )
    fact = events.SiteRegistered(
        kind=body.kind,
        department=DEPARTMENT,
        handler=site.handler_subject or "",
        imported=body.imported,
    )
    work.record(site, fact, at=site.received_at)
    return site


def key_of(body: NewSite) -> str:
    """The name and address of a site as they are compared."""
    return f"{compared(body.name)}\n{compared(body.address)}"


async def begin(work: UnitOfWork, reference: str, action: Action, body: Act) -> tuple[Site, datetime]:
    """The site, locked, and the instant of an act that it allows.

    Raises NotFound, StaleVersion, MoveNotAllowed, and Invalid for a time in the future, before the site was
    registered or before what the act follows.
    """
    site = await queries.site_for_update(work, reference)
    follow_ups = await queries.open_follow_ups(work, [site.reference])
    clearances = await queries.planned_clearances(work, [site.reference])
    situation = site.situation(
        open_follow_ups=len(follow_ups[site.reference]), planned_clearances=len(clearances[site.reference])
    )
    check(LIFECYCLE, action, situation)
    follows = FOLLOWS.get(action, ())
    return site, await in_order(work, site, body, follows, what="the site was registered")


async def assign(work: UnitOfWork, reference: str, body: CaretakerAssignment) -> Site:
    """Give a site to a caretaker, with its place in their round and the problems that nobody was given."""
    site, at = await begin(work, reference, Action.ASSIGNMENT, body)
    name, subject = body.caretaker.name, body.caretaker.subject
    site.handler_name, site.handler_subject = name, subject
    if body.walking_order is not None:
        site.walking_order = body.walking_order
    work.record(site, events.CaretakerAssigned(handler=subject or ""), at=at)
    for issue in await issues.to_follow_caretaker(work, site.reference):
        issue.handler_name, issue.handler_subject = name, subject
        work.record(issue, events.IssueAssigned(handler=subject or ""), at=max(at, issue.received_at))
    return site


async def plan_clearance(work: UnitOfWork, reference: str, body: ClearancePlan) -> Site:
    """Plan to clear a site, alone or with a partner; raises Invalid for a day that is past."""
    site, at = await begin(work, reference, Action.CLEARANCE, body)
    if body.date < civil_date(at):
        raise Invalid("This day is past.", "/date")
    number = await queries.next_number(work, Clearance, site.reference)
    work.add(
        Clearance(
            reference=site.reference,
            number=number,
            planned_on=body.date,
            partner=body.partner,
            planned_by=work.caller.subject,
        )
    )
    fact = events.ClearancePlanned(
        clearance=number, planned_on=body.date.isoformat(), with_partner=body.partner is not None
    )
    work.record(site, fact, at=at)
    return site


async def end_clearance(work: UnitOfWork, reference: str, number: int, body: ClearanceOutcome) -> Site:
    """Record how a planned clearance went.

    Raises NotFound for one that is not to come, Invalid for one carried out before its day.
    """
    site, at = await begin(work, reference, Action.CLEARANCE_OUTCOME, body)
    clearance = await queries.planned_clearance(work, site.reference, number)
    if body.carried_out and civil_date(at) < clearance.planned_on:
        raise Invalid("The day of this clearance has not come.", "/carried_out")
    clearance.carried_out, clearance.ended_at, clearance.notes = body.carried_out, at, body.notes
    fact = events.ClearanceEnded(clearance=number, carried_out=body.carried_out)
    work.record(site, fact, at=at)
    return site


async def retire(work: UnitOfWork, reference: str, body: Retirement) -> Site:
    """End a site; nothing more is due on it, but what was found there is still put right."""
    site, at = await begin(work, reference, Action.RETIREMENT, body)
    site.retire(body.reason, at)
    work.record(site, events.SiteRetired(), at=at)
    return site
