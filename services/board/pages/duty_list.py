"""The duty list: what is late, what falls due within the hour and later today, and whose it is."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.board.asking import cases_by_reference, counts, firms, worklist
from services.board.client import Api, Refused
from services.board.frame import ROOT, go_on, keep, kept, page, part, unless_known
from services.board.pages.cases import reference_of
from services.board.people import NotHere, Officer
from services.board.presenting.duty_list import (
    DUE_TODAY,
    FILTERS,
    TITLES,
    WIDER,
    Picture,
    Show,
    heading,
    tables,
    tables_in_place,
    title,
)
from services.board.presenting.times import clock, moment, parsed
from services.board.signin import Session, checked_form
from services.board.state import state_of

router = APIRouter(prefix=ROOT)

NOT_THERE = 404
SHOWN = "shown"
LOOKED = "looked"
COUNTED = (Show.MINE, Show.TEAM, Show.NOBODY)
REFRESHED = 50
"""Rows of a group that a refresh reads: more than are shown, so that one pushed down is not thought gone."""

AWAY = timedelta(minutes=30)
"""After so long without a look what has come since is new."""

WEEK_SECONDS = 7 * 24 * 3600


@router.get("/list")
async def read_duty_list(
    request: Request,
    officer: Officer,
    show: Show = Show.TEAM,
    due: Literal["late", "within_hour", "today", "later"] | None = None,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    choose: bool = False,
) -> Response:
    """The cases to be worked, in the API's order; `due` shows one group alone, page by page."""
    api, looked = state_of(request).api(officer.token), looked_before(request)
    more = {name: value for name, value in (("due", due), ("cursor", cursor)) if value}
    first, others = await asyncio.gather(
        worklist(api, FILTERS[show], **more), _counted(api, [each for each in COUNTED if each is not show])
    )
    picture = await _picture(api, show, first.body, looked)
    answer = page(
        request,
        "duty_list.html",
        picture.title,
        picture=picture,
        navigated=sub_navigation(show, {**others, show: first.body["counts"]}),
        wider=(TITLES[WIDER[show]], WIDER[show]),
        looked=moment(looked, picture.as_of) if looked else "",
        team=team(officer),
        refresh="" if due or choose else _refresh_address(request, picture),
        key=uuid4().hex,
        firms=await firms(api) if choose else (),
        later=await _next_later(api) if picture.is_empty else None,
        choose=choose,
        is_part=due is not None,
    )
    _note_look(request, answer, picture.as_of)
    return answer


@router.get("/list/rows")
async def refresh_rows(
    request: Request, officer: Officer, show: Show, shown: Annotated[str, Query(max_length=6000)]
) -> Response:
    """The rows as they are now, each in the place where it is shown; what is new waits in a bar."""
    before = state_of(request).sealer.open(SHOWN, shown)
    if before is None:
        raise NotHere
    api, order = state_of(request).api(officer.token), before["order"]
    references = {each for references in order.values() for each in references}
    listed, cases, others = await asyncio.gather(
        worklist(api, FILTERS[show], limit=REFRESHED),
        cases_by_reference(api, references),
        _counted(api, [each for each in COUNTED if each is not show]),
    )
    body = listed.body
    found, new = tables_in_place(order, body, cases, looked_before(request))
    picture = _of(show, body, found, new)
    answer = part(
        request,
        "duty_list_rows.html",
        picture=picture,
        navigated=sub_navigation(show, {**others, show: body["counts"]}),
        since=clock(parsed(before["as_of"])),
        refresh=_address(show, shown),
        choose=False,
        session=officer,
    )
    return unless_known(request, answer)


@router.post("/list/told")
async def mark_told(request: Request, officer: Officer) -> Response:
    """Say that this officer knows what nobody could be told about a case, and go on to the list."""
    form = await checked_form(request)
    row, key, came_from = (str(form.get(name, "")) for name in ("row", "key", "from"))
    reference, said = reference_of(row), "Noted: you know of it."
    try:
        api = state_of(request).api(officer.token)
        await api.post(f"/v1/worklist/{reference}/told", {}, key=f"{key[:40]}-told-{reference}")
    except Refused as refused:
        if refused.status != NOT_THERE:
            raise
        said = "Somebody has seen to it already."
    show = came_from if came_from in list(Show) else Show.TEAM
    return go_on(request, f"{ROOT}/list?show={show}", said)


async def _counted(api: Api, shows: Sequence[Show]) -> dict[Show, Mapping[str, int] | None]:
    found = await asyncio.gather(*(counts(api, FILTERS[each]) for each in shows))
    return dict(zip(shows, found, strict=True))


def looked_before(request: Request) -> datetime | None:
    """The instant of the last look at the list before this one, if any."""
    known = kept(request, LOOKED, WEEK_SECONDS)
    return parsed(known["before"]) if known and known["before"] else None


def _note_look(request: Request, answer: Response, now: datetime) -> None:
    known = kept(request, LOOKED, WEEK_SECONDS) or {"at": None, "before": None}
    if known["at"] and now - parsed(known["at"]) > AWAY:
        known["before"] = known["at"]
    keep(request, answer, LOOKED, {**known, "at": now.isoformat()}, WEEK_SECONDS)


async def _picture(api: Api, show: Show, body: Mapping[str, Any], looked: datetime | None) -> Picture:
    cases = await cases_by_reference(api, (item["reference"] for item in body["items"]))
    return _of(show, body, tables(show, body, cases, looked), 0)


def _of(show: Show, body: Mapping[str, Any], found: Any, waiting: int) -> Picture:
    return Picture(
        show=show,
        as_of=parsed(body["as_of"]),
        heading=heading(body["counts"]),
        title=title(body["counts"]),
        tables=found,
        following=body["next"] or "",
        waiting=waiting,
    )


async def _next_later(api: Api) -> Mapping[str, Any] | None:
    """The promise that falls due next, for a list on which nothing is due today."""
    answer = await api.part("/v1/worklist", {"due": "later", "limit": 1})
    if answer is None or not answer.body["items"]:
        return None
    due_at = parsed(answer.body["items"][0]["next_deadline"]["due_at"])
    return {"count": answer.body["counts"]["later"], "due_at": due_at}


def sub_navigation(
    show: Show, counted: Mapping[Show, Mapping[str, int] | None]
) -> list[tuple[str, str, bool]]:
    """The parts of the list, with the number that is due in each as far as it is known."""
    found = []
    for each, name in TITLES.items():
        known = counted.get(each) if each in COUNTED else None
        number = f" ({sum(known[group] for group in DUE_TODAY)})" if known else ""
        found.append((f"{name}{number}", f"{ROOT}/list?show={each}", each is show))
    return found


def team(officer: Session) -> str:
    """The officer's team in words."""
    if len(officer.departments) == 1:
        return f"{next(iter(officer.departments)).capitalize()} team"
    return "All your teams"


def _refresh_address(request: Request, picture: Picture) -> str:
    shown = {"order": picture.order, "as_of": picture.as_of.isoformat()}
    return _address(picture.show, state_of(request).sealer.seal(SHOWN, shown))


def _address(show: Show, sealed: str) -> str:
    return f"{ROOT}/list/rows?show={show}&shown={sealed}"
