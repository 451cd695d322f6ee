"""Acts of residents on their own cases: a page for each that the case allows now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.acts.common import UNCHANGED, is_unchanged
from services.board.acts.own import GIVEN, OwnForm, own_form
from services.board.acts.reading import Read, named_by_pointer, read
from services.board.acts.repeating import adding, first_of_last
from services.board.asking import options
from services.board.client import Answer, Api, Refused, Unanswered
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.attempts import Attempt
from services.board.pages.mine import acts_on, own
from services.board.pages.safety import TITLE
from services.board.pages.shown import Shown, sealed
from services.board.people import NotHere, Resident, signed_in
from services.board.presenting.cases import COLLECTIONS, collection_of, named
from services.board.presenting.own_cases import is_hidden
from services.board.signin import Session, checked_form, current, form_token
from services.board.state import state_of
from shared.caller import Role
from shared.references import normalised, prefix_of
from shared.telemetry import request_id

router = APIRouter(prefix=f"{ROOT}/mine")

INVALID, NOT_ALLOWED, STALE, TOO_MANY, UNKNOWN = 422, 409, 412, 429, 504
SIGNED_OUT, NOT_FOUND = 401, 404
SAID = {
    NOT_ALLOWED: "This cannot be done any more. What you typed is still here.",
    STALE: "Something changed while you typed. Read it again, and press once more if it is still right.",
    TOO_MANY: "That was too fast for us, and was not saved. Wait a minute, and press again.",
    UNKNOWN: "We do not know if this was saved. Press again: it cannot happen twice.",
}


@router.get("/{typed}/{act:path}")
async def read_own_act(request: Request, typed: str, act: str, resident: Resident) -> Response:
    """The page of an act that the case allows now."""
    found = await own(request, state_of(request).api(resident.token), resident, typed)
    reference, is_allowed = found.body["reference"], act in found.body["allowed"]
    attempt = Attempt.new(reference, _form(reference, act), found if is_allowed else None)
    return await _show(request, resident, replace(attempt, trouble=0 if is_allowed else NOT_ALLOWED), found)


@router.post("/{typed}/{act:path}")
async def do_own_act(request: Request, typed: str, act: str) -> Response:
    """Do it, and go on to the case; or show the form again with what was typed."""
    reference = _reference(typed)
    attempt = Attempt.sent(request, reference, _form(reference, act), await request.form())
    if current(request) is None:  # the form keeps its token: it is good again for the same person alone
        return _show_kept(request, replace(attempt, trouble=SIGNED_OUT))
    resident = signed_in(request, Role.RESIDENT)
    await checked_form(request)
    api = state_of(request).api(resident.token)
    try:
        found = await own(request, api, resident, typed)
        if attempt.adds:
            return await _show(request, resident, attempt, found)
        body = read(attempt.form, attempt.typed)
        if body.errors:
            return await _show(
                request, resident, replace(attempt, trouble=INVALID, errors=body.errors), found
            )
        done = await _do(api, attempt, body)
    except Unanswered:  # it may have been done: the same key says so, if it is pressed again
        return _show_kept(request, replace(attempt, trouble=UNKNOWN))
    except Refused as refused:
        return await _refused(request, api, resident, attempt, refused)
    is_same = is_unchanged(attempt.form.act, attempt.etag, done.body)
    said = UNCHANGED if is_same else attempt.form.done
    return go_on(request, f"{ROOT}/mine/{attempt.reference}", said)


async def _do(api: Api, attempt: Attempt, body: Read) -> Answer:
    """Do the act; raises Refused, Unanswered."""
    given = GIVEN.get((prefix_of(attempt.reference), attempt.form.act), {})
    path = f"{collection_of(attempt.reference)}/{attempt.reference}/{body.path}"
    return await api.post(path, {**body.body, **given}, etag=attempt.etag, key=attempt.key)


async def _refused(
    request: Request, api: Api, resident: Session, attempt: Attempt, refused: Refused
) -> Response:
    """The form again, with what the API says is wrong; a case that is gone is a page that is not there."""
    if refused.status == NOT_FOUND:
        raise refused
    if refused.status in {SIGNED_OUT, TOO_MANY}:
        return _show_kept(request, replace(attempt, trouble=refused.status))
    errors = named_by_pointer(attempt.form, refused.errors) or {"": SAID.get(refused.status, refused.detail)}
    again = attempt.again(refused.status, errors)
    try:
        newest = await own(request, api, resident, attempt.reference)
    except Unanswered:
        return _show_kept(request, again)
    return await _show(request, resident, replace(again, etag=newest.etag), newest)


def _reference(typed: str) -> str:
    """A reference as it is stored; raises NotHere for what is none."""
    reference = normalised(typed)
    if reference is None or prefix_of(reference) not in COLLECTIONS:
        raise NotHere
    return reference


def _form(reference: str, act: str) -> OwnForm:
    """The form of an act on such a case; raises NotHere."""
    form = own_form(prefix_of(reference), act)
    if form is None:
        raise NotHere
    return form


async def _show(request: Request, resident: Session, attempt: Attempt, found: Answer) -> Response:
    """The form on the page of a case that was read."""
    api, now, case = state_of(request).api(resident.token), state_of(request).clock(), found.body
    choices = await options(api, prefix_of(attempt.reference), attempt.reference, attempt.form, now)
    shown = Shown(named(case), _but(case.get("contractor"), choices))
    return _page(
        request,
        attempt,
        shown,
        private=is_hidden(case),
        is_allowed=attempt.form.act in case["allowed"],
        acts=acts_on(case),
    )


def _show_kept(request: Request, attempt: Attempt) -> Response:
    """The form as it was filled in, for which nothing can be asked now.

    Somebody else may look at this screen by now: the page can be left at once, as those that are private.
    """
    return _page(request, attempt, attempt.before, private=True, is_allowed=True, acts=())


def _page(request: Request, attempt: Attempt, shown: Shown, **of_case: Any) -> Response:
    trouble = attempt.trouble
    said = {"": SAID[trouble]} if trouble in SAID else {}
    return page(
        request,
        "own_act.html",
        TITLE,
        status=trouble or 200,
        back=Link("Back to the case", f"{ROOT}/mine/{attempt.reference}"),
        attempt=attempt,
        form=attempt.form,
        named=shown.named,
        shown=sealed(request, attempt.reference, shown),
        options=shown.choices,
        errors=attempt.errors or said,
        trace_id=request_id.get() if trouble == UNKNOWN else "",
        adding=adding(attempt.form),
        focus=first_of_last(attempt.form, attempt.adds),
        csrf=attempt.token if trouble == SIGNED_OUT else form_token(request),
        **of_case,
    )


def _but(late: str | None, choices: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """The choices without the firm that has the job: whoever asks for another wants another."""
    return {
        name: {code: said for code, said in some.items() if code != late} for name, some in choices.items()
    }
