"""Photos of a resident's own case: added by them, and seen again."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.client import Api
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.mine import own
from services.board.pages.photos import Size, keep_photo, read_photo
from services.board.pages.safety import TITLE
from services.board.people import NotHere, Resident
from services.board.presenting.cases import Case, named
from services.board.presenting.own_cases import is_hidden, takes_photos
from services.board.signin import checked_form
from services.board.state import state_of

router = APIRouter(prefix=f"{ROOT}/mine/{{typed}}/photos")

INVALID = 422


@router.get("")
async def choose_photo(request: Request, typed: str, resident: Resident) -> Response:
    """The page on which a photo is chosen."""
    return _show(request, await _case(request, state_of(request).api(resident.token), resident, typed))


@router.post("")
async def add_photo(request: Request, typed: str, resident: Resident) -> Response:
    """Keep it with the case, and go on there; or say beside the field why not."""
    api, form = state_of(request).api(resident.token), await checked_form(request)
    case = await _case(request, api, resident, typed)
    if error := await keep_photo(api, case["reference"], form):
        return _show(request, case, error)
    return go_on(request, f"{ROOT}/mine/{case['reference']}", "Your photo is with the case.")


@router.get("/{identifier}")
async def see_photo(
    request: Request, typed: str, identifier: str, resident: Resident, size: Size = "full"
) -> Response:
    """One photo, as it is kept, or small."""
    case = await _case(request, state_of(request).api(resident.token), resident, typed)
    reference = case["reference"]
    return await read_photo(request, resident, reference, identifier, size, is_hidden=is_hidden(case))


async def _case(request: Request, api: Api, resident: Resident, typed: str) -> Case:
    """A case of theirs of a kind that takes photos; raises NotHere, Refused, Unanswered."""
    case: Case = (await own(request, api, resident, typed)).body
    if not takes_photos(case):
        raise NotHere
    return case


def _show(request: Request, case: Case, error: str = "") -> Response:
    reference = case["reference"]
    return page(
        request,
        "own_photo.html",
        TITLE,
        status=INVALID if error else 200,
        back=Link("Back to the case", f"{ROOT}/mine/{reference}"),
        private=is_hidden(case),
        named=named(case),
        address=f"{ROOT}/mine/{reference}/photos",
        error=error,
    )
