"""The internal route by which other services learn what must be known of households."""

from typing import Annotated

from services.residents.schemas.households import HouseholdOut, HouseholdQuestions, HouseholdsOut
from services.residents.service.households import needs_of_households
from shared.caller import SERVICE
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.work import UnitOfWork

router = routes_of(prefix="/internal/households", tags=["internal"])

Asker = Annotated[UnitOfWork, requires(SERVICE, scope="households")]


@router.post("", status_code=201, summary="What must be known of the households in some homes")
async def read_households(body: HouseholdQuestions, work: Asker) -> HouseholdsOut:
    """Vulnerability, access needs and safe contact, of all tenants together; each reading is noted."""
    needs = await needs_of_households(work, body.questions)
    return HouseholdsOut(answers=[HouseholdOut.of(each) for each in needs])
