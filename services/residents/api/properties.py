"""The routes of the address book."""

from typing import Annotated

from fastapi import Depends, Path

from services.residents import queries
from services.residents.schemas.properties import (
    Announced,
    NewProperty,
    PropertiesOut,
    PropertyOut,
    PropertySearch,
)
from services.residents.service import address_book
from shared.caller import FRONTEND, OFFICER
from shared.cases.registers import CSV_BODY, CsvFile
from shared.errors import Conflict, NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.work import UnitOfWork

router = routes_of(prefix="/v1/properties", tags=["properties"])

Keeper = Annotated[UnitOfWork, requires(OFFICER)]
Searcher = Annotated[UnitOfWork, requires(OFFICER | FRONTEND)]
HomeId = Annotated[str, Path(description="Id of the home", max_length=40)]


@router.post("", status_code=201, summary="Record a home, or correct it", responses=problems(Conflict))
async def record_property(body: NewProperty, work: Keeper) -> PropertyOut:
    """Known by its UPRN or the council's own reference; the other, and all else told, is corrected."""
    return PropertyOut.of(await address_book.record(work, body))


@router.post("/register", status_code=201, summary="Record homes from a CSV file", openapi_extra=CSV_BODY)
async def load_property_register(file: CsvFile, work: Keeper) -> PropertiesOut:
    """Columns address, postcode, uprn or property_reference or both, and if known block and estate.

    Each line stands alone: one that is refused is told with its number and why, and the rest is loaded. The
    same file again changes nothing.
    """
    return await address_book.load(work, file.file)


@router.post("/announcement", status_code=201, summary="Tell every service of all homes again")
async def announce_properties(work: Keeper) -> Announced:
    """Announce all homes again to a service that was added later; it changes nothing for the others."""
    return Announced(properties=await address_book.announce(work))


@router.get("", summary="The address book")
async def list_properties(
    work: Searcher, page: Paging, search: Annotated[PropertySearch, Depends()]
) -> Page[PropertyOut]:
    """The homes in order of postcode."""
    rows, following = await queries.homes(work, search, page)
    return Page(items=[PropertyOut.of(row) for row in rows], next=following)


@router.get("/{id}", summary="One home", responses=problems(NotFound))
async def read_property(id: HomeId, work: Searcher) -> PropertyOut:
    """Read the home from the address book."""
    return PropertyOut.of(await queries.home(work, id))
