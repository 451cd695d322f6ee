"""Search by reference, postcode, or surname with postcode; what was typed goes into no address."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.board.asking import MANY
from services.board.frame import ROOT, keep, kept, page
from services.board.people import Officer
from services.board.presenting.cases import NOBODY_YET, in_words, spoken
from services.board.presenting.search import Sought, sought
from services.board.presenting.times import moment, parsed
from services.board.signin import checked_form
from services.board.state import state_of

router = APIRouter(prefix=ROOT)

SOUGHT, SOUGHT_SECONDS = "sought", 15 * 60
LONGEST = 200
NOTHING: Mapping[str, Any] = {"items": (), "unavailable": (), "next": None}


@router.post("/search")
async def search(request: Request, _: Officer) -> Response:
    """Take what was typed, and go on to the page that shows what is found."""
    form = await checked_form(request)
    typed = str(form.get("find", ""))[:LONGEST]
    if reference := sought(typed).reference:
        return RedirectResponse(f"{ROOT}/cases/{reference}", 303)
    answer = RedirectResponse(f"{ROOT}/search", 303)
    keep(request, answer, SOUGHT, typed, SOUGHT_SECONDS)
    return answer


@router.get("/search")
async def read_search(request: Request, officer: Officer) -> Response:
    """The cases that are found, the newest promise first; a service that gives no answer is named."""
    typed = kept(request, SOUGHT, SOUGHT_SECONDS) or ""
    wanted = sought(typed)
    answer = None
    if wanted.postcode:
        api = state_of(request).api(officer.token)
        answer = await api.ask("/v1/search", wanted.body, {"limit": MANY})
    now = state_of(request).clock()
    body = answer.body if answer else NOTHING
    return page(
        request,
        "search.html",
        "Find a case",
        typed=typed,
        wanted=wanted,
        hint=_hint(wanted, typed),
        found=[
            (
                case["reference"],
                in_words(case),
                spoken(case["status"]),
                moment(parsed(case["received_at"]), now),
            )
            for case in body["items"]
        ],
        has_more=body["next"] is not None,
        nobody=NOBODY_YET,
        silent=[spoken(service) for service in body["unavailable"]],
    )


def _hint(wanted: Sought, typed: str) -> str:
    """The next thing to try where nothing can be looked for."""
    if not typed or not wanted.is_nothing:
        return ""
    return "This is no reference, and has no postcode. A surname alone is not enough: add the postcode."
