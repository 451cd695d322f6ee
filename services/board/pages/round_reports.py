"""Problems that a caretaker comes upon on the round: reported on the spot or without script, with a photo."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.board.acts.rounds import KINDS, issue_of
from services.board.client import Refused, Unanswered, segment
from services.board.frame import Link, go_on, page, with_number
from services.board.pages.photos import keep_photo, keep_photo_if_sent, pass_photo_on
from services.board.pages.queueing import form_of, key_of, passed_on
from services.board.pages.rounds import HERE, UNKNOWN
from services.board.people import NotHere, Officer
from services.board.presenting.cases import Case, named
from services.board.signin import checked_form
from services.board.state import state_of
from shared.references import normalised

router = APIRouter(prefix=HERE)

ISSUES = "/v1/estates/issues"
SIGNED_OUT, INVALID = 401, 422


@router.get("/report")
async def read_report(request: Request, officer: Officer, site: str = "", where: str = "") -> Response:
    """Report a problem that one came upon."""
    return _report(request, {"site": site, "location": where})


@router.post("/report")
@router.post("/report/photos")
async def report(request: Request, officer: Officer) -> Response:
    """Report it, without a script; its photo goes after it, and keeps it back from nowhere."""
    form = await checked_form(request)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    api = state_of(request).api(officer.token)
    try:
        answer = await api.post(ISSUES, issue_of(fields), key=key_of(form))
    except Unanswered:
        return _report(request, fields, [with_number(UNKNOWN)])
    except Refused as refused:
        if refused.status == SIGNED_OUT:
            raise
        wrong = [each["detail"] for each in refused.errors] or [refused.detail]
        return _report(request, {**fields, "key": ""}, wrong)
    reported = f"Reported: {KINDS.get(fields.get('kind', ''), '')}, {answer.body['location']}."
    if error := await keep_photo_if_sent(api, answer.body["reference"], form):
        return _photo(request, answer.body, error)
    return go_on(request, HERE, reported)


@router.post("/report/{typed}/photos")
async def add_photo(request: Request, typed: str, officer: Officer) -> Response:
    """Keep a photo with a problem that was reported."""
    reference, form = _reference(typed), await checked_form(request)
    api = state_of(request).api(officer.token)
    if error := await keep_photo(api, reference, form):
        found = await api.part(f"{ISSUES}/{segment(reference)}")
        return _photo(request, found.body if found else {"reference": reference}, error)
    return go_on(request, HERE, "The photo is with what you reported.")


@router.post("/queue/issues")
async def send_issue(request: Request, officer: Officer) -> Response:
    """One problem that was seen on the way."""
    form = await form_of(request, officer)
    fields = {name: str(value) for name, value in form.items()}
    api = state_of(request).api(officer.token)
    return await passed_on(lambda: api.post(ISSUES, issue_of(fields), key=key_of(form)))


@router.post("/queue/photos")
async def send_photo(request: Request, officer: Officer) -> Response:
    """One photo of a problem, after the problem."""
    return await pass_photo_on(request, officer, _reference)


def _reference(typed: str) -> str:
    reference = normalised(typed)
    if reference is None or not reference.startswith("EST-"):
        raise NotHere
    return reference


def _report(request: Request, fields: Mapping[str, str], errors: Sequence[str] = ()) -> Response:
    return page(
        request,
        "round_report.html",
        "Error: Report something" if errors else "Report something",
        status=INVALID if errors else 200,
        back=Link("Back to the round", HERE),
        kinds=KINDS,
        typed=fields,
        errors=errors,
        key=fields.get("key") or uuid4().hex,
    )


def _photo(request: Request, issue: Case, error: str) -> Response:
    """The page on which the photo of a reported problem is chosen once more."""
    back = Link("Back to the round", HERE)
    return page(
        request,
        "round_photo.html",
        "Error: Add a photo",
        status=INVALID,
        back=back,
        reference=issue["reference"],
        named=f"{named(issue)} ({issue['reference']})" if "summary" in issue else "",
        error=error,
    )
