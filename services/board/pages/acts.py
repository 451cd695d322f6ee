"""Acts on a case: a page for each, with as few fields as it can do with, and nothing typed is ever lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from services.board.acts.common import UNCHANGED, is_unchanged
from services.board.acts.effects import effect_of
from services.board.acts.forms import Form
from services.board.acts.known import numbered
from services.board.acts.reading import named_by_pointer, read
from services.board.acts.repeating import adding, first_of_last
from services.board.acts.tables import BREAK_GLASS, form_of, forms_allowed
from services.board.asking import case_of, effects, happened_since, options
from services.board.client import Answer, Api, Refused, Unanswered
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.attempts import Attempt
from services.board.pages.cases import From, back_to_list, ends_sooner, may_break_glass, reference_of
from services.board.pages.shown import Shown, sealed
from services.board.people import NotHere, Officer
from services.board.presenting.cases import GUARDED, Case, collection_of, named
from services.board.presenting.duty_list import Show
from services.board.presenting.effects import what_follows
from services.board.presenting.timeline import timeline
from services.board.presenting.times import due, parsed
from services.board.signin import Session, checked_form, current, form_token
from services.board.state import state_of
from shared.references import prefix_of
from shared.telemetry import request_id

router = APIRouter(prefix=ROOT, dependencies=[Depends(ends_sooner)])

STALE, NOT_ALLOWED, INVALID, SIGNED_OUT, UNKNOWN, TOO_MANY, NOT_FOUND = 412, 409, 422, 401, 504, 429, 404


def form_at(reference: str, address: str) -> Form:
    """The form at an address below a case; raises NotHere."""
    form = form_of(prefix_of(reference), address)
    if form is None:
        raise NotHere
    return form


@router.get("/cases/{typed}/{act:path}")
async def read_act(
    request: Request, typed: str, act: str, officer: Officer, came_from: From = None
) -> Response:
    """The page of an act, if the case allows it now; if not, what it does allow."""
    reference, api = reference_of(typed), state_of(request).api(officer.token)
    form = form_at(reference, act)
    case = await _case(api, officer, reference, form)
    attempt = Attempt.new(reference, form, case, came_from or "")
    if case and form.act not in case.body["allowed"]:
        return await _show(request, api, attempt.again(NOT_ALLOWED), case)
    return await _show(request, api, attempt, case)


@router.post("/cases/{typed}/{act:path}")
async def do_act(request: Request, typed: str, act: str) -> Response:
    """Do an act, and go on to where one came from; or show the form again, as it was filled in."""
    reference = reference_of(typed)
    attempt = Attempt.sent(request, reference, form_at(reference, act), await request.form())
    session = current(request)
    if session is None:  # the form keeps its token: it is good again for the same person alone
        return await _show(request, None, replace(attempt, trouble=SIGNED_OUT), None)
    await checked_form(request)
    if attempt.adds:
        return await _show_again(request, state_of(request).api(session.token), session, attempt)
    api, asked = state_of(request).api(session.token), read(attempt.form, attempt.typed)
    if asked.errors:
        return await _show_again(request, api, session, attempt.again(INVALID, errors=asked.errors))
    path = f"{collection_of(reference)}/{reference}/{asked.path}"
    try:
        done = await api.post(path, asked.body, etag=attempt.etag, key=attempt.key)
    except Unanswered:  # it may have been done: the same key says so, if it is pressed again
        return await _show(request, None, replace(attempt, trouble=UNKNOWN), None)
    except Refused as refused:
        return await _refused(request, api, session, attempt, refused)
    return go_on(request, _way_on(attempt, done), _banner(request, attempt, done))


async def _case(api: Api, officer: Session, reference: str, form: Form) -> Answer | None:
    """The case; None for one that is to be opened in an emergency, be it there or not."""
    try:
        return await case_of(api, reference)
    except Refused:
        if form.act == BREAK_GLASS and may_break_glass(officer, reference):
            return None
        raise


async def _refused(
    request: Request, api: Api, session: Session, attempt: Attempt, refused: Refused
) -> Response:
    """The form again, with what the API says is wrong; a case that is gone is a page that is not there."""
    if refused.status == INVALID:
        errors = named_by_pointer(attempt.form, refused.errors) or {"": refused.detail}
        return await _show_again(request, api, session, attempt.again(INVALID, errors=errors))
    if refused.status in {STALE, NOT_ALLOWED}:
        now = state_of(request).clock()
        entries = await happened_since(api, attempt.reference, attempt.etag)
        since = timeline({"entries": entries}, now)
        again = attempt.again(refused.status, since=since)
        if refused.status == NOT_ALLOWED:
            again = replace(again, errors={"": refused.detail})
        return await _show_again(request, api, session, again, newest=True)
    if refused.status in {SIGNED_OUT, TOO_MANY}:
        return await _show(request, None, replace(attempt, trouble=refused.status), None)
    if refused.status == NOT_FOUND:
        raise refused
    return await _show(request, None, attempt.again(refused.status, errors={"": refused.detail}), None)


async def _show_again(
    request: Request, api: Api, session: Session, attempt: Attempt, *, newest: bool = False
) -> Response:
    try:
        case = await _case(api, session, attempt.reference, attempt.form)
    except Unanswered:
        return await _show(request, None, attempt, None)
    if newest and case:  # what happened meanwhile was shown: the next attempt is made knowing it
        attempt = replace(attempt, etag=case.etag)
    return await _show(request, api, attempt, case)


async def _show(request: Request, api: Api | None, attempt: Attempt, case: Answer | None) -> Response:
    form, prefix = attempt.form, prefix_of(attempt.reference)
    body = case.body if case else None
    is_allowed = body is None or form.act in body["allowed"]
    shown, follows = await asyncio.gather(
        _shown(request, api, attempt, body), _follows(request, api, attempt, body)
    )
    return page(
        request,
        "act.html",
        f"Error: {form.button}" if attempt.errors else form.button,
        status=attempt.trouble or 200,
        back=_back(attempt),
        attempt=attempt,
        form=form,
        named=shown.named if prefix != GUARDED else "",
        shown=sealed(request, attempt.reference, shown),
        follows=follows,
        is_allowed=is_allowed,
        options=shown.choices,
        errors=attempt.errors or {},
        adding=adding(form),
        focus=first_of_last(form, attempt.adds),
        acts=forms_allowed(prefix, body["allowed"]) if body and not is_allowed else (),
        trace_id=request_id.get(),
        csrf=attempt.token if attempt.trouble == SIGNED_OUT else form_token(request),
    )


async def _shown(request: Request, api: Api | None, attempt: Attempt, body: Case | None) -> Shown:
    """The case and the choices of its form in words; as they were before where they cannot be asked for."""
    if api is None:
        return attempt.before
    reference, form = attempt.reference, attempt.form
    choices = await options(api, prefix_of(reference), reference, form, state_of(request).clock())
    if body is None:
        return Shown(attempt.before.named, choices)
    return Shown(named(body), {**choices, **numbered(prefix_of(reference), form, body)})


async def _follows(request: Request, api: Api | None, attempt: Attempt, body: Case | None) -> Sequence[str]:
    """The sentences about what follows from the act on this case; none where that cannot be asked."""
    form, reference = attempt.form, attempt.reference
    effect = effect_of(prefix_of(reference), form.act)
    if api is None or body is None or effect is None:
        return ()
    known = await effects(api, reference, (each.event for each in effect.records))
    return what_follows(form, effect, known, body, state_of(request).clock())


def _back(attempt: Attempt) -> Link:
    """The page that one came from."""
    if attempt.came_from:
        return back_to_list(Show(attempt.came_from), attempt.reference)
    return Link("Back to the case", f"{ROOT}/cases/{attempt.reference}")


def _way_on(attempt: Attempt, done: Answer) -> str:
    """The page that one came from, without the row: the banner at its top has the focus."""
    if attempt.came_from and attempt.form.act != BREAK_GLASS:
        return _back(attempt).href.partition("#")[0]
    return f"{ROOT}/cases/{attempt.reference}"


def _banner(request: Request, attempt: Attempt, done: Answer) -> str:
    """The outcome of the act, and the promise that is due next."""
    if is_unchanged(attempt.form.act, attempt.etag, done.body):
        return UNCHANGED
    following = done.body.get("next_deadline")
    if not following or prefix_of(attempt.reference) == GUARDED:
        return attempt.form.done
    by = due(parsed(following["due_at"]), state_of(request).clock())
    return f"{attempt.form.done} Next: {following['promise'].rstrip('.')}, by {by}."
