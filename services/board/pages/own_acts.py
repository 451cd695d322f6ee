"""Acts of residents on their own cases: a page for each that the case allows now."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.acts.known import filled
from services.board.acts.own import GIVEN, OwnForm, own_form
from services.board.acts.reading import Errors, named_by_pointer, read
from services.board.acts.repeating import ADD, adding, first_of_last, with_items
from services.board.asking import options
from services.board.client import Answer, Refused, Unanswered
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.mine import acts_on, own
from services.board.pages.safety import TITLE
from services.board.people import NotHere, Resident
from services.board.presenting.cases import collection_of
from services.board.presenting.own_cases import is_hidden
from services.board.signin import checked_form
from services.board.state import state_of
from shared.references import prefix_of
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
    form = _form(found, act)
    form, known = with_items(form, filled(form, found.body))
    trouble = 0 if act in found.body["allowed"] else NOT_ALLOWED
    return await _show(request, resident, found, form, {} if trouble else known, uuid4().hex, trouble)


@router.post("/{typed}/{act:path}")
async def do_own_act(request: Request, typed: str, act: str, resident: Resident) -> Response:
    """Do it, and go on to the case; or show the form again with what was typed."""
    api, sent = state_of(request).api(resident.token), await checked_form(request)
    found = await own(request, api, resident, typed)
    adds, typed_in = str(sent.get(ADD, "")), {name: [*map(str, sent.getlist(name))] for name in sent}
    form, given = with_items(_form(found, act), typed_in, more=adds)
    key, etag = str(sent.get("key", ""))[:64] or uuid4().hex, str(sent.get("etag", ""))[:64]
    if adds:
        return await _show(request, resident, found, form, given, key, adds=adds)
    body = read(form, given)
    if body.errors:
        return await _show(request, resident, found, form, given, key, INVALID, body.errors)
    reference = found.body["reference"]
    path = f"{collection_of(reference)}/{reference}/{body.path}"
    whole = {**body.body, **GIVEN.get((prefix_of(reference), act), {})}
    try:
        await api.post(path, whole, etag=etag, key=key)
    except Unanswered:
        return await _show(request, resident, found, form, given, key, UNKNOWN)
    except Refused as refused:
        if refused.status in {SIGNED_OUT, NOT_FOUND}:
            raise
        errors = named_by_pointer(form, refused.errors) or {"": SAID.get(refused.status, refused.detail)}
        newest = await own(request, api, resident, typed)
        return await _show(request, resident, newest, form, given, uuid4().hex, refused.status, errors)
    return go_on(request, f"{ROOT}/mine/{reference}", form.done)


def _form(found: Answer, act: str) -> OwnForm:
    """The form of an act on this case; raises NotHere."""
    form = own_form(prefix_of(found.body["reference"]), act)
    if form is None:
        raise NotHere
    return form


async def _show(
    request: Request,
    resident: Resident,
    found: Answer,
    form: OwnForm,
    typed: Mapping[str, Sequence[str]],
    key: str,
    trouble: int = 0,
    errors: Errors | None = None,
    adds: str = "",
) -> Response:
    reference, state = found.body["reference"], state_of(request)
    api = state.api(resident.token)
    return page(
        request,
        "own_act.html",
        TITLE,
        status=trouble or 200,
        back=Link("Back to the case", f"{ROOT}/mine/{reference}"),
        private=is_hidden(found.body),
        form=form,
        reference=reference,
        etag=found.etag,
        key=key,
        typed=typed,
        errors=errors or ({"": SAID[trouble]} if trouble else {}),
        trace_id=request_id.get() if trouble == UNKNOWN else "",
        adding=adding(form),
        focus=first_of_last(form, adds),
        is_allowed=form.act in found.body["allowed"],
        acts=acts_on(found.body),
        options=_but(
            found.body.get("contractor"),
            await options(api, prefix_of(reference), reference, form, state.clock()),
        ),
    )


def _but(late: str | None, choices: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """The choices without the firm that has the job: whoever asks for another wants another."""
    return {
        name: {code: said for code, said in some.items() if code != late} for name, some in choices.items()
    }
