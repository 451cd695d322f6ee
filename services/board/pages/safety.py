"""Safety: how to use these pages where somebody else may look, and the way to leave them at once."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.frame import ROOT, page
from services.board.signin import current, leave
from services.board.state import state_of
from shared.caller import Role

router = APIRouter(prefix=ROOT)

LEAVE = f"{ROOT}/leave"
TITLE = "Housing"
"""The title of every page of residents, whatever it is about: it stands in histories."""


@router.get("/safety")
async def read_safety(request: Request) -> Response:
    """Explain what these pages hide, and what they cannot; for whoever works here it has no Exit."""
    session = current(request)
    is_of_the_public = session is None or Role.RESIDENT in session.roles
    return page(request, "safety.html", TITLE, private=is_of_the_public)


@router.get("/leave")
async def exit_at_once(request: Request) -> Response:
    """End the session, have the browser forget our pages, and go to one that says nothing of us.

    A link must do: whoever needs this has no time for a form. Storage is forgotten for residents alone: a
    phone of the field keeps in it what was not sent yet, even while nobody is signed in.
    """
    session = current(request)
    forgotten = ["cache", "cookies"]
    if session is not None and Role.RESIDENT in session.roles:
        forgotten.append("storage")
    answer = leave(request, state_of(request).own.neutral_page)
    # no cookie that leads on to the provider's own end: nothing may stay
    del answer.headers["set-cookie"]
    answer.headers["Clear-Site-Data"] = ", ".join(f'"{each}"' for each in forgotten)
    return answer
