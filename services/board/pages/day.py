"""A contractor's day: the visits, a page for each, and what a phone told about them without signal."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from services.board.acts.visits import update_of
from services.board.client import Answer, Api, Refused, Unanswered, segment
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.queueing import batched, form_of, key_of, mark_of, passed_on, sender
from services.board.people import Contractor, NotHere
from services.board.presenting.times import day_of, moment, parsed
from services.board.presenting.visits import OPEN, WORDS, day, slot_words, visit
from services.board.signin import FIELD, Session, checked_form, current, form_token
from services.board.state import state_of
from shared.references import normalised

router = APIRouter(prefix=f"{ROOT}/day")

HERE = f"{ROOT}/day"
MANY = 100
JOBS, UPDATES = "/v1/repairs", "/v1/repairs/updates"
SAID_AGAIN = {409, 422}
BANNERS: Mapping[str, str] = {
    **{word.type: f"{word.told}." for word in WORDS},
    "no_access": "No access is noted. The time to finish it runs on.",
    "follow_on_needed": "More work and the next visit are noted.",
}


@router.get("")
async def read_day(request: Request, contractor: Contractor) -> Response:
    """The visits of today, and what has no time yet."""
    state = state_of(request)
    now = state.clock()
    jobs = await _jobs(state.api(contractor.token), day_of(now).isoformat())
    title = f"{now:%A} {now.day} {now:%B}"
    return page(request, "day.html", title, day=day(jobs, now), **_queue(contractor))


@router.get("/worker.js")
async def read_worker(request: Request) -> Response:
    """The service worker, at an address that stays: its scope are the pages of the day."""
    headers = {"Service-Worker-Allowed": HERE, "Cache-Control": "no-cache"}
    return Response(state_of(request).assets.content("worker.js"), 200, headers, "text/javascript")


@router.get("/queue")
async def read_sender(request: Request, contractor: Contractor) -> Response:
    """The person whose queue may be sent now."""
    return sender(request, contractor)


@router.post("/queue/updates")
async def send_updates(request: Request, contractor: Contractor) -> Response:
    """Updates of any jobs, in one batch."""
    return await batched(
        request, contractor, UPDATES, lambda items: {"updates": [update_of(item) for item in items]}
    )


@router.post("/queue/photos")
async def send_photo(request: Request, contractor: Contractor) -> Response:
    """One photo of a job, after what was told of it."""
    form = await form_of(request, contractor)
    reference, photo = _reference(str(form.get("reference", ""))), form.get("photo")
    if not isinstance(photo, UploadFile):
        raise NotHere
    content = await photo.read()
    api = state_of(request).api(contractor.token)
    return await passed_on(lambda: _attach(api, reference, content, photo.content_type, key_of(form)))


@router.get("/{typed}")
async def read_visit(request: Request, typed: str, contractor: Contractor) -> Response:
    """One visit: where, what, and the next word about it."""
    return await _show(request, contractor, _reference(typed))


@router.post("/{typed}")
async def tell(request: Request, typed: str) -> Response:
    """Tell what happened, without a script; or show again what was typed."""
    reference, session = _reference(typed), current(request)
    if session is None:
        return _keep(request, reference, await request.form(), 401)
    form = await checked_form(request)
    update, api = update_of(_fields(form)), state_of(request).api(session.token)
    key = f"{key_of(form)}-{update.get('type', '')}"
    try:
        await api.post(f"{JOBS}/{segment(reference)}/updates", update, key=key)
        await _attach_sent(api, reference, form.get("photo"), f"{key}-photo")
    except Unanswered:
        return _keep(request, reference, form, 504)
    except Refused as refused:
        if refused.status not in SAID_AGAIN:
            raise
        return await _show(request, session, reference, refused, _fields(form))
    return go_on(request, f"{HERE}/{reference}", BANNERS.get(update.get("type", ""), "Noted."))


async def _jobs(api: Api, today: str) -> Sequence[Mapping[str, Any]]:
    """The firm's jobs with a visit today, and all on which work is to be done; raises Refused, Unanswered."""
    queries = [{"visit_on": today}, *({"status": status} for status in OPEN)]
    answers = await asyncio.gather(*(api.get(JOBS, {**query, "limit": MANY}) for query in queries))
    return [job for answer in answers for job in answer.body["items"]]


async def _show(
    request: Request,
    session: Session,
    reference: str,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    state = state_of(request)
    api, now = state.api(session.token), state.clock()
    job, told, slots = await asyncio.gather(
        api.get(f"{JOBS}/{segment(reference)}"),
        api.part(f"{JOBS}/{segment(reference)}/updates", {"limit": MANY}),
        api.part("/v1/slots", {"limit": MANY}),
    )
    if job.body.get("view") != "contractor":  # of a job that is another's now only its reference is shown
        raise NotHere
    shown = visit(job.body, now)
    return page(
        request,
        "visit.html",
        f"Error: {shown.what}" if refused else shown.what,
        status=refused.status if refused else 200,
        back=Link("Back to today", f"{HERE}#v-{reference}"),
        visit=shown,
        words=WORDS,
        told=[_told(each, now) for each in reversed(told.body["items"] if told else ())],
        slots=[(each["slot_id"], slot_words(each, now)) for each in _free(slots)],
        errors=_errors(refused),
        typed=typed or {},
        key=uuid4().hex,
        **_queue(session),
    )


def _keep(request: Request, reference: str, form: FormData, trouble: int) -> Response:
    """The form as typed, to be sent again: after a sign-in, or where nobody knows if it was saved.

    The form keeps the token of whoever was shown it: nobody else can send it.
    """
    fields = {name: text for name, text in _fields(form).items() if name not in {FIELD, "key"}}
    token = str(form.get(FIELD, "")) if trouble == 401 else form_token(request)
    return page(
        request,
        "visit_kept.html",
        "Not sent yet",
        status=trouble,
        back=Link("Back to today", HERE),
        address=f"{HERE}/{reference}",
        fields=fields,
        key=key_of(form),
        csrf=token,
        trouble=trouble,
    )


def _queue(session: Session) -> Mapping[str, Any]:
    return {"person": mark_of(session), "queue": f"{HERE}/queue"}


def _reference(typed: str) -> str:
    reference = normalised(typed)
    if reference is None or not reference.startswith("REP-"):
        raise NotHere
    return reference


def _fields(form: FormData) -> Mapping[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _attach_sent(api: Api, reference: str, photo: object, key: str) -> None:
    """Keep the photo that came with a form, if one did."""
    if isinstance(photo, UploadFile) and photo.size:
        await _attach(api, reference, await photo.read(), photo.content_type, key)


async def _attach(api: Api, reference: str, content: bytes, media_type: str | None, key: str) -> Answer:
    path = f"{JOBS}/{segment(reference)}/attachments?kind=photo"
    return await api.post_file(path, content, media_type or "application/octet-stream", key=key)


def _told(update: Mapping[str, Any], now: datetime) -> Mapping[str, str]:
    words = BANNERS.get(update["type"], update["type"]).rstrip(".")
    return {
        "words": words.partition(".")[0],
        "at": moment(parsed(update["occurred_at"]), now),
        "notes": update["notes"] or "",
    }


def _free(slots: Answer | None) -> Sequence[Mapping[str, Any]]:
    return [each for each in (slots.body["items"] if slots else ()) if each["free"]][:8]


def _errors(refused: Refused | None) -> Sequence[str]:
    if refused is None:
        return ()
    return [f"{each['detail']}" for each in refused.errors] or [refused.detail]
