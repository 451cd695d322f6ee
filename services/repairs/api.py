"""The routes of repairs."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.repairs import batches, queries, service
from services.repairs.appointments import service as appointments
from services.repairs.appointments.schemas import Offer
from services.repairs.policy import Status, guide_on
from services.repairs.schemas import Assignment, Guide, GuideLine, JobOut, PastJobOut, RepairOut, Report
from services.repairs.showing import shown, shown_to
from services.repairs.update_schemas import Batch, BatchOut, UpdateIn, UpdateOut
from shared.caller import Caller
from shared.errors import NotFound
from shared.http.answers import answered, created
from shared.http.auth import requires
from shared.http.idempotency import AlreadyDone
from shared.http.paging import Cursor, Limit, Page, link_next
from shared.http.problems import ON_A_CASE, problems
from shared.http.routes import Cursors, Now, Running, Session, TransactionalRoute
from shared.http.schemas import GivenDay
from shared.standards.periods import civil_date

COLLECTION = "repairs"

router = APIRouter(prefix="/v1/repairs", tags=["repairs"], route_class=TransactionalRoute)

Anyone = Annotated[Caller, Depends(requires())]
Reporter = Annotated[Caller, Depends(requires("resident", "frontend", "officer"))]
# a front end follows one repair by what its resident knows, and lists nobody's
Lister = Annotated[Caller, Depends(requires("resident", "officer", "contractor"))]
Reader = Annotated[Caller, Depends(requires("resident", "frontend", "officer", "contractor"))]
Officer = Annotated[Caller, Depends(requires("officer"))]
JobUpdater = Annotated[Caller, Depends(requires("contractor", "officer"))]
Reference = Annotated[str, Path(description="As in REP-7K3M-Q9TX", max_length=40)]


@router.get("/guide", summary="The repairs guide")
async def guide(now: Now, caller: Anyone, on: Annotated[GivenDay | None, Query()] = None) -> Guide:
    """Every fault with its priority and how long it takes, on a day (today unless given)."""
    day = on or civil_date(now)
    return Guide(
        on=day.isoformat(), faults=[GuideLine.of(fault, priority) for fault, priority in guide_on(day)]
    )


@router.post("", status_code=201, summary="Report a repair")
async def report(
    body: Report, response: Response, caller: Reporter, session: Session, running: Running, now: Now
) -> RepairOut:
    """Take a report in, promise its dates and offer an appointment; section 6."""
    repair = await service.report(session, body, by=caller, now=now)
    slots = await appointments.offer_at_first_contact(session, running, repair, now=now)
    case = await shown(caller, session, running, repair, now)
    case.appointment_offers = [Offer.of(slot) for slot in slots]
    return created(response, case, COLLECTION)


@router.get("", summary="Repairs that the caller may see")
async def repairs(
    request: Request, response: Response, caller: Lister, session: Session, running: Running, now: Now,
    cursors: Cursors, status: Status | None = None, priority: Annotated[int | None, Query(ge=1, le=3)] = None,
    queue: Annotated[Literal["handyperson"] | None, Query(description="What waits in it")] = None,
    limit: Limit = 50, cursor: Cursor = None,
) -> Page[RepairOut | JobOut]:  # fmt: skip
    """The latest first."""
    after = cursors.key_of(cursor, 2)
    rows = await queries.listed(session, caller, after, limit, status=status, priority=priority, queue=queue)
    on_page, following = cursors.page_of(rows, limit, queries.sorting_key)
    link_next(request, response, following)
    return Page(items=await shown_to(caller, session, running, on_page, now), next=following)


@router.get("/{reference}", summary="One repair", responses=problems(NotFound))
async def repair(
    reference: Reference, response: Response, caller: Reader, session: Session, running: Running, now: Now,
    surname: Annotated[str | None, Query(max_length=100)] = None,
    postcode: Annotated[str | None, Query(max_length=10)] = None,
) -> RepairOut | JobOut:  # fmt: skip
    """A front end that tracks a repair for somebody says their surname or the home's postcode too.

    It is shown the job and its dates; what tells of the household is null.
    """
    may = queries.visible_to(caller)
    if "frontend" in caller.roles:
        may = queries.knows_the_home(surname, postcode)
    found = await queries.repair(session, reference, may)
    [case] = await shown_to(caller, session, running, [found], now)
    return answered(response, case)


@router.post("/updates", status_code=201, summary="Up to 500 updates, each answered on its own")
async def update_many(
    body: Batch, caller: JobUpdater, session: Session, running: Running, now: Now
) -> BatchOut:
    """In any order, twice, or late; a refused one leaves the others standing."""
    return await batches.update_many(session, running, body.updates, by=caller, now=now)


@router.post(
    "/{reference}/assignment", status_code=201, summary="Give the job to a firm", responses=ON_A_CASE
)
async def assign(
    reference: Reference, body: Assignment, response: Response,
    caller: Officer, session: Session, running: Running, now: Now,
) -> RepairOut:  # fmt: skip
    """The firm sees the job from then on, and whoever had it before no longer does."""
    repair = await service.assign(session, running, reference, body, by=caller, now=now)
    return created(response, await shown(caller, session, running, repair, now), COLLECTION)


@router.post(
    "/{reference}/updates", status_code=201, summary="Say what happened on a job", responses=ON_A_CASE
)
async def update(
    reference: Reference, body: UpdateIn, response: Response,
    caller: JobUpdater, session: Session, running: Running, now: Now,
) -> RepairOut | JobOut | PastJobOut:  # fmt: skip
    """Deadlines are met at the time it happened, not the time it was sent."""
    try:
        repair = await service.update(session, running, reference, body, by=caller, now=now)
    except AlreadyDone as done:  # while it had the job, a firm was answered with all that it saw of it then
        if not service.has_lost_the_job(caller, done.case):
            raise
        repair = done.case
    if service.has_lost_the_job(caller, repair):
        return PastJobOut(reference=repair.reference)
    [case] = await shown_to(caller, session, running, [repair], now)
    return created(response, case, COLLECTION)


@router.get("/{reference}/updates", summary="What happened on a job", responses=problems(NotFound))
async def updates(
    request: Request, response: Response, reference: Reference, caller: JobUpdater, session: Session,
    cursors: Cursors, limit: Limit = 50, cursor: Cursor = None,
) -> Page[UpdateOut]:  # fmt: skip
    """In the order in which it reached us, not that of the events; a firm reads only what it told itself."""
    after = cursors.key_of(cursor, 1)
    found = await queries.repair(session, reference, queries.visible_to(caller))
    rows = await queries.updates(session, found.reference, caller, after, limit)
    told, following = cursors.page_of(rows, limit, lambda row: (row.number,))
    link_next(request, response, following)
    return Page(items=[UpdateOut.of(update) for update in told], next=following)
