"""The first page: by role, and the start page for whoever has not signed in."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.board.frame import ROOT, page
from services.board.signin import Session, current
from shared.caller import Role

router = APIRouter(prefix=ROOT)

FIRST_PAGE: Mapping[Role, str] = {
    Role.OFFICER: f"{ROOT}/list",
    Role.CONTRACTOR: f"{ROOT}/day",
    Role.OPS: f"{ROOT}/ops",
    Role.RESIDENT: f"{ROOT}/mine",
}
"""The page that a role's work begins with; whoever has several roles comes to the first of them."""


@router.get("")
async def read_start(request: Request) -> Response:
    """The page that this person's work begins with."""
    first = first_page(current(request))
    return RedirectResponse(first, 303) if first else page(request, "start.html", "Housing")


def first_page(session: Session | None) -> str:
    """The page that somebody's work begins with: of estates' officers who manage nobody, the round."""
    if session is None:
        return ""
    if session.is_caretaker:
        return f"{ROOT}/round"
    return next((first for role, first in FIRST_PAGE.items() if role in session.roles), "")
