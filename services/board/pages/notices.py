"""Notices that a person was sent: those of an officer and their department, and a resident's letters."""

from collections.abc import Collection, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.board.asking import MANY, cases_by_reference
from services.board.client import Api
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.mine import back_to_mine
from services.board.pages.safety import TITLE
from services.board.people import Officer, Resident
from services.board.presenting.cases import DEPARTMENTS, Case
from services.board.presenting.notices import inbox
from services.board.presenting.own_cases import is_hidden
from services.board.signin import Session, checked_form
from services.board.state import state_of

router = APIRouter(prefix=ROOT)

OFFICERS, RESIDENTS = f"{ROOT}/notices", f"{ROOT}/mine/letters"
INBOX = "/v1/me/notices"
ON_A_PAGE = 25
BACK_TO_LIST = Link("Back to the list", f"{ROOT}/list")

Cursor = Annotated[str, Query(max_length=1000)]


@router.get("/notices")
async def list_notices(request: Request, officer: Officer, cursor: Cursor = "") -> Response:
    """The notices to an officer, as handler or with their department, the latest first."""
    return await _list(request, officer, cursor, OFFICERS, "What you were told", BACK_TO_LIST)


@router.get("/mine/letters")
async def list_letters(request: Request, resident: Resident, cursor: Cursor = "") -> Response:
    """A resident's letters; the API leaves out what somebody else at home must not read."""
    return await _list(request, resident, cursor, RESIDENTS, TITLE, back_to_mine())


@router.post("/notices/{identifier}/reading")
async def mark_notice_read(request: Request, identifier: UUID, officer: Officer) -> Response:
    """Mark one as read, for this officer alone."""
    return await _mark(request, officer, identifier, OFFICERS)


@router.post("/mine/letters/{identifier}/reading")
async def mark_letter_read(request: Request, identifier: UUID, resident: Resident) -> Response:
    """Mark one as read."""
    return await _mark(request, resident, identifier, RESIDENTS)


async def _list(
    request: Request, reader: Session, cursor: str, address: str, title: str, back: Link
) -> Response:
    query: dict[str, str | int] = {"limit": ON_A_PAGE, **({"cursor": cursor} if cursor else {})}
    api = state_of(request).api(reader.token)
    answer = (await api.get(INBOX, query)).body
    of = _own_cases if address == RESIDENTS else cases_by_reference
    cases = await of(api, {item["reference"] for item in answer["items"]})
    return page(
        request,
        "notices.html",
        title,
        back=back,
        told=inbox(answer["items"], cases, state_of(request).clock()),
        unavailable=[DEPARTMENTS.get(name, name) for name in answer["unavailable"]],
        following=answer["next"] or "",
        address=address,
        cases=f"{ROOT}/mine" if address == RESIDENTS else f"{ROOT}/cases",
        heading="Letters to you" if address == RESIDENTS else title,
    )


async def _own_cases(api: Api, references: Collection[str]) -> Mapping[str, Case]:
    """A resident's own cases of those; one that is on no list is not named in their letters either."""
    mine = await api.part("/v1/me/cases", {"limit": MANY}) if references else None
    found = mine.body["items"] if mine else ()
    return {case["reference"]: case for case in found if not is_hidden(case)}


async def _mark(request: Request, reader: Session, identifier: UUID, address: str) -> Response:
    await checked_form(request)
    await state_of(request).api(reader.token).post(f"{INBOX}/{identifier}/reading", {})
    return go_on(request, address, "It is marked as read.")
