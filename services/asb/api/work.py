"""The routes of the work on a case."""

from typing import Annotated

from services.asb.api.markers import PATH, TAGS
from services.asb.policy import LIFECYCLE, MANAGER, Action
from services.asb.queries import note_replay
from services.asb.schemas.answers import AsbOut
from services.asb.schemas.requests import (
    ActionPlan,
    CategoryCorrection,
    DamageEnd,
    DamageReport,
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
from services.asb.service import damage, working
from services.asb.service.presenting import allowed, present
from shared.cases.routers import Reference, action, case_router
from shared.http.auth import may
from shared.work import UnitOfWork

router = case_router(PATH, tags=TAGS, allowed=allowed, on_replay=note_replay)

Prioritiser = Annotated[UnitOfWork, may(LIFECYCLE, Action.PRIORITY)]
Categoriser = Annotated[UnitOfWork, may(LIFECYCLE, Action.CATEGORY)]
Contacter = Annotated[UnitOfWork, may(LIFECYCLE, Action.VICTIM_CONTACT)]
Visitor = Annotated[UnitOfWork, may(LIFECYCLE, Action.VISIT)]
Planner = Annotated[UnitOfWork, may(LIFECYCLE, Action.ACTION_PLAN)]
Updater = Annotated[UnitOfWork, may(LIFECYCLE, Action.UPDATES)]
Pacer = Annotated[UnitOfWork, may(LIFECYCLE, Action.UPDATE_FREQUENCY)]
Assessor = Annotated[UnitOfWork, may(LIFECYCLE, Action.RISK)]
RiskReviewer = Annotated[UnitOfWork, may(LIFECYCLE, Action.RISK_REVIEW, scope=MANAGER)]
Worker = Annotated[UnitOfWork, may(LIFECYCLE, Action.ACTIONS)]
Locator = Annotated[UnitOfWork, may(LIFECYCLE, Action.HOME)]
DamageReporter = Annotated[UnitOfWork, may(LIFECYCLE, Action.DAMAGE)]
DamageEnder = Annotated[UnitOfWork, may(LIFECYCLE, Action.DAMAGE_OUTCOME)]


@router.post("/{reference}/category", **action("Correct a case's category"))
async def correct_asb_category(reference: Reference, body: CategoryCorrection, work: Categoriser) -> AsbOut:
    """Or say that it is a hate incident, or none; the priority is raised by it, and never lowered."""
    return await present(work, await working.correct_category(work, reference, body))


@router.post("/{reference}/priority", **action("Raise a case's priority"))
async def raise_asb_priority(reference: Reference, body: PriorityRaise, work: Prioritiser) -> AsbOut:
    """Raise the priority, with a reason; it is never lowered."""
    return await present(work, await working.raise_priority(work, reference, body))


@router.post("/{reference}/victim-contact", **action("Say that the victim was contacted, or could not be"))
async def contact_asb_victim(reference: Reference, body: VictimContact, work: Contacter) -> AsbOut:
    """An attempt that reached nobody is kept, and keeps no promise."""
    return await present(work, await working.contact_victim(work, reference, body))


@router.post("/{reference}/visit", **action("Say that the victim was visited"))
async def visit_asb_victim(reference: Reference, body: Visit, work: Visitor) -> AsbOut:
    """A plan agreed there is due in writing within five working days."""
    return await present(work, await working.visit(work, reference, body))


@router.post("/{reference}/action-plan", **action("Keep the plan sent to the victim"))
async def send_asb_action_plan(reference: Reference, body: ActionPlan, work: Planner) -> AsbOut:
    """Record an action plan in the words in which it was sent."""
    return await present(work, await working.send_action_plan(work, reference, body))


@router.post("/{reference}/updates", **action("Keep what the victim was told"))
async def update_asb_victim(reference: Reference, body: Update, work: Updater) -> AsbOut:
    """The next update is due from here, and from nothing else."""
    return await present(work, await working.update(work, reference, body))


@router.post("/{reference}/update-frequency", **action("Agree how often the victim is told"))
async def set_asb_update_frequency(reference: Reference, body: UpdateFrequency, work: Pacer) -> AsbOut:
    """The next is due at the date promised or one new period from now, whichever is earlier."""
    return await present(work, await working.set_update_frequency(work, reference, body))


@router.post("/{reference}/risk", **action("Assess the risk to the victim"))
async def assess_asb_risk(reference: Reference, body: RiskAssessment, work: Assessor) -> AsbOut:
    """Again when an incident comes; a high one is a manager's to review within one working day."""
    return await present(work, await working.assess_risk(work, reference, body))


@router.post("/{reference}/risk/review", **action("Review a high risk"))
async def review_asb_risk(reference: Reference, body: RiskReview, work: RiskReviewer) -> AsbOut:
    """Record the review of the risk by a manager who is in the team."""
    return await present(work, await working.review_risk(work, reference, body))


@router.post("/{reference}/actions", **action("Keep a tool used or a partner brought in"))
async def use_asb_tool(reference: Reference, body: ToolUsed, work: Worker) -> AsbOut:
    """Record the use of a tool with its day, and the partner's reference."""
    return await present(work, await working.use_tool(work, reference, body))


@router.post("/{reference}/home", **action("Say which home a case is about"))
async def give_asb_home(reference: Reference, body: Home, work: Locator) -> AsbOut:
    """Give the home of a case; a repair of damage that waits for the address gets it too."""
    return await present(work, await working.give_home(work, reference, body))


@router.post("/{reference}/damage", **action("Report damage to the home"))
async def report_asb_damage(reference: Reference, body: DamageReport, work: DamageReporter) -> AsbOut:
    """Damage that is ours becomes a repair; only the fault and the words for the contractor go there."""
    return await present(work, await damage.report_damage(work, reference, body))


@router.post("/{reference}/damage/outcome", **action("Say how a damage ended"))
async def end_asb_damage(reference: Reference, body: DamageEnd, work: DamageEnder) -> AsbOut:
    """End the promise after its repair was called off: made safe all the same, or not ours."""
    return await present(work, await damage.end_damage(work, reference, body))
