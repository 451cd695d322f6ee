"""Reports: danger first, then one question a page; the answers travel with the page, and stay nowhere."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from services.board.client import Refused, Unanswered
from services.board.frame import ROOT, page, with_number
from services.board.pages.photos import FIELD, keep_photo
from services.board.pages.report_pages import (
    ANSWERS,
    BOOKING,
    INVALID,
    Reporter,
    ask,
    done,
    field_name,
    offers_in_words,
    reporter_of,
    what_is_shown,
)
from services.board.pages.safety import TITLE
from services.board.presenting.own_cases import visit_of
from services.board.reporting.answers import Answers
from services.board.signin import checked_form
from services.board.state import state_of


class StepNumber(IntegerConvertor):
    """The number of a step in an address, which has few digits."""

    regex = "[0-9]{1,3}"


register_url_convertor("step", StepNumber())
router = APIRouter(prefix=f"{ROOT}/report")

SECONDS = 24 * 60 * 60
SIGNED_OUT, BUSY, TOO_MANY, UNKNOWN = 401, 409, 429, 504
SLOT = "slot"
GONE = "This time has gone. Choose another one."
UNSURE = "We do not know if this was saved. Press again."


@router.get("")
async def read_danger(request: Request) -> Response:
    """The first page: whoever is in danger rings, and does not type."""
    return page(request, "report_danger.html", TITLE, danger=state_of(request).own.danger)


@router.get("/1")
async def read_first_step(request: Request) -> Response:
    """The first question."""
    reporter = await reporter_of(request)
    return await ask(request, reporter, Answers.none_yet(by_officer=reporter.by_officer), 1)


@router.get("/{number:step}")
async def begin_again(number: int) -> Response:
    """A later page by its address alone: without its answers, the report begins again."""
    return RedirectResponse(f"{ROOT}/report/1", 303)


@router.post("/{number:step}")
async def take_step(request: Request, number: int) -> Response:
    """Take the answers of one page, and show another: the next, an earlier one, or the check of all."""
    form, reporter = await checked_form(request), await reporter_of(request)
    answers, of = _brought(request, form, reporter)
    if not 1 <= of <= len(answers.steps):
        return await ask(request, reporter, answers, number)
    step = answers.steps[of - 1]
    given = {field.name: form.getlist(field_name(i)) for i, field in enumerate(step.fields)}
    answers = answers.with_step(step, {name: [str(each) for each in some] for name, some in given.items()})
    if number > of and (errors := answers.errors(step)):
        return await ask(request, reporter, answers, of, errors)
    if number > of and answers.is_stopped(step):
        return page(request, "safety.html", TITLE, private=True)
    return await ask(request, reporter, answers, number)


@router.post("/send")
async def send(request: Request) -> Response:
    """Send the report; the answer page is one screen, so that a picture of it is enough."""
    form, reporter = await checked_form(request), await reporter_of(request)
    answers, _ = _brought(request, form, reporter)
    if answers.kind is None:
        return RedirectResponse(f"{ROOT}/report/1", 303)
    body = answers.body()
    try:
        accepted = await reporter.api.post(answers.kind.path, body, key=answers.key(body))
    except Unanswered:
        return await ask(request, reporter, answers, len(answers.steps) + 1, trouble=UNKNOWN)
    except Refused as refused:
        if refused.status == SIGNED_OUT:
            raise
        if refused.status == INVALID:
            number, errors = answers.refused(refused.errors)
            return await ask(request, reporter, answers, number, errors or {"": refused.detail})
        said = {} if refused.status == TOO_MANY else {"": refused.detail}
        return await ask(request, reporter, answers, len(answers.steps) + 1, said, trouble=refused.status)
    return done(request, what_is_shown(request, accepted.body, answers), reporter)


@router.post("/appointment")
async def book(request: Request) -> Response:
    """Book one of the times that were offered, and show the answer page again with it."""
    form, reporter = await checked_form(request), await reporter_of(request)
    shown = _shown(request, form)
    if shown is None:
        return RedirectResponse(f"{ROOT}/report", 303)
    if not (slot := str(form.get(SLOT, ""))):
        return done(request, shown, reporter, INVALID, {SLOT: "Choose a time."})
    path, key = f"/v1/repairs/{shown['reference']}/appointment", f"{shown['key']}-{slot}"
    now = state_of(request).clock()
    try:
        booked = await reporter.api.post(path, {"slot_id": slot}, key=key)
    except Unanswered:
        return done(request, shown, reporter, UNKNOWN, {SLOT: with_number(UNSURE)})
    except Refused as refused:
        if refused.status not in {INVALID, BUSY, TOO_MANY}:
            raise
        fresh = refused.problem.get("appointment_offers")
        again = {**shown, "offers": shown["offers"] if fresh is None else offers_in_words(request, fresh)}
        return done(request, again, reporter, refused.status, {SLOT: GONE})
    return done(
        request, {**shown, "offers": {}, "visit": visit_of(booked.body["appointment"], now)}, reporter
    )


@router.post("/photos")
async def add_photo(request: Request) -> Response:
    """Keep a photo with the report, which is accepted by now: a mistake in the form costs no photo."""
    form, reporter = await checked_form(request), await reporter_of(request)
    shown = _shown(request, form)
    if shown is None or not shown.get("takes_photos"):
        return RedirectResponse(f"{ROOT}/report", 303)
    if error := await keep_photo(reporter.api, shown["reference"], form):
        return done(request, shown, reporter, INVALID, {FIELD: error})
    return done(request, {**shown, "photos": shown["photos"] + 1}, reporter)


def _shown(request: Request, form: FormData) -> Mapping[str, Any] | None:
    """Open the sealed answer page that a form sends back; None where it is not one of ours, or too old."""
    shown: Mapping[str, Any] | None = state_of(request).sealer.open(
        BOOKING, str(form.get(BOOKING, "")), SECONDS
    )
    return shown


def _brought(request: Request, form: FormData, reporter: Reporter) -> tuple[Answers, int]:
    """The answers that a page brought back, and the step whose fields it has."""
    value = state_of(request).sealer.open(ANSWERS, str(form.get(ANSWERS, "")), SECONDS)
    of = str(form.get("of", ""))[:4]
    return Answers.from_json(value, by_officer=reporter.by_officer), int(of) if of.isdecimal() else 0
