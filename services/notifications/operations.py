"""The routes of those who keep the calendar and watch over the whole: officers and ops."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.notifications import closures, queries, reconciliation
from services.notifications.operations_schemas import (
    CalendarOut,
    Closure,
    ClosureWithdrawal,
    DeadLetterOut,
    DeadLetters,
    QueueName,
    ReconciliationOut,
    Reconciliations,
    Replay,
    Replayed,
)
from shared import calendar_sync
from shared.caller import Caller
from shared.errors import NotFound
from shared.http.auth import requires
from shared.http.problems import problems
from shared.http.routes import Now, Running, Session, TransactionalRoute
from shared.http.schemas import GivenDay
from shared.standards.periods import civil_date

router = APIRouter(prefix="/v1", tags=["notifications"], route_class=TransactionalRoute)

Anyone = Annotated[Caller, Depends(requires())]
Officer = Annotated[Caller, Depends(requires("officer"))]
Ops = Annotated[Caller, Depends(requires("ops"))]


@router.get("/calendar", summary="Bank holidays and closures")
async def calendar(
    caller: Anyone, session: Session, now: Now, year: Annotated[int | None, Query(ge=1990, le=2099)] = None
) -> CalendarOut:
    """Those of one year (this one unless given)."""
    return CalendarOut.of(await calendar_sync.stored(session), year or civil_date(now).year)


@router.post("/calendar/closures", status_code=201, summary="Enter a day on which the council is closed")
async def enter_closure(body: Closure, caller: Officer, session: Session, now: Now) -> CalendarOut:
    """Every open deadline that it touches is planned again; statutory periods ignore it."""
    entered = await closures.enter_closure(session, body.date, body.reason, by=caller, now=now)
    return CalendarOut.of(entered, body.date.year)


@router.post(
    "/calendar/closures/{day}/withdrawal",
    status_code=201,
    summary="Take a closure day back",
    responses=problems(NotFound),
)
async def withdraw_closure(
    day: GivenDay, body: ClosureWithdrawal, caller: Officer, session: Session, now: Now
) -> CalendarOut:
    """Open deadlines move back with it."""
    withdrawn = await closures.withdraw_closure(session, day, body.reason, by=caller, now=now)
    return CalendarOut.of(withdrawn, day.year)


@router.post("/reconciliations", status_code=201, summary="Compare owners' cases with what was heard, now")
async def reconcile(caller: Ops, running: Running) -> ReconciliationOut:
    """It also runs each night; a case that differs is an alarm, and is fetched from its owner."""
    return ReconciliationOut.of(await reconciliation.reconcile(running))


@router.get("/reconciliations", summary="What the latest comparisons found")
async def reconciliations(caller: Ops, session: Session) -> Reconciliations:
    """The latest first."""
    rows = await queries.latest_reconciliations(session)
    return Reconciliations(items=[ReconciliationOut.of(row) for row in rows])


@router.get("/dead-letters", summary="Messages that were given up on", responses=problems(NotFound))
async def dead_letters(caller: Ops, running: Running, queue: QueueName) -> DeadLetters:
    """The oldest first, left where they are; each is one event, and names no person."""
    found = await running.broker.dead_letters(queue)
    return DeadLetters(items=[DeadLetterOut.of(letter) for letter in found])


@router.post("/dead-letters/replay", status_code=201, summary="Deliver dead letters once more")
async def replay_dead_letters(body: Replay, caller: Ops, running: Running) -> Replayed:
    """Once what was wrong has been mended; one that fails again is buried again."""
    return Replayed(
        queue=body.queue, replayed=await running.broker.replay_dead_letters(body.queue, body.limit)
    )
