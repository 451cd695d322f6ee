"""The routes of complaints that other services ask."""

from typing import Annotated

from fastapi import Path

from services.complaints import queries
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

Notifier = Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
Sequence = Annotated[int, Path(ge=1, description="The sequence of the event that it tells of")]


@router.get("/letters/{reference}/{sequence}", summary="A letter to be sent", responses=problems(NotFound))
async def read_written_letter(reference: Reference, sequence: Sequence, work: Notifier) -> WrittenLetter:
    """Asked at the moment it is sent."""
    return WrittenLetter.model_validate(await queries.letter_of(work, reference, sequence))


@router.get("/referrals/{reference}", summary="What was referred", responses=problems(NotFound))
async def read_referral(reference: Reference, work: Notifier) -> Handover:
    """Asked by the service that takes a complaint's request or hazard up."""
    complaint = await queries.referred(work, reference)
    return Handover.of(complaint, complaint.description)
