"""The internal route by which other services learn what must be known of a household."""

from typing import Annotated

from fastapi import Query

from services.residents.schemas import HouseholdOut
from services.residents.service.households import needs_of_household
from shared.caller import SERVICE
from shared.cases.filters import Term
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.work import UnitOfWork

router = routes_of(prefix="/internal/households", tags=["internal"])

Asker = Annotated[UnitOfWork, requires(SERVICE, scope="households")]


@router.get("", summary="What must be known of the household in a home")
async def read_household(
    work: Asker,
    purpose: Annotated[Term, Query(description="For the audit, as in `a repair is reported`")],
    uprn: Term | None = None,
    property_reference: Term | None = None,
) -> HouseholdOut:
    """Its vulnerability, access needs and safe contact, of all tenants together; the reading is noted."""
    return HouseholdOut.of(await needs_of_household(work, uprn, property_reference, purpose))
