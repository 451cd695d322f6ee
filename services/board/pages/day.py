"""A contractor's day: the visits, a page for each, and what a phone told about them without signal."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.board.acts.visits import NOT_OURS, handback_of, update_of
from services.board.asking import every_page
from services.board.client import Answer, Api, Refused, segment
from services.board.frame import ROOT, Link, go_on, page
from services.board.pages.photos import keep_photo, keep_photo_if_sent, pass_photo_on
from services.board.pages.queueing import batched, form_of, key_of, mark_of, passed_on, sender, worker
from services.board.people import Contractor, NotHere
from services.board.presenting.cases import named
from services.board.presenting.times import day_of, moment, parsed
from services.board.presenting.visits import OPEN, WORDS, day, slot_words, visit
from services.board.signin import Session, checked_form
from services.board.state import state_of
from shared.references import normalised

router = APIRouter(prefix=f"{ROOT}/day")

HERE = f"{ROOT}/day"
MANY = 100
JOBS, UPDATES = "/v1/repairs", "/v1/repairs/updates"
INVALID = 422
BACK = "not-ours"
CONTRACTOR_VIEW = "contractor"
SAID_AGAIN = {409, INVALID}
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
    jobs, is_whole = await _jobs(state.api(contractor.token), day_of(now).isoformat())
    shown, title = day(jobs, now), f"{now:%A} {now.day} {now:%B}"
    return page(request, "day.html", title, day=shown, is_whole=is_whole, **_queue(contractor))


@router.get("/worker.js")
async def read_worker(request: Request) -> Response:
    """The service worker of the pages of the day."""
    return worker(request, HERE)


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


@router.post("/queue/handbacks")
async def send_handback(request: Request, contractor: Contractor) -> Response:
    """One job that is handed back."""
    form = await form_of(request, contractor)
    fields = _fields(form)
    path = f"{JOBS}/{segment(_reference(fields.get('reference', '')))}/handback"
    api = state_of(request).api(contractor.token)
    return await passed_on(lambda: api.post(path, handback_of(fields), key=key_of(form)))


@router.post("/queue/photos")
async def send_photo(request: Request, contractor: Contractor) -> Response:
    """One photo of a job, after what was told of it."""
    return await pass_photo_on(request, contractor, _reference)


@router.get("/{typed}")
async def read_visit(request: Request, typed: str, contractor: Contractor) -> Response:
    """One visit: where, what, and the next word about it."""
    return await _show(request, contractor, _reference(typed))


@router.post("/{typed}")
@router.post("/{typed}/photos")
async def tell(request: Request, typed: str, contractor: Contractor) -> Response:
    """Tell what happened, without a script, or send a photo alone; or show again what was typed."""
    reference, form = _reference(typed), await checked_form(request)
    api = state_of(request).api(contractor.token)
    if "type" not in form:
        return await _show_after_photo(request, contractor, reference, await keep_photo(api, reference, form))
    update = update_of(_fields(form))
    key = f"{key_of(form)}-{update.get('type', '')}"
    try:
        await api.post(f"{JOBS}/{segment(reference)}/updates", update, key=key)
    except Refused as refused:
        if refused.status not in SAID_AGAIN:
            raise
        return await _show(request, contractor, reference, refused, _fields(form))
    noted = BANNERS.get(update.get("type", ""), "Noted.")
    error = await keep_photo_if_sent(api, reference, form)
    return await _show_after_photo(request, contractor, reference, error, noted)


@router.post(f"/{{typed}}/{BACK}")
async def hand_back(request: Request, typed: str, contractor: Contractor) -> Response:
    """Hand the job back, and go on to the day, which it is no longer on; or show again what was typed."""
    reference, form = _reference(typed), await checked_form(request)
    if form.get("why") not in NOT_OURS:
        why = "Say why it is not yours."
        return await _show(request, contractor, reference, typed=_fields(form), why_error=why)
    api, path = state_of(request).api(contractor.token), f"{JOBS}/{segment(reference)}"
    job = await api.part(path)  # before: once it is handed back, the firm sees it no more
    try:
        await api.post(f"{path}/handback", handback_of(_fields(form)), key=key_of(form))
    except Refused as refused:
        if refused.status not in SAID_AGAIN:
            raise
        return await _show(request, contractor, reference, refused, _fields(form))
    is_theirs = job is not None and job.body.get("view") == CONTRACTOR_VIEW
    return go_on(
        request, HERE, f"With the office again: {named(job.body) if job and is_theirs else 'the job'}."
    )


async def _jobs(api: Api, today: str) -> tuple[Sequence[Mapping[str, Any]], bool]:
    """The firm's jobs with a visit today, and all on which work is to be done; and if those are all of them.

    Raises Refused, Unanswered.
    """
    queries = [{"visit_on": today}, *({"status": status} for status in OPEN)]
    lists = await asyncio.gather(*(every_page(api, JOBS, query) for query in queries))
    return [job for each in lists for job in each.items], all(each.is_whole for each in lists)


async def _show(
    request: Request,
    session: Session,
    reference: str,
    refused: Refused | None = None,
    typed: Mapping[str, str] | None = None,
    **wrong: str,
) -> Response:
    """The page of a visit; `wrong` are errors that stand beside a field, and what was noted all the same."""
    state = state_of(request)
    api, now = state.api(session.token), state.clock()
    job, told, slots = await asyncio.gather(
        api.get(f"{JOBS}/{segment(reference)}"),
        api.part(f"{JOBS}/{segment(reference)}/updates", {"limit": MANY}),
        api.part("/v1/slots", {"limit": MANY}),
    )
    if job.body.get("view") != CONTRACTOR_VIEW:  # of a job that is another's now only its reference is shown
        raise NotHere
    shown = visit(job.body, now)
    return page(
        request,
        "visit.html",
        f"Error: {shown.what}" if refused or wrong else shown.what,
        status=refused.status if refused else INVALID if wrong else 200,
        back=Link("Back to today", f"{HERE}#v-{reference}"),
        visit=shown,
        words=WORDS,
        told=[_told(each, now) for each in reversed(told.body["items"] if told else ())],
        slots=[(each["slot_id"], slot_words(each, now)) for each in _free(slots)],
        errors=_errors(refused),
        typed=typed or {},
        not_ours=NOT_OURS,
        key=uuid4().hex,
        **wrong,
        **_queue(session),
    )


async def _show_after_photo(
    request: Request, session: Session, reference: str, error: str, noted: str = ""
) -> Response:
    """The visit with what was noted; with the form of a photo where that was not taken."""
    if not error:
        return go_on(request, f"{HERE}/{reference}", noted or "The photo is with the job.")
    return await _show(request, session, reference, photo_error=error, noted=noted)


def _queue(session: Session) -> Mapping[str, Any]:
    return {"person": mark_of(session), "queue": f"{HERE}/queue"}


def _reference(typed: str) -> str:
    reference = normalised(typed)
    if reference is None or not reference.startswith("REP-"):
        raise NotHere
    return reference


def _fields(form: FormData) -> Mapping[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


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
