"""The routes of contractors."""

from typing import Annotated
from uuid import UUID

from services.repairs.contractors import queries, service
from services.repairs.contractors.schemas import ContractorOut, NewContractor
from shared.caller import CONTRACTOR, OFFICER, RESIDENT
from shared.errors import NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = routes_of(prefix="/v1/contractors", tags=["contractors"])

Registrar = Annotated[UnitOfWork, requires(OFFICER)]
Reader = Annotated[UnitOfWork, requires(CONTRACTOR | OFFICER | RESIDENT)]


@router.post("", status_code=201, summary="Register a firm")
async def register_contractor(body: NewContractor, work: Registrar) -> ContractorOut:
    """Jobs can be given to it from now on; a firm that is registered already is answered as it is."""
    return ContractorOut.of(await service.register(work, body))


@router.get("", summary="Firms that jobs can be given to")
async def list_contractors(work: Reader, page: Paging) -> Page[ContractorOut]:
    """Firms by name; a firm sees itself alone, a tenant all, as the second contractor is their choice."""
    rows, following = await queries.contractors(work, page)
    return Page(items=[ContractorOut.of(row) for row in rows], next=following)


@router.get("/{contractor_id}", summary="One firm", responses=problems(NotFound))
async def read_contractor(contractor_id: UUID, work: Reader) -> ContractorOut:
    """A firm, by the address that its registration answered."""
    return ContractorOut.of(await queries.contractor(work, contractor_id))
