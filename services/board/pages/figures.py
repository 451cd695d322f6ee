"""Figures and promises: how each was kept in a month, the cases behind a number, and what was promised."""

import asyncio
from collections.abc import Mapping
from itertools import groupby
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.board.asking import MANY, cases_by_reference
from services.board.client import Api
from services.board.frame import ROOT, Link, page
from services.board.people import NotHere, Officer
from services.board.presenting import figures
from services.board.presenting.cases import Case, InWords, in_words
from services.board.presenting.figures import MONTH, Month, Row
from services.board.presenting.times import day_of, parsed
from services.board.state import state_of

router = APIRouter(prefix=ROOT)

FIGURES, MEASURES = f"{ROOT}/figures", "/v1/performance/measures"
Chosen = Annotated[str | None, Query(pattern=MONTH)]
By = Literal["department"] | None
STATES = {"late": "met late", "breached": "late and still open", "running": "running"}


@router.get("/figures")
async def read_figures(request: Request, officer: Officer, month: Chosen = None, by: By = None) -> Response:
    """The promises that began in a month, this one unless given, as a table, and the Regulator's measures."""
    chosen, api = _month(request, month), state_of(request).api(officer.token)
    answer, words, measures = await asyncio.gather(
        api.get("/v1/performance", _query(chosen, by)),
        promises(api),
        api.part(MEASURES, {"year": chosen.reporting_year}),
    )
    return page(
        request,
        "figures.html",
        f"Figures for {chosen}",
        month=chosen,
        is_last=chosen == _month(request, None),
        by=by or "",
        rows=figures.rows(answer.body, words),
        shares=figures.shares(answer.body),
        measures={**measures.body, "rows": figures.measures(measures.body)} if measures else None,
        states=STATES,
    )


@router.get("/figures.csv")
async def download_figures(
    request: Request, officer: Officer, month: Chosen = None, by: By = None
) -> Response:
    """The same table as a file."""
    chosen, api = _month(request, month), state_of(request).api(officer.token)
    answer, words = await asyncio.gather(api.get("/v1/performance", _query(chosen, by)), promises(api))
    table: list[Row] = figures.rows(answer.body, words)
    name = f"promises-{chosen.value}.csv"
    return Response(
        figures.as_csv(table),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/figures/cases")
async def read_cases_behind(
    request: Request,
    officer: Officer,
    standard: Annotated[str, Query(max_length=200)],
    state: Literal["late", "breached", "running"],
    month: Chosen = None,
    department: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """The cases behind a number: the promises of one standard that began in a month and are in that state."""
    api, chosen = state_of(request).api(officer.token), _month(request, month)
    behind = {"standard": standard, "state": state, **({"department": department} if department else {})}
    query: dict[str, str | int] = {**behind, **_query(chosen, None), "limit": MANY}
    if cursor:
        query["cursor"] = cursor
    answer, words = await asyncio.gather(api.get("/v1/deadlines", query), promises(api))
    items = answer.body["items"]
    cases = await cases_by_reference(api, (each["reference"] for each in items))
    return page(
        request,
        "figures_cases.html",
        f"Cases {STATES[state]}",
        back=Link("Figures", f"{FIGURES}?month={chosen.value}{'&by=department' if department else ''}"),
        month=chosen,
        promise=words.get(standard, standard),
        state=STATES[state],
        deadlines=[
            (each["reference"], _words(cases, each["reference"]), parsed(each["due_at"])) for each in items
        ],
        next=answer.body["next"],
        query=urlencode({**behind, "month": chosen.value}),
    )


@router.get("/figures/measure")
async def read_cases_behind_measure(
    request: Request,
    officer: Officer,
    measure: Annotated[str, Query(alias="id", max_length=40)],
    year: Annotated[int, Query(ge=1990, le=2099)],
    after: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The cases behind one of the Regulator's measures, in the order of their references."""
    api = state_of(request).api(officer.token)
    answer = (await api.get(MEASURES, {"year": year})).body
    found = next((each for each in answer["items"] if each["measure"] == measure), None)
    if found is None:
        raise NotHere
    left = [reference for reference in found["cases"] if reference > after]
    shown = left[:MANY]
    words = await cases_by_reference(api, shown)
    return page(
        request,
        "measure.html",
        found["title"],
        back=Link("Figures", FIGURES),
        measure=figures.measure_in_words(found),
        year=year,
        cases=[(each, _words(words, each), each in found["kept"]) for each in shown],
        following=shown[-1] if len(left) > MANY else "",
        address=f"{FIGURES}/measure?{urlencode({'id': measure, 'year': year})}",
    )


@router.get("/standards")
async def read_standards(request: Request, officer: Officer) -> Response:
    """Every promise in force, by who made it."""
    answer = await state_of(request).api(officer.token).get("/v1/standards")
    today = day_of(state_of(request).clock()).isoformat()
    in_force = [each for each in answer.body["items"] if _is_in_force(each, today)]
    grouped = groupby(sorted(in_force, key=lambda each: str(each["regime"])), key=lambda each: each["regime"])
    return page(
        request,
        "standards.html",
        "Our promises",
        back=Link("Figures", FIGURES),
        regimes=[(regime, list(promised)) for regime, promised in grouped],
        count=len(in_force),
    )


def _words(cases: Mapping[str, Case], reference: str) -> InWords | None:
    """A case in words; None for one of a service that gave no answer."""
    return in_words(cases[reference]) if reference in cases else None


async def promises(api: Api) -> dict[str, str]:
    """The words of every promise by its id; none where they cannot be had."""
    answer = await api.part("/v1/standards")
    return {each["standard"]: each["promise"] for each in answer.body["items"]} if answer else {}


def _month(request: Request, month: str | None) -> Month:
    today = day_of(state_of(request).clock())
    return Month.of(today.fromisoformat(f"{month}-01") if month else today)


def _query(month: Month, by: By) -> dict[str, str]:
    period = {"from": month.first.isoformat(), "to": month.last.isoformat()}
    return {**period, "by": by} if by else period


def _is_in_force(standard: dict[str, Any], today: str) -> bool:
    until = standard["in_force_until"]
    return bool(standard["in_force_from"] <= today and (until is None or today <= until))
