"""Reports: a case is opened, a further incident comes, a report is joined to an earlier case."""

from collections.abc import Sequence
from datetime import date

from services.asb import events, policy, queries
from services.asb.models import AsbCase, Incident
from services.asb.policy import DEPARTMENT, Action, Category, Status
from services.asb.policy.order import was_open
from services.asb.schemas import requests
from services.asb.schemas.requests import Joining, Report, ReportedIncident
from services.asb.service import people
from services.asb.service.acting import begin, note
from shared.caller import Role
from shared.cases.opening import open_case
from shared.errors import Invalid, NotFound
from shared.standards.periods import civil_date
from shared.work import Creation, UnitOfWork, Work


def report(work: Creation, body: Report) -> tuple[AsbCase, list[Incident]]:
    """Take a report in; its priority follows from the category, or from a hate incident (section 9).

    An officer of the team who takes it is its first member, unless it is about them, and only a victim's own
    report is theirs to read. Raises Invalid for a time in the future, Forbidden for `imported` without the
    scope.
    """
    named = body.alleged_perpetrator
    alleged = [] if named is None else [named.model_dump(exclude_none=True)]
    kept_from = people.kept_from(work, alleged)
    home = body.property.model_dump(mode="json", exclude_none=True) if body.property else None
    resident = work.caller.identity if work.caller.is_a(Role.RESIDENT) else None
    case = open_case(
        work,
        AsbCase,
        "CAS",  # neutral: letters, screens and histories of browsers show it
        body,
        status=Status.OPEN,
        department=DEPARTMENT,
        needs_scope=events.SCOPE,
        team=first_members(work, kept_from),
        kept_from=kept_from,
        reporter=body.reporter,
        category=body.category,
        hate_incident=policy.is_hate(body.category, body.hate_incident),
        priority=policy.priority_of(body.category, body.hate_incident),
        description=body.description,
        property=home,
        alleged_perpetrators=alleged,
        people=people.digests(work, home, alleged, resident),
        update_frequency=events.Every.TEN_WORKING_DAYS,
        high_risk=False,
        risk_to_assess=True,
        risk_review_due=False,
        recommendations_to_complete=0,
        damages_open=0,
    )
    if body.reporter is not policy.Reporter.VICTIM:
        # a witness follows nothing: the case will have the victim's address in it, and what they were told
        case.resident = None
    work.record(case, opened(case), at=case.received_at)
    return case, _first_incidents(work, case, body)


def first_members(work: Work, kept_from: Sequence[str]) -> list[str]:
    """The officer who takes a report, if it is one who may see such a case."""
    by = work.caller
    takes_part = by.is_a(Role.OFFICER) and events.SCOPE in by.scopes and DEPARTMENT in by.departments
    return [by.subject] if takes_part and {*by.pseudonyms}.isdisjoint(kept_from) else []


def opened(case: AsbCase) -> events.CaseOpened:
    """The fact that a report became a case."""
    return events.CaseOpened(
        priority=events.Priority(case.priority),
        hate_incident=case.hate_incident,
        department=case.department,
        channel=case.channel,
        imported=case.imported,
        needs_scope=events.SCOPE,
        team=case.team or [],
        kept_from=case.kept_from or [],
        resident=case.resident,
    )


def _first_incidents(work: Work, case: AsbCase, body: Report) -> list[Incident]:
    """The incidents that the report tells of; without any, the report itself is one."""
    told_on = civil_date(case.received_at)
    if not body.incidents:
        days = {"happened_on": told_on, "reported_on": told_on, "reported_to": policy.Body.COUNCIL}
        incidents = [_incident(work, case, 1, description=None, **days)]
    else:
        incidents = [
            _incident(work, case, number, **_told(incident, told_on, f"/incidents/{number - 1}"))
            for number, incident in enumerate(body.incidents, 1)
        ]
    for incident in incidents:
        work.add(incident)
    return incidents


def _told(incident: ReportedIncident, told_on: date, pointer: str = "") -> dict[str, object]:
    """An incident's columns; raises Invalid for days in the future."""
    reported_on = incident.reported_on or told_on
    happened_on = incident.happened_on or reported_on
    for name, day in (("reported_on", reported_on), ("happened_on", happened_on)):
        if day > told_on:
            raise Invalid("This day is after the one on which we were told.", f"{pointer}/{name}")
    return {
        "description": incident.description,
        "happened_on": happened_on,
        "reported_on": reported_on,
        "reported_to": incident.reported_to,
    }


def _incident(work: Work, case: AsbCase, number: int, **told: object) -> Incident:
    who = {"told_by": work.caller.subject, "told_at": work.now}
    incident = Incident(reference=case.reference, number=number, **who)
    work.assign(incident, **told)
    return incident


async def report_incident(work: UnitOfWork, reference: str, body: requests.Incident) -> AsbCase:
    """Add an incident: the victim is contacted about it, and the risk is to be assessed again."""
    case, at = await begin(work, reference, Action.INCIDENTS, body)
    category = body.category or Category(case.category)
    priority = policy.priority_of(category, body.hate_incident)
    if body.category is None:  # more of the same, which is no less urgent than the case
        priority = min(priority, events.Priority(case.priority))
    case.take_incident(priority)
    case.hate_incident = case.hate_incident or policy.is_hate(category, body.hate_incident)
    number = len((await queries.parts(work, Incident, [case.reference]))[case.reference]) + 1
    work.add(_incident(work, case, number, **_told(body, civil_date(at))))
    fact = events.IncidentReported(priority=priority, hate_incident=case.hate_incident)
    note(work, case, Action.INCIDENTS, body, fact, at, elsewhere={"description"})
    return case


async def join(work: UnitOfWork, reference: str, body: Joining) -> AsbCase:
    """Join a report to an earlier case about the same people; each keeps its reference and its promises.

    One that came after the closing of the earlier case is a new case that points to the old. Locks both cases
    in the order of their references. Raises Invalid for a case that the caller does not see, one that came
    later, so that no joins ever lead in a circle, and one joined with a report against this one's reporter.
    """
    await queries.lock_in_order(work, (reference, body.reference))
    case, at = await begin(work, reference, Action.JOINING, body)
    try:
        earlier = await queries.visible_case(work, body.reference)
    except NotFound:
        raise Invalid("There is no such case for this caller.", "/reference") from None
    if (earlier.received_at, earlier.reference) >= (case.received_at, case.reference):
        raise Invalid("A report is joined to a case that came before it.", "/reference")
    for other in await queries.family(work, earlier):
        if other.reference != case.reference and people.against_each_other(work, case, other):
            raise Invalid("Reports against each other are not about the same people.", "/reference")
    case.joined_to = earlier.reference
    was_open_then = was_open(await queries.history(work, earlier.reference), case.received_at)
    fact = events.ReportJoined(further_report=was_open_then)
    # the diary is read by this case's team, who need not see the other
    note(work, case, Action.JOINING, body, fact, at, elsewhere={"reference"})
    return case
