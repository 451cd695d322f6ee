"""A case: safety before contact, what was promised and why, what happened, and the acts that are allowed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from services.board.acts.tables import BREAK_GLASS, form_of, forms_allowed, takes
from services.board.asking import case_parts
from services.board.client import Refused
from services.board.frame import ROOT, Link, page
from services.board.pages.photos import Size, read_photo
from services.board.people import NotHere, Officer
from services.board.presenting.case_page import photos_in_words, promises, reaching, reported, status_line
from services.board.presenting.cases import (
    COLLECTIONS,
    GUARDED,
    KEEPS_PHOTOS,
    Case,
    collection_of,
    department_of,
    flags,
    named,
)
from services.board.presenting.duty_list import TITLES, Show, step_of
from services.board.presenting.guarded import facts
from services.board.presenting.homes import at_home, postcode_of
from services.board.presenting.timeline import notice_in_words, timeline
from services.board.presenting.times import moment, parsed
from services.board.signin import Session, current, shorten
from services.board.state import state_of
from shared.references import normalised, prefix_of

GUARDING_SCOPE = "asb"
From = Annotated[Show | None, Query(alias="from")]


async def ends_sooner(request: Request) -> None:
    """Shorten the session of whoever may look at guarded cases, on every page of one."""
    session, reference = current(request), normalised(request.path_params.get("typed", ""))
    if session and reference and prefix_of(reference) == GUARDED and GUARDING_SCOPE in session.scopes:
        shorten(request)


router = APIRouter(prefix=ROOT, dependencies=[Depends(ends_sooner)])


def reference_of(typed: str) -> str:
    """A reference as it is stored; raises NotHere for what is none."""
    reference = normalised(typed)
    if reference is None or prefix_of(reference) not in COLLECTIONS:
        raise NotHere
    return reference


def back_to_list(came_from: Show | None, reference: str) -> Link:
    """The link back to the part of the list that one came from, and to the row."""
    show = came_from or Show.TEAM
    return Link(f"Back to the list: {TITLES[show]}", f"{ROOT}/list?show={show}#c-{reference}")


@router.get("/cases/{typed}")
async def read_case(
    request: Request, typed: str, officer: Officer, came_from: From = None, told: bool = False
) -> Response:
    """One case; of a guarded one that this officer may not see, the way to open it in an emergency."""
    reference = reference_of(typed)
    if reference != typed:
        return RedirectResponse(f"{ROOT}/cases/{reference}", 303)
    now, back = state_of(request).clock(), back_to_list(came_from, reference)
    try:
        answer, parts = await case_parts(state_of(request).api(officer.token), reference)
    except Refused as refused:
        if refused.status in {403, 404} and may_break_glass(officer, reference):
            return page(request, "break_glass.html", "Open in an emergency", back=back, reference=reference)
        raise
    shown = {**_as_shown(answer.body, parts, now, told_only=told), "told": told, "came_from": came_from or ""}
    return page(request, "case.html", shown["named"], back=back, **shown)


def _as_shown(case: Case, parts: Mapping[str, Any], now: datetime, *, told_only: bool) -> dict[str, Any]:
    """The case as its page shows it; a part that gave no answer is said to be away."""
    reference, prefix = case["reference"], prefix_of(case["reference"])
    step = step_of(case)
    is_taken = takes(prefix, step)
    others = at_home(case, parts["at_postcode"], now) if parts["at_postcode"] else None
    return {
        "reference": reference,
        "named": named(case),
        "department": department_of(case),
        "received": moment(parsed(case["received_at"]), now),
        "status_line": status_line(case, now),
        "flags": flags(case, visit_in_pairs=others is not None and others.visit_in_pairs),
        "step": step,
        "takes": is_taken,
        "version": case["version"],
        "key": uuid4().hex,
        "acts": [form for form in forms_allowed(prefix, case["allowed"]) if is_taken or form is not step],
        "reaching": reaching(case),
        "promises": promises(case, parts["deadlines"], now),
        "is_explained": parts["deadlines"] is not None,
        "reported": [*reported(case), *facts(case, now)],
        "timeline": timeline(parts["timeline"], now, told_only=told_only, cases=parts["named"]),
        "has_timeline": parts["timeline"] is not None,
        "photos": photos_in_words((parts["attachments"] or {}).get("items", ()), now),
        "keeps_photos": prefix in KEEPS_PHOTOS,
        "letters": case.get("letters") or (),
        "has_home": bool(postcode_of(case)),
        "others": others,
    }


def may_break_glass(officer: Session, reference: str) -> bool:
    """Tell whether this officer is offered to open a case in an emergency, be there such a case or not."""
    is_there_such_an_act = form_of(prefix_of(reference), BREAK_GLASS) is not None
    return is_there_such_an_act and GUARDING_SCOPE in officer.scopes


@router.get("/cases/{typed}/attachments/{identifier}")
async def read_attachment(
    request: Request, typed: str, identifier: str, officer: Officer, size: Size = "full"
) -> Response:
    """A photo or a signature as it is kept, or small, with the officer's own token."""
    return await read_photo(request, officer, reference_of(typed), identifier, size)


@router.get("/cases/{typed}/letters/{kind}")
async def read_letter(request: Request, typed: str, kind: str, officer: Officer) -> Response:
    """A letter as it was sent."""
    reference = reference_of(typed)
    path = f"{collection_of(reference)}/{reference}/letters/{kind}"
    letter = (await state_of(request).api(officer.token).get(path)).body
    back = Link("Back to the case", f"{ROOT}/cases/{reference}")
    return page(request, "letter.html", letter["subject"], back=back, letter=letter)


@router.get("/cases/{typed}/notices/{identifier}")
async def read_notice(request: Request, typed: str, identifier: UUID, officer: Officer) -> Response:
    """A letter or text about a case in the words in which it left."""
    reference = reference_of(typed)
    said = (await state_of(request).api(officer.token).get(f"/v1/notices/{identifier}/words")).body
    if said["reference"] != reference:
        raise NotHere
    sent = f"{notice_in_words(said)}, {moment(parsed(said['sent_at']), state_of(request).clock())}"
    back = Link("Back to the case", f"{ROOT}/cases/{reference}#timeline")
    return page(request, "letter.html", said["subject"], back=back, letter=said, sent=sent)
