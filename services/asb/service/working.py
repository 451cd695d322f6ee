"""The work on a case: contact, visit, plan, updates, priority, risk, tools and partners, the home."""

from services.asb import events, policy, queries
from services.asb.events import Priority
from services.asb.models import AsbCase
from services.asb.policy import Action, Category, Status
from services.asb.schemas.requests import (
    ActionPlan,
    CategoryCorrection,
    Home,
    PriorityRaise,
    RiskAssessment,
    RiskReview,
    ToolUsed,
    Update,
    UpdateFrequency,
    VictimContact,
    Visit,
)
from services.asb.service import people
from services.asb.service.acting import begin, note
from shared.errors import Invalid
from shared.order import latest_of
from shared.standards.periods import civil_date
from shared.work import UnitOfWork


async def contact_victim(work: UnitOfWork, reference: str, body: VictimContact) -> AsbCase:
    """Keep an attempt to speak with the victim; one that reached nobody meets no promise."""
    case, at = await begin(work, reference, Action.VICTIM_CONTACT, body)
    fact = events.VictimContacted() if body.reached else events.VictimContactAttempted()
    note(work, case, Action.VICTIM_CONTACT, body, fact, at)
    return case


async def visit(work: UnitOfWork, reference: str, body: Visit) -> AsbCase:
    """Keep a visit; a plan agreed there is due in writing."""
    case, at = await begin(work, reference, Action.VISIT, body)
    fact = events.VictimVisited(action_plan_agreed=body.action_plan_agreed)
    note(work, case, Action.VISIT, body, fact, at)
    return case


async def send_action_plan(work: UnitOfWork, reference: str, body: ActionPlan) -> AsbCase:
    """Keep the plan that was sent to the victim."""
    case, at = await begin(work, reference, Action.ACTION_PLAN, body)
    note(work, case, Action.ACTION_PLAN, body, events.ActionPlanSent(), at)
    return case


async def update(work: UnitOfWork, reference: str, body: Update) -> AsbCase:
    """Keep what the victim was told; nothing else makes the next update due from here."""
    case, at = await begin(work, reference, Action.UPDATES, body)
    note(work, case, Action.UPDATES, body, events.VictimUpdated(), at)
    return case


async def set_update_frequency(work: UnitOfWork, reference: str, body: UpdateFrequency) -> AsbCase:
    """Agree another rhythm of updates; the next is due no later than was promised."""
    case, at = await begin(work, reference, Action.UPDATE_FREQUENCY, body)
    case.update_frequency = body.every
    note(work, case, Action.UPDATE_FREQUENCY, body, events.UpdateFrequencySet(every=body.every), at)
    return case


async def correct_category(work: UnitOfWork, reference: str, body: CategoryCorrection) -> AsbCase:
    """Correct the behaviour; a graver one raises the priority, and none lowers it.

    Of an open case the victim is then contacted as priority one has it.
    """
    case, at = await begin(work, reference, Action.CATEGORY, body)
    category = body.category or Category(case.category)
    stated = case.hate_incident if body.hate_incident is None else body.hate_incident
    case.category, case.hate_incident = category, policy.is_hate(category, stated)
    fact = events.CategoryCorrected(hate_incident=case.hate_incident)
    note(work, case, Action.CATEGORY, body, fact, at)
    priority = policy.priority_of(category, case.hate_incident)
    if priority < case.priority:
        case.priority = priority
        if case.status == Status.OPEN:
            work.record(case, events.PriorityRaised(priority=priority), at=at)
    return case


async def raise_priority(work: UnitOfWork, reference: str, body: PriorityRaise) -> AsbCase:
    """Make a case more urgent than its report does; raises Invalid for a priority that is none higher."""
    case, at = await begin(work, reference, Action.PRIORITY, body)
    if body.priority >= case.priority:
        raise Invalid("A priority is raised, and never lowered.", "/priority")
    case.priority = body.priority
    note(work, case, Action.PRIORITY, body, events.PriorityRaised(priority=Priority(body.priority)), at)
    return case


async def assess_risk(work: UnitOfWork, reference: str, body: RiskAssessment) -> AsbCase:
    """Assess the risk to the victim; a high one is a manager's to review, each time it is assessed.

    An incident from after the assessment leaves the risk to be assessed again.
    """
    case, at = await begin(work, reference, Action.RISK, body)
    history = await queries.history(work, case.reference)
    case.assess_risk(body.score, at, latest_of(history, {events.IncidentReported.type}))
    fact = events.RiskAssessed(score=body.score, high_risk=case.high_risk)
    note(work, case, Action.RISK, body, fact, at)
    return case


async def review_risk(work: UnitOfWork, reference: str, body: RiskReview) -> AsbCase:
    """Keep a manager's review of a high risk; raises Invalid for one from before its assessment."""
    case, at = await begin(work, reference, Action.RISK_REVIEW, body)
    case.risk_review_due = False
    note(work, case, Action.RISK_REVIEW, body, events.RiskReviewed(), at)
    return case


async def use_tool(work: UnitOfWork, reference: str, body: ToolUsed) -> AsbCase:
    """Keep a tool used or a partner brought in; raises Invalid for a day in the future."""
    case, at = await begin(work, reference, Action.ACTIONS, body)
    if body.date > civil_date(work.now):
        raise Invalid("This day is in the future.", "/date")
    note(work, case, Action.ACTIONS, body, events.ActionTaken(), at)
    return case


async def give_home(work: UnitOfWork, reference: str, body: Home) -> AsbCase:
    """Say which home it is about; repairs that wait for it are told when they ask again."""
    case, at = await begin(work, reference, Action.HOME, body)
    home = body.property.model_dump(mode="json", exclude_none=True)
    work.assign(case, property=home)
    case.people = sorted({*case.people, *people.digests(work, home, ())})
    note(work, case, Action.HOME, body, events.HomeGiven(), at, elsewhere={"property"})
    return case
