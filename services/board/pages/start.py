"""The first page."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.frame import ROOT, page

router = APIRouter(prefix=ROOT)


@router.get("")
async def read_start(request: Request) -> Response:
    """The page for whoever has not signed in."""
    return page(request, "start.html", "Housing")
