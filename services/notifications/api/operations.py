"""The routes of those who keep the calendar and watch over the whole: officers and ops."""

from typing import Annotated, Any

from fastapi import Query, Response

from services.notifications.api.operations_schemas import (
    CalendarOut,
    Closure,
    ClosureWithdrawal,
    CorrectionPreview,
    DeadLetterOut,
    DeadLetters,
    Discard,
    Discarded,
    ReconciliationOut,
    Reconciliations,
    Replay,
    Replayed,
    RolledOutCalendar,
)
from services.notifications.calendar import closures, preview
from services.notifications.calendar.rollout import rolled_out
from services.notifications.reconciliation import dead_letters, nightly, queries
from shared import calendar_sync
from shared.caller import OFFICER, OPS
from shared.cases.formats import Day
from shared.cases.words import Line
from shared.errors import Invalid, NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.problems import problems
from shared.standards.calendar import FIRST_YEAR, LAST_YEAR
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

router = routes_of(prefix="/v1", tags=["notifications"])

Anyone = Annotated[UnitOfWork, requires()]
Keeper = Annotated[UnitOfWork, requires(OFFICER, scope="calendar")]
Ops = Annotated[UnitOfWork, requires(OPS)]
Year = Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)]

PREVIEWED: Any = {200: {"model": CorrectionPreview, "description": "With `dry_run`: nothing is changed"}}


@router.get("/calendar", summary="Bank holidays and closures")
async def read_calendar(work: Anyone, year: Year = None) -> CalendarOut:
    """The closures of one year (this one unless given)."""
    return CalendarOut.of(await calendar_sync.stored(work.session), year or civil_date(work.now).year)


@router.post(
    "/calendar/closures",
    status_code=201,
    summary="Enter a day on which the council is closed",
    response_model=RolledOutCalendar,
    responses=PREVIEWED,
)
async def enter_closure(body: Closure, work: Keeper, dry_run: bool = False) -> RolledOutCalendar | Response:
    """Every open deadline that it touches is planned again; statutory periods ignore it."""
    if dry_run:
        return previewed(await preview.preview_closure(work, body.date, body.reason))
    rollout = await rolled_out(work, lambda own: closures.enter_closure(own, body.date, body.reason))
    return RolledOutCalendar.after(rollout, body.date.year)


@router.post(
    "/calendar/closures/{day}/withdrawal",
    status_code=201,
    summary="Take a closure day back",
    response_model=RolledOutCalendar,
    responses={**problems(NotFound), **PREVIEWED},
)
async def withdraw_closure(
    day: Day, body: ClosureWithdrawal, work: Keeper, dry_run: bool = False
) -> RolledOutCalendar | Response:
    """Open deadlines move back with it."""
    if dry_run:
        return previewed(await preview.preview_withdrawal(work, day, body.reason))
    rollout = await rolled_out(work, lambda own: closures.withdraw_closure(own, day, body.reason))
    return RolledOutCalendar.after(rollout, day.year)


@router.post("/reconciliations", status_code=201, summary="Compare owners' cases with events received, now")
async def start_reconciliation(work: Ops) -> ReconciliationOut:
    """It also runs each night; a case that differs is an alarm, and is fetched from its owner."""
    return ReconciliationOut.of(await nightly.reconcile(work.state))


@router.get("/reconciliations", summary="What the latest comparisons found")
async def list_reconciliations(work: Ops) -> Reconciliations:
    """The latest first."""
    rows = await queries.latest_reconciliations(work)
    return Reconciliations(items=[ReconciliationOut.of(row) for row in rows])


@router.get("/dead-letters", summary="Messages that were given up on", responses=problems(NotFound))
async def list_dead_letters(work: Ops, queue: Line) -> DeadLetters:
    """The oldest first, left where they are; each is one event, and names no person."""
    return DeadLetters.of(await work.state.broker.dead_letters(_queue(work, queue)))


@router.post("/dead-letters/replay", status_code=201, summary="Deliver dead letters once more")
async def replay_dead_letters(body: Replay, work: Ops) -> Replayed:
    """Once what was wrong has been mended; one that fails again is buried again."""
    queue = _queue(work, body.queue)
    replayed = await work.state.broker.replay_dead_letters(queue, work.now, body.limit, body.ids)
    return Replayed(queue=queue, replayed=replayed, replayed_at=work.now)


@router.post("/dead-letters/discard", status_code=201, summary="Discard dead letters")
async def discard_dead_letters(body: Discard, work: Ops) -> Discarded:
    """Those that nobody can or need handle; who discarded each, and why, is kept with it."""
    discarded = await dead_letters.discard(work, _queue(work, body.queue), body.ids, body.reason)
    return Discarded(items=[DeadLetterOut.of(letter) for letter in discarded])


def previewed(effects: preview.Effects) -> Response:
    """The answer to a dry run."""
    return Response(CorrectionPreview.of(effects).model_dump_json(), media_type="application/json")


def _queue(work: UnitOfWork, name: str) -> str:
    """The queue of a service, which has the service's name; raises Invalid for any other."""
    names = work.state.settings.directory.names
    if name not in names:
        raise Invalid(f"Each service has a queue: {', '.join(names)}.", "/queue")
    return name
