"""A caretaker's round: its sheet, and ticks from a phone or from paper."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.board.acts.rounds import KINDS, PARTS, ticks_of
from services.board.client import Unanswered
from services.board.frame import ROOT, Link, go_on, page, with_number
from services.board.pages.queueing import Items, batched, key_of, mark_of, sender, worker
from services.board.people import Officer
from services.board.presenting.rounds import Card, cards, heading
from services.board.presenting.times import day_of
from services.board.signin import Session, checked_form
from services.board.state import state_of

router = APIRouter(prefix=f"{ROOT}/round")

HERE = f"{ROOT}/round"
ROUNDS, TICKS = "/v1/estates/rounds", "/v1/estates/rounds/ticks"
LONDON = ZoneInfo("Europe/London")
ONE_TIME = "at"
DONE = (200, 201)
UNKNOWN = "We do not know whether that was saved. Press again: it cannot happen twice."

On = Annotated[date | None, Query()]
Whose = Annotated[str, Query(pattern="^(mine|all)$")]


@router.get("")
async def read_round(request: Request, officer: Officer, on: On = None, whose: Whose = "mine") -> Response:
    """The round of a day: printed as a sheet, on a phone a card a site."""
    return await _show(request, officer, "round.html", on, whose)


@router.get("/paper")
async def read_paper(request: Request, officer: Officer, on: On = None, whose: Whose = "mine") -> Response:
    """The same round, to tick what was done on paper."""
    return await _show(request, officer, "round_paper.html", on, whose, back=Link("Back to the round", HERE))


@router.post("/paper")
async def tick(request: Request, officer: Officer) -> Response:
    """Ticks of a sheet or of a phone without script, with what became of each."""
    form = await checked_form(request)
    day, whose = str(form.get("on", "")), str(form.get("whose", "mine"))
    times, wrong = _times(form)
    ticks = ticks_of(_ticked(form), times)
    on = _day(day)
    words = _missing(ticks, wrong=wrong)
    if words:
        return await _show(request, officer, "round_paper.html", on, whose, errors=[words], form=form)
    try:
        answer = await state_of(request).api(officer.token).post(TICKS, {"ticks": ticks}, key=key_of(form))
    except Unanswered:
        return await _show(
            request, officer, "round_paper.html", on, whose, errors=[with_number(UNKNOWN)], form=form
        )
    refused = [each for each in answer.body["results"] if each["status"] not in DONE]
    if not refused:
        return go_on(request, f"{HERE}?on={day}&whose={whose}", "All of it is noted.")
    names = {card.reference: card.where for card in await _cards(request, officer, on, whose)}
    errors = [_refusal(each, names) for each in refused]
    return await _show(request, officer, "round_paper.html", on, whose, errors=errors, form=form, key="")


@router.get("/worker.js")
async def read_worker(request: Request) -> Response:
    """The service worker of the pages of the round."""
    return worker(request, HERE)


@router.get("/queue")
async def read_sender(request: Request, officer: Officer) -> Response:
    """The person whose queue may be sent now."""
    return sender(request, officer)


@router.post("/queue/ticks")
async def send_ticks(request: Request, officer: Officer) -> Response:
    """Ticks of any sites, in one batch: one item for all the parts of one."""
    return await batched(request, officer, TICKS, _batch)


def _batch(items: Items) -> Mapping[str, Any]:
    """One tick for each item, so that each is answered in its place."""
    ticks: list[Mapping[str, Any]] = []
    for item in items:
        made = ticks_of(item.get("ticks", "").split(), {"": item.get("occurred_at", "")})
        ticks.append(made[0] if made else {})
    return {"ticks": ticks}


async def _cards(request: Request, officer: Session, on: date | None, whose: str) -> Sequence[Card]:
    state = state_of(request)
    query = {
        "on": (on or day_of(state.clock())).isoformat(),
        **({"caretaker": "me"} if whose != "all" else {}),
    }
    answer = await state.api(officer.token).get(ROUNDS, query)
    return cards(answer.body["items"], state.clock())


async def _show(
    request: Request,
    officer: Session,
    template: str,
    on: date | None,
    whose: str,
    *,
    errors: Sequence[str] = (),
    form: FormData | None = None,
    key: str | None = None,
    back: Link | None = None,
) -> Response:
    """The page; what is sent again after an answer is another attempt, with a `key` of its own."""
    today = day_of(state_of(request).clock())
    day = on or today
    title = heading(day, today)
    return page(
        request,
        template,
        f"Error: {title}" if errors else title,
        status=422 if errors else 200,
        back=back,
        heading=title,
        cards=await _cards(request, officer, day, whose),
        parts=PARTS,
        kinds=KINDS,
        on=day.isoformat(),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        is_today=day == today,
        whose=whose,
        errors=errors,
        ticked=set(_ticked(form)) if form else set(),
        typed=form or {},
        key=(key_of(form) if form and key is None else "") or uuid4().hex,
        person=mark_of(officer),
        queue=f"{HERE}/queue",
    )


def _ticked(form: FormData) -> list[str]:
    """The names of what was ticked; "All of it" stands for the parts that were offered, and no others."""
    ticked = [str(each) for each in form.getlist("tick")]
    for offered in form.getlist("all"):
        ticked += str(offered).split()
    return ticked


def _times(form: FormData) -> tuple[Mapping[str, str], bool]:
    """The instants that were written, by reference; and if one of them is no time of day."""
    day, times = _day(str(form.get("on", ""))), {}
    wrong = False
    for name, value in form.multi_items():
        field, _, reference = name.partition("-")
        if field == ONE_TIME and isinstance(value, str) and value.strip() and day:
            try:
                at = datetime.strptime(value.strip(), "%H:%M").replace(tzinfo=LONDON)
            except ValueError:
                wrong = True
                continue
            local = datetime.combine(day, at.time(), LONDON)
            times[reference] = f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return times, wrong


def _missing(ticks: Sequence[Mapping[str, Any]], *, wrong: bool) -> str:
    """The one thing to put right before ticks from paper are sent; empty where there is none.

    Without a time a tick that is sent once more would be another clean.
    """
    if wrong:
        return "Write each time as 7:12 or 14:30."
    if not ticks:
        return "Tick what was done."
    if not all("occurred_at" in tick for tick in ticks):
        return "Write when it was done: one time for all, or one for each."
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refusal(result: Mapping[str, Any], names: Mapping[str, str]) -> str:
    problem = result.get("problem") or {}
    why = [each["detail"] for each in problem.get("errors") or ()] or [str(problem.get("detail", ""))]
    return f"{names.get(result['reference'], 'One of them')}: {' '.join(why)}"
