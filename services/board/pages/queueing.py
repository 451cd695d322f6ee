"""The queue of a phone, as the board takes it in: who may send, and what became of each item.

A phone writes down what was done before anything is sent, and takes away only what was answered. It sends
with the header HX-Request, to which an ended session is a 401, and no way to a sign-in.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from services.board.client import Answer, Refused
from services.board.signin import FormRefused, Session, checked_form, form_token
from services.board.state import state_of

Items = Sequence[Mapping[str, str]]
KEY_LENGTH = 64


def mark_of(session: Session) -> str:
    """The name of a person in a phone's queue, which nobody reads."""
    return sha256(session.person.encode()).hexdigest()[:16]


def sender(request: Request, session: Session) -> Response:
    """Tell a phone who is signed in, and the token of its forms; by the Date its clock is put right."""
    return JSONResponse({"person": mark_of(session), "csrf": form_token(request)})


def worker(request: Request, scope: str) -> Response:
    """The service worker, at an address that stays: it keeps the pages at and below `scope`."""
    headers = {"Service-Worker-Allowed": scope, "Cache-Control": "no-cache"}
    return Response(state_of(request).assets.content("worker.js"), 200, headers, "text/javascript")


async def batched(
    request: Request, session: Session, path: str, body_of: Callable[[Items], Mapping[str, Any]]
) -> Response:
    """Pass a frozen batch on under its own key, and say of each item what became of it."""
    form = await form_of(request, session)
    try:
        items = _items(str(form.get("items", "")))
    except ValueError:
        return JSONResponse({"detail": "This is no list of items."}, 422)
    api = state_of(request).api(session.token)
    return await passed_on(lambda: api.post(path, body_of(items), key=key_of(form)))


async def form_of(request: Request, session: Session) -> FormData:
    """The form that a phone sent, if whoever is signed in wrote what it brings; raises FormRefused."""
    form = await checked_form(request)
    if form.get("person") != mark_of(session):
        raise FormRefused
    return form


def key_of(form: FormData) -> str:
    """The Idempotency-Key of what is sent."""
    return str(form.get("key", ""))[:KEY_LENGTH]


async def passed_on(call: Callable[[], Awaitable[Answer]]) -> Response:
    """Do one act, and answer as the API does."""
    try:
        answer = await call()
    except Refused as refused:
        return JSONResponse(refused.problem, refused.status)
    return JSONResponse(answer.body, answer.status)


def _items(text: str) -> Items:
    """The items of a batch, each of fields that are text; raises ValueError."""
    items = json.loads(text)
    if not isinstance(items, list):
        raise ValueError
    for item in items:
        if not isinstance(item, dict) or not all(isinstance(value, str) for value in item.values()):
            raise ValueError
    return items
