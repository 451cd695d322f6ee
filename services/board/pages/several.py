"""Several cases at once: given to a firm or taken, each by an act of its own, with an answer for each."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.acts.tables import ASSIGNMENT, TAKEN_BY_NAME
from services.board.asking import case_of, cases_by_reference
from services.board.client import Api, Refused, Unanswered
from services.board.frame import ROOT, Link, go_on, page, with_number
from services.board.pages.cases import back_to_list, reference_of
from services.board.people import Officer
from services.board.presenting.cases import Case, collection_of, named
from services.board.presenting.duty_list import Show
from services.board.signin import Session, checked_form
from services.board.state import state_of
from shared.references import all_normalised, prefix_of

router = APIRouter(prefix=ROOT)

MOST = 25
GIVE, TAKE = "give", "take"
TO_FIRMS = "REP"

TAKEN = "You have it now"
FIRM_FIRST = "Give it to a firm first."
NOT_TAKEN_HERE = "Open it, and decide there."
CHANGED = "It changed meanwhile. Look at it, and try again."
NOT_KNOWN = "We cannot see it just now, and did nothing. Try again in a minute."
NO_ANSWER = "We do not know whether that was saved. Go back and press again: it cannot happen twice."


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: the case, whether the act took, and what to do if it did not."""

    reference: str
    what: str
    is_done: bool
    said: str
    is_known: bool = True


@router.post("/list/several")
async def act_on_several(request: Request, officer: Officer) -> Response:
    """Give the chosen cases to a firm, or take them; each stands or falls alone."""
    form = await checked_form(request)
    act, firm, key = (str(form.get(name, "")) for name in ("act", "contractor", "key"))
    chosen = dict(str(each).partition(" ")[::2] for each in form.getlist("row"))
    references = all_normalised(list(chosen)[:MOST])
    api = state_of(request).api(officer.token)
    cases = await cases_by_reference(api, references)

    async def done(reference: str) -> Outcome:
        case = cases.get(reference) or await _one(api, reference)
        body = _body(act, firm, officer, case) if case else NOT_KNOWN
        what = named(case) if case else reference
        if isinstance(body, str):
            return Outcome(reference, what, False, body)
        version, named_key = f'"{chosen[reference]}"', f"{key[:40]}-{reference}"
        try:
            return await _act(api, reference, what, body, version, named_key)
        except Unanswered:
            return Outcome(reference, what, False, with_number(NO_ANSWER), is_known=False)

    show = str(form.get("from", ""))
    back = f"{ROOT}/list?show={show if show in list(Show) else Show.TEAM}"
    return page(
        request,
        "several.html",
        "Several cases",
        back=Link("Back to the list", back),
        outcomes=await asyncio.gather(*(done(reference) for reference in references)),
        act=act,
        firm=firm,
        too_many=max(0, len(chosen) - MOST),
    )


@router.post("/list/take")
async def take(request: Request, officer: Officer) -> Response:
    """Take one case at once, and go on to where one came from; where it cannot be, say what to do."""
    form = await checked_form(request)
    row, key, came_from = (str(form.get(name, "")) for name in ("row", "key", "from"))
    typed, _, version = row.partition(" ")
    reference = reference_of(typed)
    api = state_of(request).api(officer.token)
    case = (await case_of(api, reference)).body
    what, body = named(case), _body(TAKE, "", officer, case)
    back = back_to_list(Show(came_from) if came_from in list(Show) else None, reference)
    outcome = Outcome(reference, what, False, body if isinstance(body, str) else CHANGED)
    if not isinstance(body, str) and version.isdecimal():
        named_key = f"{key[:40]}-{reference}-{version[:9]}"
        outcome = await _act(api, reference, what, body, f'"{version}"', named_key)
    if outcome.is_done:
        to = f"{ROOT}/cases/{reference}" if form.get("stays") else back.href.partition("#")[0]
        return go_on(request, to, f"{TAKEN}: {what}.")
    shown = {"outcomes": [outcome], "act": TAKE, "firm": "", "too_many": 0}
    return page(request, "several.html", "Not taken", status=409, back=back, **shown)


async def _one(api: Api, reference: str) -> Case | None:
    """A case that a list did not give in time; None where it cannot be had by itself either."""
    try:
        found: Case = (await case_of(api, reference)).body
    except (Refused, Unanswered):
        return None
    return found


def _body(act: str, firm: str, officer: Session, case: Case) -> Mapping[str, Any] | str:
    """The body of the act on one case; words where it cannot be done so."""
    prefix, me = prefix_of(case["reference"]), {"name": officer.name, "subject": subject_of(officer)}
    if ASSIGNMENT not in case["allowed"]:
        return NOT_TAKEN_HERE
    if act == GIVE:
        return {"contractor": firm} if prefix == TO_FIRMS and firm else NOT_TAKEN_HERE
    if prefix == TO_FIRMS:
        return {"contractor": case["contractor"], "handler": me} if case["contractor"] else FIRM_FIRST
    return {"handler": me} if prefix in TAKEN_BY_NAME else NOT_TAKEN_HERE


def subject_of(officer: Session) -> str:
    """The subject of an officer's token, by which a case is theirs."""
    return officer.person.rpartition(" ")[2]


async def _act(api: Api, reference: str, what: str, body: Mapping[str, Any], etag: str, key: str) -> Outcome:
    """The outcome of the act on one case; raises Unanswered where nobody knows it."""
    path = f"{collection_of(reference)}/{reference}/{ASSIGNMENT}"
    try:
        await api.post(path, body, etag=etag, key=key)
    except Refused as refused:
        said = CHANGED if refused.status == 412 else " ".join(each["detail"] for each in refused.errors)
        return Outcome(reference, what, False, said or refused.detail)
    return Outcome(reference, what, True, "")
