"""The routes of reported problems."""

from typing import Annotated

from fastapi import Body, Depends

from services.estates.models import Attachment, Issue
from services.estates.policy.issue import LIFECYCLE, Action
from services.estates.queries import issues as queries
from services.estates.schemas.issues import (
    AppointmentTime,
    Attendance,
    HandedOver,
    IssueAssignment,
    IssueFilters,
    IssueOut,
    IssueResolution,
    NewIssue,
    NewReferral,
)
from services.estates.service import issues, reporting
from services.estates.service.handing_over import hand_over
from services.estates.service.presenting_issues import allowed, present, present_all
from shared.caller import FRONTEND, OFFICER, RESIDENT, SERVICE
from shared.cases.attachments.routers import attachments_router
from shared.cases.contact import ContactCorrection
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.case_route import routes_of
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = case_router("/v1/estates/issues", tags=["estates"], allowed=allowed)
attachments = attachments_router(
    "/v1/estates/issues",
    Attachment,
    find=queries.issue,
    find_for_update=queries.issue_for_update,
    allowed=allowed,
    tags=["estates"],
    brought=Issue,
)
internal = routes_of(prefix="/internal", tags=["internal"])

Reporter = Annotated[UnitOfWork, requires(RESIDENT | FRONTEND | OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Notifier = Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
Assigner = Annotated[UnitOfWork, may(LIFECYCLE, Action.ASSIGNMENT)]
Attender = Annotated[UnitOfWork, may(LIFECYCLE, Action.ATTENDANCE)]
Booker = Annotated[UnitOfWork, may(LIFECYCLE, Action.APPOINTMENT)]
Resolver = Annotated[UnitOfWork, may(LIFECYCLE, Action.RESOLUTION)]
Referrer = Annotated[UnitOfWork, may(LIFECYCLE, Action.REFERRAL)]
Corrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONTACT)]

# what has nothing to say but its time may come without a body
AttendanceBody = Annotated[Attendance, Body(default_factory=Attendance)]
ResolutionBody = Annotated[IssueResolution, Body(default_factory=IssueResolution)]


@router.post("", status_code=201, summary="Report a problem on an estate")
async def report_issue(body: NewIssue, work: Reporter) -> IssueOut:
    """Racist or sexist graffiti is gone within 24 hours; needles come before everything else; section 7."""
    return await present(work, await reporting.report(work, body))


@router.get("", summary="Problems that the caller may see")
async def list_issues(
    work: Reader, page: Paging, filters: Annotated[IssueFilters, Depends()]
) -> Page[IssueOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise; `sort=urgent`: the urgent first."""
    rows, following = await queries.listed(work, filters, page)
    return Page(items=await present_all(work, rows), next=following)


@router.get("/{reference}", summary="One problem", responses=problems(NotFound))
async def read_issue(reference: Reference, work: Reader) -> IssueOut:
    """A problem with its dates, and for officers what became of it with other services."""
    return await present(work, await queries.issue(work, reference))


@router.post("/{reference}/assignment", **action("Give a problem to somebody"))
async def assign_issue(reference: Reference, body: IssueAssignment, work: Assigner) -> IssueOut:
    """A caretaker or an officer, other than the caretaker of its site."""
    return await present(work, await issues.assign(work, reference, body))


@router.post("/{reference}/attendance", **action("Record that a caretaker came"))
async def attend_issue(reference: Reference, body: AttendanceBody, work: Attender) -> IssueOut:
    """Record the attendance of a caretaker, at an emergency for example."""
    return await present(work, await issues.attend(work, reference, body))


@router.post("/{reference}/appointment", **action("Agree when bulky items are collected"))
async def book_issue_appointment(reference: Reference, body: AppointmentTime, work: Booker) -> IssueOut:
    """Book the collection for a sheltered scheme; another time takes the place of the one agreed before."""
    return await present(work, await issues.book(work, reference, body))


@router.post("/{reference}/referral", **action("Pass a problem on"))
async def refer_issue(reference: Reference, body: NewReferral, work: Referrer) -> IssueOut:
    """Once to each service; it opens a case of its own, which is followed to its end."""
    return await present(work, await issues.refer(work, reference, body))


@router.post("/{reference}/resolution", **action("Record that a problem was dealt with"))
async def resolve_issue(reference: Reference, body: ResolutionBody, work: Resolver) -> IssueOut:
    """Or that nothing was found."""
    return await present(work, await issues.resolve(work, reference, body))


@router.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_issue_contact(reference: Reference, body: ContactCorrection, work: Corrector) -> IssueOut:
    """Change only the fields given; `safe_to_contact` counts at once, also for letters that are owed."""
    return await present(work, await issues.correct_contact(work, reference, body))


@internal.get("/referrals/{reference}", summary="What was referred", responses=problems(NotFound))
async def read_referred_issue(reference: Reference, work: Notifier) -> HandedOver:
    """Asked by the service that takes it up."""
    return await hand_over(work, reference)
