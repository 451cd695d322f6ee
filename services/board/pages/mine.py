"""A resident's own cases: the nearest date first, and none that somebody else must not see."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.board.acts.own import OwnForm, own_forms
from services.board.asking import case_of, every_page
from services.board.client import Answer, Api, Refused
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.queueing import key_of
from services.board.pages.safety import TITLE
from services.board.pages.track import NOT_FOUND, missing, typed_in
from services.board.people import NotHere, Resident
from services.board.presenting.cases import COLLECTIONS, DEPARTMENTS, collection_of
from services.board.presenting.own_cases import is_hidden, nearest_first, own_case, photos, takes_photos
from services.board.presenting.timeline import timeline
from services.board.signin import Session, checked_form, reveal, shorten, sign_in_at
from services.board.state import state_of
from shared.references import normalised, prefix_of

router = APIRouter(prefix=f"{ROOT}/mine")

EVERYTHING_SECONDS = 600
"""The time for which somebody who has just proved once more who they are sees everything."""

FRESH_SECONDS = 60


@router.get("")
async def list_my_cases(request: Request, resident: Resident) -> Response:
    """Their cases; of a service that is down it says so in its place."""
    now, sees_all = state_of(request).clock(), sees_everything(request, resident)
    found = await every_page(state_of(request).api(resident.token), "/v1/me/cases", {})
    cases = [case for case in found.items if sees_all or not is_hidden(case)]
    return page(
        request,
        "mine.html",
        TITLE,
        private=sees_all,
        cases=[own_case(case, now) for case in nearest_first(cases)],
        unavailable=[DEPARTMENTS.get(name, name) for name in found.unavailable],
        is_whole=found.is_whole,
        sees_all=sees_all,
        typed={},
        errors={},
    )


@router.get("/everything")
async def show_everything(request: Request, resident: Resident) -> Response:
    """Cases that are on no list, for whoever has proved this minute who they are; others do so first."""
    now = state_of(request).clock().timestamp()
    if not resident.proved_within(FRESH_SECONDS, now):
        return RedirectResponse(sign_in_at(f"{ROOT}/mine/everything", again=True), 303)
    shorten(request)
    reveal(request, now)
    return RedirectResponse(f"{ROOT}/mine", 303)


@router.post("/claim")
async def claim(request: Request, resident: Resident) -> Response:
    """A case that was taken by phone becomes theirs, if reference, surname and postcode are right."""
    form = await checked_form(request)
    typed = typed_in(form)
    errors, status = missing(typed), 422
    if not errors:
        try:
            api = state_of(request).api(resident.token)
            claimed = await api.post("/v1/me/cases/claims", typed, key=key_of(form) or uuid4().hex)
        except Refused as refused:
            if refused.status not in {404, 409, 422}:
                raise
            errors, status = {"": NOT_FOUND}, 404
        else:
            return go_on(
                request, f"{ROOT}/mine/{claimed.body['reference']}", "This case is now one of yours."
            )
    return _claim(request, typed, errors, status)


@router.get("/claim")
async def read_claim(request: Request, _: Resident) -> Response:
    """The three questions about a case that was taken for them."""
    return _claim(request, {}, {}, 200)


def _claim(request: Request, typed: Mapping[str, str], errors: Mapping[str, str], status: int) -> Response:
    """The three questions, each showing of them an attempt with a key of its own."""
    shown = {"typed": typed, "errors": errors, "key": uuid4().hex}
    return page(request, "claim.html", TITLE, status=status, back=back_to_mine(), **shown)


@router.get("/{typed}")
async def read_my_case(request: Request, typed: str, resident: Resident) -> Response:
    """One of their cases, with what they may do about it now."""
    api = state_of(request).api(resident.token)
    found = await own(request, api, resident, typed)
    case, now = found.body, state_of(request).clock()
    path = f"{collection_of(case['reference'])}/{case['reference']}/attachments"
    happened, kept_with = await asyncio.gather(
        api.part(f"/v1/cases/{case['reference']}/timeline"), api.part(path)
    )
    return page(
        request,
        "own_case.html",
        TITLE,
        back=back_to_mine(),
        private=is_hidden(case),
        case=own_case(case, now),
        acts=acts_on(case),
        photos=photos(kept_with.body["items"] if kept_with else ()) if takes_photos(case) else None,
        happened=timeline(happened.body, now, is_own=True) if happened else None,
        is_own=True,
    )


async def own(request: Request, api: Api, resident: Session, typed: str) -> Answer:
    """A case of theirs; raises NotHere for others, and for a hidden one until they prove who they are."""
    reference = normalised(typed)
    if reference is None or prefix_of(reference) not in COLLECTIONS:
        raise NotHere
    found = await case_of(api, reference)
    if is_hidden(found.body) and not sees_everything(request, resident):
        raise NotHere
    return found


def acts_on(case: dict[str, Any]) -> list[OwnForm]:
    """The forms of what they may do now."""
    return own_forms(prefix_of(case["reference"]), case["allowed"])


def sees_everything(request: Request, resident: Session) -> bool:
    """Tell if this person has just proved in this session who they are."""
    now = state_of(request).clock().timestamp()
    return now - resident.everything_at <= EVERYTHING_SECONDS


def back_to_mine() -> Link:
    """The link back to the list."""
    return Link("Back to my cases", f"{ROOT}/mine")
