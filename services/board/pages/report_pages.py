"""Pages of a report: a step with its questions, the check of all answers, and the answer that we give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from fastapi import Request
from starlette.responses import Response

from services.board.acts.forms import Field, Kind as Asks
from services.board.acts.reading import Errors
from services.board.client import Api
from services.board.frame import page
from services.board.pages.safety import TITLE
from services.board.people import NotHere
from services.board.presenting.cases import named
from services.board.presenting.own_cases import homes, promised, takes_photos, visit_of
from services.board.reporting.answers import Answers
from services.board.reporting.common import HOME
from services.board.reporting.questions import Step
from services.board.reporting.repairs import FAULT
from services.board.signin import Session, current, shorten
from services.board.state import state_of
from shared.caller import Role
from shared.telemetry import request_id

ANSWERS, BOOKING = "answers", "booking"
INVALID = 422
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
    """The reporter, with the API that they have: their own, or that of the machine client."""

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


def field_name(index: int) -> str:
    """The name of a field in the page: it says nothing, so that no browser keeps or offers what was typed."""
    return f"q{index}"


async def ask(
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
    number = max(1, min(number, len(answers.steps) + 1)) if answers.kind else 1
    frame: dict[str, Any] = {
        "answers": state_of(request).sealer.seal(ANSWERS, answers.as_json()),
        "number": number,
        "private": is_private,
        "trouble": trouble,
        "trace_id": request_id.get(),
        "status": trouble or (INVALID if errors else 200),
    }
    if number > len(answers.steps):
        return await _check(request, reporter, answers, errors or {}, frame)
    return await _step(request, reporter, answers, errors or {}, frame)


async def _step(
    request: Request, reporter: Reporter, answers: Answers, errors: Errors, frame: Mapping[str, Any]
) -> Response:
    """The questions of one step; the names of their fields say nothing."""
    step = answers.steps[frame["number"] - 1]
    options = await _options(reporter, answers, step)
    fields = [field for field in step.fields if field.name != HOME or options.get(HOME)]
    at = {field.name: field_name(step.fields.index(field)) for field in fields}
    fills_in = not (frame["private"] or reporter.by_officer)
    return page(
        request,
        "report.html",
        TITLE,
        step=step,
        fields=[replace(field, name=at[field.name]) for field in fields],
        typed={at[name]: answers.typed.get(name, ()) for name in at},
        options={at[name]: some for name, some in options.items() if name in at},
        errors={at.get(name, ""): said for name, said in errors.items()},
        autofill={at[name]: token for name, token in AUTOFILL.items() if fills_in and name in at},
        **frame,
    )


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
    request: Request, reporter: Reporter, answers: Answers, errors: Errors, frame: Mapping[str, Any]
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
    return page(request, "report_check.html", TITLE, rows=rows, usual=usual, errors=errors, **frame)


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


def what_is_shown(request: Request, case: Mapping[str, Any], answers: Answers) -> Mapping[str, Any]:
    """The part of an accepted report that its answer page shows."""
    assert answers.kind is not None
    is_signed_in = current(request) is not None
    return {
        "reference": case["reference"],
        "named": named(case),
        "private": answers.kind.private,
        "promised": promised(case, state_of(request).clock()),
        "offers": offers_in_words(request, case.get("appointment_offers") or ()),
        "visit": "",
        "photos": 0,
        "takes_photos": takes_photos(case) and (is_signed_in or not answers.kind.private),
        "key": uuid4().hex,
    }


def offers_in_words(request: Request, offers: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    now = state_of(request).clock()
    return {each["slot_id"]: visit_of(each, now) for each in offers}


def done(
    request: Request,
    shown: Mapping[str, Any],
    reporter: Reporter,
    status: int = 200,
    errors: Errors | None = None,
) -> Response:
    """The answer page; what it shows travels on in it, for the choice of a time and for photos."""
    return page(
        request,
        "report_done.html",
        TITLE,
        status=status,
        shown=shown,
        private=shown["private"],
        errors=errors or {},
        booking=state_of(request).sealer.seal(BOOKING, shown),
        by_officer=reporter.by_officer,
        is_signed_in=reporter.session is not None,
    )
