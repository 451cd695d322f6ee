"""The routes by which managers watch over access, and the figures of case reviews."""

from typing import Annotated

from fastapi import Query

from services.asb import queries
from services.asb.api.markers import PATH, TAGS, Manager, Officer
from services.asb.schemas.answers import BrokenGlassOut, ReadOfCaseOut
from services.asb.schemas.case_review import CaseReviewFigures
from services.asb.service import case_review
from services.asb.service.presenting import broken_glass
from shared.cases.formats import YEARS
from shared.cases.reads import ReadOut
from shared.cases.routers import Reference, case_router
from shared.cases.words import Line
from shared.errors import NotFound
from shared.http.paging import Page, Paging
from shared.http.problems import problems

router = case_router(PATH, tags=TAGS)

Year = Annotated[int, Query(ge=YEARS[0], le=YEARS[-1])]
ReadBy = Annotated[Line | None, Query(description="The subject of the reader's token")]


@router.get("/break-glass", summary="Cases opened in an emergency")
async def list_broken_glasses(work: Manager, page: Paging) -> Page[BrokenGlassOut]:
    """Openings with who made them and why, the latest first, whatever the case's team."""
    rows, following = await queries.broken_glasses(work, page)
    return Page(items=[broken_glass(work.opened(row)) for row in rows], next=following)


@router.get("/case-reviews", summary="Four figures of a year's case reviews", responses=problems(NotFound))
async def read_case_review_figures(work: Officer, year: Year) -> CaseReviewFigures:
    """The figures of that civil year's applications, as the Act of 2014, section 104, has them published."""
    return await case_review.figures(work, year)


@router.get("/reads", summary="Who read which cases")
async def list_reads_of_asb(work: Manager, page: Paging, read_by: ReadBy = None) -> Page[ReadOfCaseOut]:
    """Every reading of every case with its caller, the latest first, whatever the case's team."""
    rows, following = await queries.reads_by(work, read_by, page)
    return Page(items=[ReadOfCaseOut.of(row) for row in rows], next=following)


@router.get("/{reference}/reads", summary="Who read a case", responses=problems(NotFound))
async def list_asb_reads(reference: Reference, work: Manager, page: Paging) -> Page[ReadOut]:
    """Every reading with its caller, the latest first."""
    rows, following = await queries.reads(work, reference, page)
    return Page(items=[ReadOut.of(row) for row in rows], next=following)
