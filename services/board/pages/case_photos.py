"""Photos that an officer adds to a case, as when somebody brings or sends one."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.board.asking import case_of
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.cases import ends_sooner, reference_of
from services.board.pages.photos import keep_photo
from services.board.people import NotHere, Officer
from services.board.presenting.cases import KEEPS_PHOTOS, Case, named
from services.board.signin import checked_form
from services.board.state import state_of
from shared.references import prefix_of

router = APIRouter(prefix=f"{ROOT}/cases/{{typed}}/photos", dependencies=[Depends(ends_sooner)])

INVALID = 422


@router.get("")
async def choose_photo(request: Request, typed: str, officer: Officer) -> Response:
    """The page on which a photo is chosen, of a case that the officer sees."""
    reference = _reference(typed)
    return _show(request, (await case_of(state_of(request).api(officer.token), reference)).body)


@router.post("")
async def add_photo(request: Request, typed: str, officer: Officer) -> Response:
    """Keep it with the case, and go on there; or say beside the field why not."""
    reference, form = _reference(typed), await checked_form(request)
    api = state_of(request).api(officer.token)
    if error := await keep_photo(api, reference, form):
        return _show(request, (await case_of(api, reference)).body, error)
    return go_on(request, f"{ROOT}/cases/{reference}", "The photo is with the case.")


def _reference(typed: str) -> str:
    """The reference of a kind of case that keeps photos; raises NotHere."""
    reference = reference_of(typed)
    if prefix_of(reference) not in KEEPS_PHOTOS:
        raise NotHere
    return reference


def _show(request: Request, case: Case, error: str = "") -> Response:
    reference = case["reference"]
    return page(
        request,
        "case_photo.html",
        "Error: Add a photo" if error else "Add a photo",
        status=INVALID if error else 200,
        back=Link("Back to the case", f"{ROOT}/cases/{reference}"),
        named=named(case),
        error=error,
        address=f"{ROOT}/cases/{reference}/photos",
    )
