"""The routes of feedback."""

from typing import Annotated

from fastapi import Body, Depends

from services.enquiries.models import Feedback
from services.enquiries.policy.feedback import LIFECYCLE, Action
from services.enquiries.queries import office as queries
from services.enquiries.schemas.acts import Act
from services.enquiries.schemas.office import (
    FeedbackFilters,
    FeedbackOut,
    FollowUp,
    ImprovementOut,
    Improvements,
    NewFeedback,
    NewImprovement,
)
from services.enquiries.service import feedback
from services.enquiries.service.feedback import allowed, present, present_one
from shared.caller import FRONTEND, OFFICER, RESIDENT
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import Creation, UnitOfWork

router = case_router("/v1/feedback", tags=["feedback"], allowed=allowed)

Giver = Annotated[Creation, requires(RESIDENT | FRONTEND | OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
Anybody = Annotated[UnitOfWork, requires(RESIDENT | FRONTEND | OFFICER)]
FollowerUp = Annotated[UnitOfWork, may(LIFECYCLE, Action.FOLLOW_UP)]
Complainer = Annotated[UnitOfWork, may(LIFECYCLE, Action.COMPLAINT)]
ComplaintBody = Annotated[Act, Body(default_factory=Act)]


@router.post("", status_code=201, summary="Say how we did")
async def give_feedback(body: NewFeedback, work: Giver) -> FeedbackOut:
    """Take in feedback, with or without a case; a score below three gives the department a task."""
    return await present_one(work, await feedback.give(work, body))


@router.get("", summary="Feedback that the caller may see")
async def list_feedback(
    work: Reader, page: Paging, filters: Annotated[FeedbackFilters, Depends()]
) -> Page[FeedbackOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await queries.listed(work, Feedback, filters, page)
    return Page(items=await present(work, rows), next=following)


@router.post("/improvements", status_code=201, summary="Note what was changed because of feedback")
async def note_improvement(body: NewImprovement, work: Officer) -> ImprovementOut:
    """You said, we did."""
    return ImprovementOut.of(await feedback.improve(work, body))


@router.get("/improvements", summary="You said, we did")
async def list_improvements(work: Anybody) -> Improvements:
    """The latest first."""
    return Improvements(items=[ImprovementOut.of(row) for row in await queries.improvements(work)])


@router.get("/{reference}", summary="One piece of feedback", responses=problems(NotFound))
async def read_feedback(reference: Reference, work: Reader) -> FeedbackOut:
    """A piece of feedback with what came of it."""
    return await present_one(work, await queries.found(work, Feedback, reference))


@router.post("/{reference}/follow-up", **action("Record what came of a low score"))
async def follow_feedback_up(reference: Reference, body: FollowUp, work: FollowerUp) -> FeedbackOut:
    """The department's task is done then."""
    return await present_one(work, await feedback.follow_up(work, reference, body))


@router.post("/{reference}/complaint", **action("Make feedback a complaint"))
async def complain_by_feedback(reference: Reference, body: ComplaintBody, work: Complainer) -> FeedbackOut:
    """Once."""
    return await present_one(work, await feedback.make_complaint(work, reference, body))
