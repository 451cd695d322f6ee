"""The list of repairs: the filters of every list of cases, and those of a repair and its visit."""

from collections.abc import Sequence

from services.repairs.appointments import queries as appointments
from services.repairs.case import queries
from services.repairs.case.models import Repair
from services.repairs.case.schemas import RepairFilters
from shared.cases import queries as cases
from shared.http.paging import PageRequest
from shared.work import UnitOfWork


async def listed(
    work: UnitOfWork, filters: RepairFilters, page: PageRequest
) -> tuple[Sequence[Repair], str | None]:
    """A page of the repairs that the caller sees, and the cursor of the next; raises Invalid."""
    visits = [] if filters.visit_on is None else [appointments.has_visit_on(filters.visit_on)]
    return await cases.listed(work, Repair, filters, page, *queries.asked_for(filters), *visits)
