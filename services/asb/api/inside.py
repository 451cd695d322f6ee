"""The routes by which others ask what no event carries: repairs of a damaged home, complaints of words."""

from typing import Annotated

from fastapi import Path, Query

from services.asb import queries
from services.asb.schemas.answers import Access, DamagedHome
from services.asb.service import damage, letters
from shared.caller import SERVICE
from shared.cases.handover import Handover
from shared.cases.routers import Reference
from shared.cases.schemas import WrittenLetter
from shared.errors import NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.problems import problems
from shared.work import UnitOfWork

router = routes_of(prefix="/internal", tags=["internal"])

Asker = Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
Number = Annotated[int, Path(ge=1, le=100_000)]
Sequence = Annotated[int, Path(ge=1, le=1_000_000, description="Of the event that it tells of")]
Answers = Annotated[
    int | None,
    Query(
        ge=1, le=1_000_000, description="The sequence of the survey's answers, by default the first made one"
    ),
]


@router.get("/damages/{reference}/{number}", summary="Where a damage is", responses=problems(NotFound))
async def read_damage(reference: Reference, number: Number, work: Asker) -> DamagedHome:
    """The home, the fault and the words for the contractor, and nothing of the case."""
    return await damage.damaged_home(work, reference, number)


@router.get("/access/{reference}", summary="Who may learn of a case", responses=problems(NotFound))
async def read_asb_access(reference: Reference, work: Asker) -> Access:
    """The access that events announce, for a service that may have missed one."""
    return Access.of(await queries.any_case(work, reference))


@router.get("/letters/{reference}/{sequence}", summary="A letter to be sent", responses=problems(NotFound))
async def read_asb_letter(reference: Reference, sequence: Sequence, work: Asker) -> WrittenLetter:
    """The letter to an applicant for a case review, asked for at the moment it is sent."""
    return await letters.letter_to_applicant(work, reference, sequence)


@router.get("/complaints/{reference}", summary="The words of a complaint", responses=problems(NotFound))
async def read_complaint_words(reference: Reference, work: Asker, answers: Answers = None) -> Handover:
    """The comments of a survey whose answers were made a complaint, and whom to tell.

    Events from before answers had numbers ask for a case's complaint, of which there was one.
    """
    case, comments = await queries.made_complaint(work, reference, answers)
    return Handover.of(work.opened(case), comments)
