"""The routes of repairs that concern no feature."""

from typing import Annotated

from fastapi import Depends, Path

from services.repairs.actions import (
    assign as assigning,
    cancel as cancelling,
    change_priority,
    correct_contact as correcting,
    decide as deciding,
    hand_back as handing_back,
    report as reporting,
)
from services.repairs.actions.report_schemas import Report
from services.repairs.actions.update import update as update_job
from services.repairs.actions.update_many import update_many as update_jobs
from services.repairs.actions.update_schemas import Batch, BatchOut, DecisionIn, UpdateIn, UpdateOut
from services.repairs.appointments import service as appointments
from services.repairs.case import queries
from services.repairs.case.lifecycle import LIFECYCLE, Action
from services.repairs.case.schemas import Assignment, Cancellation, Handback, PriorityChange, RepairFilters
from services.repairs.views import RepairView, allowed, present, present_all, present_followed, present_report
from services.repairs.views.listing import listed
from services.repairs.views.schemas import JobOut, RepairOut
from shared.caller import CONTRACTOR, FRONTEND, OFFICER, RESIDENT
from shared.cases.contact import ContactCorrection
from shared.cases.reasons import ReasonOut, Reasons
from shared.cases.routers import Reference, action, case_router
from shared.cases.tracking import Tracking
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import Creation, UnitOfWork

router = case_router("/v1/repairs", tags=["repairs"], allowed=allowed)

Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the update")]
Reporter = Annotated[Creation, requires(RESIDENT | FRONTEND | OFFICER)]
# a front end follows one repair by what its resident knows, and lists nobody's
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER | CONTRACTOR)]
Follower = Annotated[UnitOfWork, requires(FRONTEND)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
Assigner = Annotated[UnitOfWork, may(LIFECYCLE, Action.ASSIGNMENT)]
HandingBack = Annotated[UnitOfWork, may(LIFECYCLE, Action.HANDBACK)]
Updater = Annotated[UnitOfWork, may(LIFECYCLE, Action.UPDATES)]
Decider = Annotated[UnitOfWork, may(LIFECYCLE, Action.DECISION)]
Prioritiser = Annotated[UnitOfWork, may(LIFECYCLE, Action.PRIORITY)]
Canceller = Annotated[UnitOfWork, may(LIFECYCLE, Action.CANCELLATION)]
Corrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONTACT)]


@router.post("", status_code=201, summary="Report a repair")
async def report_repair(body: Report, work: Reporter) -> RepairOut:
    """Take a report in, promise its dates and offer an appointment; section 6."""
    reported = await reporting.report(work, body)
    return await present_report(work, reported.repair, reported.hazard, reported.offers)


@router.get("", summary="Repairs that the caller may see")
async def list_repairs(
    work: Reader, page: Paging, filters: Annotated[RepairFilters, Depends()]
) -> Page[RepairOut | JobOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await listed(work, filters, page)
    return Page(items=await present_all(work, rows), next=following)


@router.get("/{reference}", summary="One repair", responses=problems(NotFound))
async def read_repair(reference: Reference, work: Reader) -> RepairOut | JobOut:
    """The repair, as far as the caller may see it; a front end follows it by `tracking`."""
    [shown] = await present_all(work, [await queries.repair(work, reference)])
    return shown


@router.post("/{reference}/tracking", summary="Follow a repair", responses=problems(NotFound))
async def track_repair(reference: Reference, body: Tracking, work: Follower) -> RepairOut:
    """A repair, for whoever knows the resident's surname and the home's postcode.

    It shows the job and its dates; what tells of the household is null. It changes nothing. Of a repair that
    the front end reported itself it has the slots to choose from.
    """
    found = await queries.tracked_repair(work, reference, body)
    return await present_followed(work, found, await appointments.offers(work, found))


@router.post("/updates", status_code=201, summary="Up to 500 updates, each answered on its own")
async def update_repairs(body: Batch, work: Updater) -> BatchOut:
    """Take in updates in any order, twice, or late; a refused one leaves the others standing."""
    return BatchOut(results=await update_jobs(work, body.updates, allowed))


@router.post("/{reference}/assignment", **action("Give the job to a firm"))
async def assign_repair(reference: Reference, body: Assignment, work: Assigner) -> RepairView:
    """The firm sees the job from then on, and whoever had it before no longer does."""
    return await present(work, await assigning.assign(work, reference, body))


@router.post("/{reference}/handback", **action("Hand the job back"))
async def hand_repair_back(reference: Reference, body: Handback, work: HandingBack) -> RepairView:
    """The firm cannot do it and sees it no more; its dates stay, and the department is told at once."""
    return await present(work, await handing_back.hand_back(work, reference, body))


@router.post("/{reference}/updates", **action("Say what happened on a job"))
async def update_repair(reference: Reference, body: UpdateIn, work: Updater) -> RepairView:
    """Deadlines are met at the time it happened, not the time it was sent."""
    return await present(work, await update_job(work, reference, body))


@router.get("/{reference}/updates", summary="What happened on a job", responses=problems(NotFound))
async def list_repair_updates(
    reference: Reference, work: Annotated[UnitOfWork, requires(CONTRACTOR | OFFICER)], page: Paging
) -> Page[UpdateOut]:
    """Updates in the order in which they reached us, not that of the events; a firm reads its own alone."""
    told, following = await queries.updates(work, reference, page)
    return Page(items=[UpdateOut.of(update) for update in told], next=following)


@router.post("/{reference}/updates/{number}/decision", **action("Decide on a backdated update"))
async def decide_on_update(
    reference: Reference, number: Number, body: DecisionIn, work: Decider
) -> RepairView:
    """A firm told an earlier time than its own first word, which stands unless the earlier is accepted."""
    return await present(work, await deciding.decide(work, reference, number, body))


@router.post("/{reference}/priority", **action("Raise its priority, or take a raise back"))
async def change_repair_priority(reference: Reference, body: PriorityChange, work: Prioritiser) -> RepairView:
    """Raise it for danger or vulnerability, or take a raise back; never less urgent than by the guide."""
    return await present(work, await change_priority.change_priority(work, reference, body))


@router.post("/{reference}/cancellation", **action("Call the repair off"))
async def cancel_repair(reference: Reference, body: Cancellation, work: Canceller) -> RepairView:
    """It is no longer wanted or needed; while a hazard stands open, only an officer may say so."""
    return await present(work, await cancelling.cancel(work, reference, body))


@router.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_repair_contact(
    reference: Reference, body: ContactCorrection, work: Corrector
) -> RepairView:
    """Change only the fields given; `safe_to_contact` counts at once, also for letters that are owed."""
    return await present(work, await correcting.correct_contact(work, reference, body))


@router.get("/{reference}/reasons", summary="Why acts were done", responses=problems(NotFound))
async def list_repair_reasons(reference: Reference, work: Officer) -> Reasons:
    """The reasons in the words of those who did the acts, which no event carries."""
    return Reasons(items=[ReasonOut.of(row) for row in await queries.reasons(work, reference)])
