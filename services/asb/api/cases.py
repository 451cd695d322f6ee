"""The routes of a case as a whole: report, list, read, incidents, closing, and who may see it."""

from typing import Annotated

from fastapi import Depends

from services.asb import queries
from services.asb.api.markers import PATH, TAGS, Officer, Reader, Sender
from services.asb.policy import LIFECYCLE, Action
from services.asb.queries import note_replay
from services.asb.schemas.answers import AsbOut, Diary, DiaryEntryOut, Suggestions
from services.asb.schemas.requests import (
    AllegedPerpetrators,
    AsbFilters,
    BreakGlass,
    Closure,
    Incident,
    Joining,
    Report,
    Review,
    Survey,
    SurveyAnswers,
    Team,
)
from services.asb.service import closing, reporting, team
from services.asb.service.presenting import (
    allowed,
    diary_of,
    present,
    present_listed,
    present_report,
    suggest,
)
from shared.cases.contact import ContactCorrection
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = case_router(PATH, tags=TAGS, allowed=allowed, on_replay=note_replay)

IncidentReporter = Annotated[UnitOfWork, may(LIFECYCLE, Action.INCIDENTS)]
Joiner = Annotated[UnitOfWork, may(LIFECYCLE, Action.JOINING)]
Closer = Annotated[UnitOfWork, may(LIFECYCLE, Action.CLOSURE)]
SurveySender = Annotated[UnitOfWork, may(LIFECYCLE, Action.SURVEY)]
Respondent = Annotated[UnitOfWork, may(LIFECYCLE, Action.SURVEY_ANSWERS)]
Reviewer = Annotated[UnitOfWork, may(LIFECYCLE, Action.REVIEW)]
TeamChanger = Annotated[UnitOfWork, may(LIFECYCLE, Action.TEAM)]
PerpetratorNamer = Annotated[UnitOfWork, may(LIFECYCLE, Action.ALLEGED_PERPETRATORS)]
GlassBreaker = Annotated[UnitOfWork, may(LIFECYCLE, Action.BREAK_GLASS)]
Corrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONTACT)]


@router.post("", status_code=201, summary="Report anti-social behaviour")
async def report_asb(body: Report, work: Sender) -> AsbOut:
    """Take in a report by a victim, witness, professional or officer, with the promises of section 9."""
    return await present_report(work, *reporting.report(work, body))


@router.get("", summary="Cases of anti-social behaviour that the caller may see")
async def list_asb(work: Reader, page: Paging, filters: Annotated[AsbFilters, Depends()]) -> Page[AsbOut]:
    """Cases, for officers a high risk first, then the latest, unless `sort` or `updated_since` is given."""
    rows, following = await queries.listed(work, filters, page)
    return Page(items=await present_listed(work, rows), next=following)


@router.get("/{reference}", summary="One case of anti-social behaviour", responses=problems(NotFound))
async def read_asb(reference: Reference, work: Reader) -> AsbOut:
    """A case, for its team and for whoever reported it; the reading is noted."""
    return await present(work, await queries.read_case(work, reference))


@router.get("/{reference}/diary", summary="All that was done and said", responses=problems(NotFound))
async def read_asb_diary(reference: Reference, work: Officer) -> Diary:
    """Every act with its words, in order."""
    return Diary(items=[DiaryEntryOut.of(entry) for entry in await diary_of(work, reference)])


@router.get("/{reference}/suggestions", summary="Cases about the same people", responses=problems(NotFound))
async def suggest_asb_cases(reference: Reference, work: Officer) -> Suggestions:
    """Cases that say something alike of home, reporter or the person complained of; nothing is joined."""
    return await suggest(work, reference)


@router.post("/{reference}/incidents", **action("Report a further incident"))
async def report_asb_incident(reference: Reference, body: Incident, work: IncidentReporter) -> AsbOut:
    """The victim is contacted about it, and the risk is to be assessed again."""
    return await present(work, await reporting.report_incident(work, reference, body))


@router.post("/{reference}/joining", **action("Join a report to an earlier case"))
async def join_asb(reference: Reference, body: Joining, work: Joiner) -> AsbOut:
    """Each keeps its reference and its promises; after a closing it is a new case that points to the old."""
    return await present(work, await reporting.join(work, reference, body))


@router.post("/{reference}/closure", **action("Close a case"))
async def close_asb(reference: Reference, body: Closure, work: Closer) -> AsbOut:
    """Close with the reason, and with the victim's agreement or why there is none."""
    return await present(work, await closing.close(work, reference, body))


@router.post("/{reference}/survey", **action("Say that the questionnaire was sent"))
async def send_asb_survey(reference: Reference, body: Survey, work: SurveySender) -> AsbOut:
    """Within a month of closing."""
    return await present(work, await closing.send_survey(work, reference, body))


@router.post("/{reference}/survey/answers", **action("Answer the questionnaire"))
async def answer_asb_survey(reference: Reference, body: SurveyAnswers, work: Respondent) -> AsbOut:
    """Once; the answers become a complaint if the victim asks for it."""
    return await present(work, await closing.answer_survey(work, reference, body))


@router.post("/{reference}/review", **action("Review a closed case"))
async def review_asb(reference: Reference, body: Review, work: Reviewer) -> AsbOut:
    """Review our handling for a dissatisfied victim, and open the case again where that is right."""
    return await present(work, await closing.review(work, reference, body))


@router.post("/{reference}/team", **action("Say who may see a case"))
async def change_asb_team(reference: Reference, body: Team, work: TeamChanger) -> AsbOut:
    """Those named, and nobody else; each needs the scope too."""
    return await present(work, await team.change_team(work, reference, body))


@router.post("/{reference}/alleged-perpetrators", **action("Say who is complained of"))
async def name_asb_perpetrators(
    reference: Reference, body: AllegedPerpetrators, work: PerpetratorNamer
) -> AsbOut:
    """Those named, and nobody else; one with a token is in no team of the case and never sees it."""
    return await present(work, await team.name_perpetrators(work, reference, body))


@router.post("/{reference}/break-glass", **action("Open a case in an emergency"))
async def break_asb_glass(reference: Reference, body: BreakGlass, work: GlassBreaker) -> AsbOut:
    """Let an officer with the scope, who is not in the team, read it for a reason; a manager is told."""
    return await present(work, await team.break_glass(work, reference, body))


@router.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_asb_contact(reference: Reference, body: ContactCorrection, work: Corrector) -> AsbOut:
    """Change only the fields given; `safe_to_contact` counts at once, also for letters that are owed."""
    return await present(work, await team.correct_contact(work, reference, body))
