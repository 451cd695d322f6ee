"""The routes of complaints that other services ask."""

from typing import Annotated

from fastapi import Path, Query

from services.complaints import policy, queries
from services.complaints.events import About
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

KEPT_WORDS = "Referred from a complaint whose words not everybody may read. The complaints team knows more."

Notifier = Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
Asker = Annotated[About | None, Query(description="The service that asks")]
Sequence = Annotated[int, Path(ge=1, description="The sequence of the event that it tells of")]


@router.get("/letters/{reference}/{sequence}", summary="A letter to be sent", responses=problems(NotFound))
async def read_written_letter(reference: Reference, sequence: Sequence, work: Notifier) -> WrittenLetter:
    """Asked at the moment it is sent."""
    return WrittenLetter.model_validate(await queries.letter_of(work, reference, sequence))


@router.get("/referrals/{reference}", summary="What was referred", responses=problems(NotFound))
async def read_referral(reference: Reference, work: Notifier, asked_by: Asker = None) -> Handover:
    """Asked by the service that takes a complaint's request or hazard up.

    The words of a complaint about anti-social behaviour, or a colleague, go where the same scope is needed.
    """
    complaint = await queries.referred(work, reference)
    heard = policy.hears_the_words(asked_by, complaint.needs_scope)
    return Handover.of(complaint, complaint.description if heard else KEPT_WORDS)
