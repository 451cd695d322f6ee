"""The routes of telephone calls."""

from typing import Annotated

from fastapi import Body, Depends

from services.enquiries.models import Call
from services.enquiries.policy.call import LIFECYCLE, Action
from services.enquiries.queries import office as queries
from services.enquiries.schemas.calls import (
    CallAbandonment,
    CallAnswer,
    CallFilters,
    CallOut,
    CallPart,
    CallPartOut,
    CallResolution,
    CallsLoaded,
    NewCall,
)
from services.enquiries.service import call_parts, calls
from services.enquiries.service.calls import allowed, present, present_one
from shared.caller import OFFICER, RESIDENT
from shared.cases.registers import CSV_BODY, CsvFile
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import Creation, UnitOfWork

router = case_router("/v1/calls", tags=["calls"], allowed=allowed)

Taker = Annotated[Creation, requires(OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
Answerer = Annotated[UnitOfWork, may(LIFECYCLE, Action.ANSWER)]
Abandoner = Annotated[UnitOfWork, may(LIFECYCLE, Action.ABANDONMENT)]
Resolver = Annotated[UnitOfWork, may(LIFECYCLE, Action.RESOLUTION)]

# what has nothing to say but its time may come without a body
AbandonmentBody = Annotated[CallAbandonment, Body(default_factory=CallAbandonment)]
ResolutionBody = Annotated[CallResolution, Body(default_factory=CallResolution)]


@router.post("", status_code=201, summary="Record a call")
async def record_call(body: NewCall, work: Taker) -> CallOut:
    """Whole, or as it is queued; section 4 promises an answer within 60 seconds."""
    return await present_one(work, await calls.take(work, body))


@router.post("/register", status_code=201, summary="Load calls from a CSV file", openapi_extra=CSV_BODY)
async def load_calls(file: CsvFile, work: Officer) -> CallsLoaded:
    """Columns call_id, queued_at, and if known those of a call sent alone, with answered_by, department.

    A bad line is reported with its number, and the rest is loaded. A known call_id is not loaded again.
    """
    return await calls.load(work, file.file)


@router.post("/parts", status_code=201, summary="Tell a part of a call")
async def tell_call_part(body: CallPart, work: Officer) -> CallPartOut:
    """Keep a part of a call, under the telephone system's id: queued, answered, abandoned, in any order."""
    return await call_parts.take_part(work, body)


@router.get("", summary="Calls that the caller may see")
async def list_calls(work: Reader, page: Paging, filters: Annotated[CallFilters, Depends()]) -> Page[CallOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await queries.listed(work, Call, filters, page)
    return Page(items=await present(work, rows), next=following)


@router.get("/{reference}", summary="One call", responses=problems(NotFound))
async def read_call(reference: Reference, work: Reader) -> CallOut:
    """A call with how it was answered, and what was promised in it."""
    return await present_one(work, await queries.found(work, Call, reference))


@router.post("/{reference}/answer", **action("Answer a call"))
async def answer_call(reference: Reference, body: CallAnswer, work: Answerer) -> CallOut:
    """Record the answer, with the name and department that the caller was given."""
    return await present_one(work, await calls.answer(work, reference, body))


@router.post("/{reference}/abandonment", **action("Record that the caller hung up"))
async def abandon_call(reference: Reference, body: AbandonmentBody, work: Abandoner) -> CallOut:
    """Record that the caller left before anybody answered; nothing more is promised."""
    return await present_one(work, await calls.abandon(work, reference, body))


@router.post("/{reference}/resolution", **action("Record that the promised answer was given"))
async def resolve_call(reference: Reference, body: ResolutionBody, work: Resolver) -> CallOut:
    """Record the answer to a caller who was not helped at once."""
    return await present_one(work, await calls.resolve(work, reference, body))
