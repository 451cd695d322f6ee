"""Reports: danger first, then one question a page; the answers travel with the page, and stay nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from services.board.acts.forms import Field, Kind as Asks
from services.board.acts.reading import Errors
from services.board.client import Api, Refused, Unanswered
from services.board.frame import ROOT, page
from services.board.pages.safety import TITLE
from services.board.people import NotHere
from services.board.presenting.own_cases import homes, promised, visit_of
from services.board.reporting.answers import Answers
from services.board.reporting.common import HOME
from services.board.reporting.questions import Step
from services.board.reporting.repairs import FAULT
from services.board.signin import Session, checked_form, current, shorten
from services.board.state import state_of
from shared.caller import Role

router = APIRouter(prefix=f"{ROOT}/report")

ANSWERS, BOOKING = "answers", "booking"
SECONDS = 24 * 60 * 60
INVALID, BUSY, TOO_MANY, UNKNOWN = 422, 409, 429, 504
AUTOFILL = {
    "contact.name": "name",
    "contact.phone": "tel",
    "contact.email": "email",
    "property.address": "street-address",
    "property.postcode": "postal-code",
}
"""The kinds of value that a browser may fill in for the person themselves."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whoever reports, with the API that they have: their own, or that of the machine client."""

    api: Api
    session: Session | None
    by_officer: bool


async def reporter_of(request: Request) -> Reporter:
    """A resident, an officer, or anybody who has not signed in; raises NotHere for others, Unanswered."""
    session = current(request)
    if session is None:
        return Reporter(await state_of(request).machine.api(), None, by_officer=False)
    if not session.roles & {Role.RESIDENT, Role.OFFICER}:
        raise NotHere
    return Reporter(state_of(request).api(session.token), session, Role.OFFICER in session.roles)


@router.get("")
async def read_danger(request: Request) -> Response:
    """The first page: whoever is in danger rings, and does not type."""
    return page(request, "report_danger.html", TITLE, danger=state_of(request).own.danger)


@router.get("/1")
async def read_first_step(request: Request) -> Response:
    """The first question."""
    reporter = await reporter_of(request)
    return await _ask(request, reporter, Answers.none_yet(by_officer=reporter.by_officer), 1)


@router.get("/{number:int}")
async def begin_again(number: int) -> Response:
    """A later page by its address alone: without its answers, the report begins again."""
    return RedirectResponse(f"{ROOT}/report/1", 303)


@router.post("/{number:int}")
async def take_step(request: Request, number: int) -> Response:
    """Take the answers of one page, and show another: the next, an earlier one, or the check of all."""
    form, reporter = await checked_form(request), await reporter_of(request)
    answers, of = _brought(request, form, reporter)
    if not 1 <= of <= len(answers.steps):
        return await _ask(request, reporter, answers, number)
    step = answers.steps[of - 1]
    given = {field.name: form.getlist(_name(i)) for i, field in enumerate(step.fields)}
    answers = answers.with_step(step, {name: [str(each) for each in some] for name, some in given.items()})
    if number > of and (errors := answers.errors(step)):
        return await _ask(request, reporter, answers, of, errors)
    if number > of and answers.is_stopped(step):
        return page(request, "safety.html", TITLE, private=True)
    return await _ask(request, reporter, answers, number)


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
        return await _ask(request, reporter, answers, len(answers.steps) + 1, trouble=UNKNOWN)
    except Refused as refused:
        if refused.status in {BUSY, TOO_MANY}:
            return await _ask(request, reporter, answers, len(answers.steps) + 1, trouble=refused.status)
        if refused.status != INVALID:
            raise
        number, errors = answers.refused(refused.errors)
        return await _ask(request, reporter, answers, number, errors or {"": refused.detail})
    return _done(request, _shown(request, accepted.body, answers), reporter)


@router.post("/appointment")
async def book(request: Request) -> Response:
    """Book one of the times that were offered, and show the answer page again with it."""
    form, reporter = await checked_form(request), await reporter_of(request)
    shown = state_of(request).sealer.open(BOOKING, str(form.get(BOOKING, "")), SECONDS)
    if shown is None:
        return RedirectResponse(f"{ROOT}/report", 303)
    if not (slot := str(form.get("slot", ""))):
        return _done(request, shown, reporter, INVALID, "Choose a time.")
    path, key = f"/v1/repairs/{shown['reference']}/appointment", f"{shown['key']}-{slot}"
    now = state_of(request).clock()
    try:
        booked = await reporter.api.post(path, {"slot_id": slot}, key=key)
    except Unanswered:
        return _done(request, shown, reporter, UNKNOWN, "We do not know if this was saved. Press again.")
    except Refused as refused:
        if refused.status not in {INVALID, BUSY, TOO_MANY}:
            raise
        offers = refused.problem.get("appointment_offers")
        again = {**shown, "offers": shown["offers"] if offers is None else _offers(request, offers)}
        return _done(request, again, reporter, refused.status, "This time has gone. Choose another one.")
    return _done(
        request, {**shown, "offers": {}, "visit": visit_of(booked.body["appointment"], now)}, reporter
    )


def _brought(request: Request, form: FormData, reporter: Reporter) -> tuple[Answers, int]:
    """The answers that a page brought back, and the step whose fields it has."""
    value = state_of(request).sealer.open(ANSWERS, str(form.get(ANSWERS, "")), SECONDS)
    of = str(form.get("of", ""))
    return Answers.from_json(value, by_officer=reporter.by_officer), int(of) if of.isdecimal() else 0


def _name(index: int) -> str:
    """The name of a field in the page: it says nothing, so that no browser keeps or offers what was typed."""
    return f"q{index}"


async def _ask(
    request: Request,
    reporter: Reporter,
    answers: Answers,
    number: int,
    errors: Errors | None = None,
    trouble: int = 0,
) -> Response:
    """The page of a step, or after the last the check of all answers."""
    is_private = answers.kind is not None and answers.kind.private
    if is_private:
        shorten(request)
    number = max(1, min(number, len(answers.steps) + 1))
    if answers.kind is None:
        number = 1
    values = {
        "answers": state_of(request).sealer.seal(ANSWERS, answers.as_json()),
        "number": number,
        "private": is_private,
        "trouble": trouble,
        "errors": errors or {},
    }
    status = trouble or (INVALID if errors else 200)
    if number > len(answers.steps):
        return await _check(request, reporter, answers, status, values)
    step = answers.steps[number - 1]
    options = await _options(reporter, answers, step)
    fields = [field for field in step.fields if field.name != HOME or options.get(HOME)]
    at = {field.name: _name(step.fields.index(field)) for field in fields}
    asked = [replace(field, name=at[field.name]) for field in fields]
    return page(
        request,
        "report.html",
        TITLE,
        status=status,
        step=step,
        fields=asked,
        typed={at[name]: answers.typed.get(name, ()) for name in at},
        options={at[name]: some for name, some in options.items() if name in at},
        autofill={} if is_private or reporter.by_officer else _autofill(at),
        **{**values, "errors": {at.get(name, ""): said for name, said in (errors or {}).items()}},
    )


def _autofill(at: Mapping[str, str]) -> Mapping[str, str]:
    return {at[name]: token for name, token in AUTOFILL.items() if name in at}


async def _options(reporter: Reporter, answers: Answers, step: Step) -> Mapping[str, Mapping[str, str]]:
    """The choices that only the API knows: the faults of the guide, and the homes of earlier cases."""
    found: dict[str, Mapping[str, str]] = {}
    names = {field.name for field in step.fields}
    if FAULT in names and answers.kind:
        said = {line["fault"]: line["description"] for line in await _guide(reporter)}
        found[FAULT] = {code: said[code] for code in answers.kind.faults}
    if HOME in names and reporter.session and not reporter.by_officer:
        mine = await reporter.api.part("/v1/me/cases", {"limit": 100})
        found[HOME] = homes(mine.body["items"]) if mine else {}
    return found


async def _guide(reporter: Reporter) -> Sequence[Mapping[str, Any]]:
    faults: Sequence[Mapping[str, Any]] = (await reporter.api.get("/v1/repairs/guide")).body["faults"]
    return faults


async def _check(
    request: Request, reporter: Reporter, answers: Answers, status: int, values: Mapping[str, Any]
) -> Response:
    """All answers, each with the way back to its page, and what is usual, before anything is sent."""
    rows, usual = [], ""
    for number, step in enumerate(answers.steps, 1):
        options = await _options(reporter, answers, replace(step, fields=_choices(step)))
        rows += [
            (number, field.label, said)
            for field in step.fields
            if field.name != HOME and (said := _said(field, answers, options.get(field.name)))
        ]
    if FAULT in answers.typed and answers.kind and answers.kind.faults:
        usual = _usual(await _guide(reporter), answers)
    return page(request, "report_check.html", TITLE, status=status, rows=rows, usual=usual, **values)


def _choices(step: Step) -> tuple[Field, ...]:
    return tuple(field for field in step.fields if field.name == FAULT)


def _usual(guide: Sequence[Mapping[str, Any]], answers: Answers) -> str:
    """The time that the guide has for this fault, with its exception where that is the case."""
    [line] = [line for line in guide if line["fault"] == answers.typed[FAULT][0]]
    has_another = answers.typed.get("other_working_toilet") == ["yes"]
    return str(line["exception"] if has_another and line["exception"] else line["how_long"])


def _said(field: Field, answers: Answers, options: Mapping[str, str] | None) -> str:
    """One answer in words."""
    given = [each for each in answers.typed.get(field.name, ()) if each.strip()]
    if field.kind is Asks.YES_NO:
        words: Mapping[str, str] = {"yes": "Yes", "no": "No"}
    else:
        words = options or field.choices
    return ", ".join(words.get(each, each) for each in given)


def _shown(request: Request, case: Mapping[str, Any], answers: Answers) -> Mapping[str, Any]:
    """The part of an accepted report that its answer page shows."""
    assert answers.kind is not None
    return {
        "reference": case["reference"],
        "private": answers.kind.private,
        "promised": promised(case, state_of(request).clock()),
        "offers": _offers(request, case.get("appointment_offers") or ()),
        "visit": "",
        "key": uuid4().hex,
    }


def _offers(request: Request, offers: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    now = state_of(request).clock()
    return {each["slot_id"]: visit_of(each, now) for each in offers}


def _done(
    request: Request, shown: Mapping[str, Any], reporter: Reporter, status: int = 200, error: str = ""
) -> Response:
    """The answer page; what it shows travels on in it, for the choice of a time."""
    return page(
        request,
        "report_done.html",
        TITLE,
        status=status,
        shown=shown,
        private=shown["private"],
        error=error,
        booking=state_of(request).sealer.seal(BOOKING, shown),
        by_officer=reporter.by_officer,
        is_signed_in=reporter.session is not None,
    )
