"""Tracking: anybody follows a case by its reference, a surname and a postcode that are all right."""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.board.client import Refused, segment
from services.board.frame import ROOT, Link, page
from services.board.pages.safety import TITLE
from services.board.presenting.cases import COLLECTIONS
from services.board.presenting.own_cases import own_case
from services.board.signin import checked_form
from services.board.state import state_of
from shared.references import normalised, prefix_of

router = APIRouter(prefix=f"{ROOT}/track")

NAMES = ("reference", "surname", "postcode")
NOT_FOUND = (
    "We cannot show you a case for these three. Check each of them. "
    "Some cases are not shown here; if it is urgent, ring us."
)
EMPTY = {
    "reference": "Give the reference that we sent you.",
    "surname": "Give your surname.",
    "postcode": "Give the postcode of the home.",
}


@router.get("")
async def read_tracking(request: Request) -> Response:
    """The three questions."""
    return page(request, "track.html", TITLE, typed={}, errors={})


@router.post("")
async def track(request: Request) -> Response:
    """The case, if all three are right; every refusal is the same, and nothing stands in the address."""
    typed = typed_in(await checked_form(request))
    if errors := missing(typed):
        return page(request, "track.html", TITLE, status=422, typed=typed, errors=errors)
    reference = normalised(typed["reference"])
    prefix = prefix_of(reference) if reference else ""
    if reference is None or prefix not in COLLECTIONS:
        return _not_found(request, typed)
    api = await state_of(request).machine.api()
    body = {"surname": typed["surname"], "postcode": typed["postcode"]}
    try:
        found = await api.post(f"{COLLECTIONS[prefix]}/{segment(reference)}/tracking", body)
    except Refused as refused:
        if refused.status not in {403, 404, 405, 422}:
            raise
        return _not_found(request, typed)
    shown = own_case(found.body, state_of(request).clock())
    back = Link("Back", f"{ROOT}/track")
    return page(
        request,
        "own_case.html",
        TITLE,
        back=back,
        case=shown,
        acts=(),
        happened=None,
        photos=None,
        is_own=False,
    )


def typed_in(form: FormData) -> dict[str, str]:
    """The three values as they were typed."""
    return {name: str(form.get(name, "")).strip() for name in NAMES}


def missing(typed: dict[str, str]) -> dict[str, str]:
    """The values that were left empty, each with what to do."""
    return {name: EMPTY[name] for name in NAMES if not typed[name]}


def _not_found(request: Request, typed: dict[str, str]) -> Response:
    return page(request, "track.html", TITLE, status=404, typed=typed, errors={"": NOT_FOUND})
