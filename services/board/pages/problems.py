"""Pages for what goes wrong: not there, no answer, too many, an error of ours; each says what one can do."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from services.board.client import Refused, Unanswered
from services.board.frame import ROOT, Link, page
from services.board.large_forms import TooMuch
from services.board.pages.kept import (
    SIGNED_OUT,
    TOO_MANY as TOO_FAST,
    UNKNOWN,
    brings_a_form,
    is_for_residents,
    keep_form,
)
from services.board.pages.safety import TITLE
from services.board.pages.sign_in import failure
from services.board.people import NotHere, SignInNeeded
from services.board.signin import FormRefused, SignedOut, resting
from shared.telemetry import request_id

NOT_FOUND = 404
WITH_FORMS = tuple(f"{ROOT}/{part}/" for part in ("cases", "mine", "day", "round"))
"""The pages below which an address to which a form is sent is that of a page, too."""

HOME = Link("Go to the first page", ROOT)

NOT_HERE: Mapping[str, Any] = {
    "heading": "Page not found",
    "lines": (
        "There is nothing at this address that you can see.",
        "If you typed it, check that it is right. If you need help, ring us.",
    ),
}
NO_ANSWER: Mapping[str, Any] = {
    "heading": "This page cannot be shown just now",
    "lines": ("A part of the service gives no answer.", "Try again in a minute."),
}
OLD_FORM: Mapping[str, Any] = {
    "heading": "This form cannot be sent any more",
    "lines": (
        "It was made for somebody else, or a day ago. Nothing was changed.",
        "Go back, copy what you typed, load the page again and send it from there.",
    ),
}
TOO_MANY: Mapping[str, Any] = {
    "heading": "Too many pages at once",
    "lines": ("Wait a minute, and load this page again.",),
}
TOO_MUCH: Mapping[str, Any] = {
    "heading": "That was too much to send",
    "lines": (
        "Nothing was sent, and nothing was changed.",
        "Press Back in your browser: what you typed is still there. Choose a smaller photo, or write less.",
    ),
}
OURS: Mapping[str, Any] = {
    "heading": "Sorry, there is a problem with this page",
    "lines": ("It is ours, and was noted. Try again later, or ring us.",),
}


def install(app: FastAPI) -> None:
    """Answer every way in which a page can fail with a page."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(NotHere, _not_here)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_exception_handler(RequestValidationError, _not_here)
    app.add_exception_handler(Unanswered, _no_answer)
    app.add_exception_handler(FormRefused, _old_form)
    app.add_exception_handler(SignedOut, _signed_out)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(TooMuch, _too_much)


def unexpected(scope: Scope) -> Response:
    """The page for an error of ours, with the number by which it is found in the log."""
    return _problem(Request(scope), 500, {**OURS, "trace_id": request_id.get()})


def not_here(request: Request) -> Response:
    """The one page for what is not there and for what is not this person's."""
    return _problem(request, 404, NOT_HERE)


async def _sign_in(request: Request, needed: Exception) -> Response:
    assert isinstance(needed, SignInNeeded)
    away = resting(request)
    if "hx-request" in request.headers:  # the page says that it is old; a sign-in inside of it would be lost
        return Response(status_code=401 if away is None else 503)
    if brings_a_form(request) and (kept := await keep_form(request, SIGNED_OUT)):
        return kept
    if away is not None:  # the session rests, and the same page goes on with it later
        return failure(request, away, ROOT, again=request.scope["path"] if request.method == "GET" else ROOT)
    return RedirectResponse(needed.then, 303)


async def _not_here(request: Request, _: Exception) -> Response:
    return not_here(request)


async def _old_form(request: Request, _: Exception) -> Response:
    return _problem(request, 403, OLD_FORM)


async def _signed_out(request: Request, refused: Exception) -> Response:
    if brings_a_form(request) and (kept := await keep_form(request, SIGNED_OUT)):
        return kept
    return await _old_form(request, refused)


async def _no_answer(request: Request, _: Exception) -> Response:
    if brings_a_form(request) and (kept := await keep_form(request, UNKNOWN)):
        return kept
    answer = _problem(request, 503, NO_ANSWER)
    answer.headers["Retry-After"] = "30"
    return answer


async def _refused(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    if refused.status == SIGNED_OUT:
        return await _sign_in(request, SignInNeeded(request))
    if brings_a_form(request) and refused.status != NOT_FOUND:
        said = "" if refused.status == TOO_FAST else refused.detail
        if kept := await keep_form(request, refused.status, said):
            return kept
    return _problem(request, TOO_FAST, TOO_MANY) if refused.status == TOO_FAST else not_here(request)


async def _too_much(request: Request, _: Exception) -> Response:
    """The page for a form whose body never came here: what was typed in it is the browser's alone.

    Read whole, it would fill the memory of whoever reads it.
    """
    form = Link("Load the page again", request.scope["path"].removesuffix("/photos"))
    link = form if form.href.startswith(WITH_FORMS) else HOME
    return _problem(request, 413, {**TOO_MUCH, "link": link, "private": is_for_residents(request)})


def _problem(request: Request, status: int, values: Mapping[str, Any]) -> Response:
    title = TITLE if values.get("private") else values["heading"]
    return page(request, "problem.html", title, status=status, **{"link": HOME, **values})
