"""The route by which repairs asks where a damaged home is."""

from typing import Annotated

from fastapi import Path

from services.asb.schemas.answers import DamagedHome
from services.asb.service import damage
from shared.caller import SERVICE
from shared.cases.routers import Reference
from shared.errors import NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.problems import problems
from shared.work import UnitOfWork

router = routes_of(prefix="/internal", tags=["internal"])

Number = Annotated[int, Path(ge=1, le=100_000)]


@router.get("/damages/{reference}/{number}", summary="Where a damage is", responses=problems(NotFound))
async def read_damage(
    reference: Reference, number: Number, work: Annotated[UnitOfWork, requires(SERVICE, scope="contacts")]
) -> DamagedHome:
    """The home, the fault and the words for the contractor, and nothing of the case."""
    return await damage.damaged_home(work, reference, number)
