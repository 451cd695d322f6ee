"""The frame of every page: navigation by role, search, back link, banner and footer."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from starlette.responses import Response

from services.board.presenting import times
from services.board.presenting.ops import span
from services.board.signin import Session, current, form_token, reader_mark, sign_in_of
from services.board.state import state_of
from shared.caller import Role
from shared.http.conditional import is_not_modified
from shared.telemetry import request_id

BANNER = "banner"
BANNER_SECONDS = 120
WITH_SUMMARY = frozenset({409, 412, 422})
"""The statuses of pages with an error summary: a green banner waits for the next page."""

ROOT = "/board"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the navigation; with a `department` it is for those who work in that one."""

    text: str
    href: str
    department: str = ""


NAVIGATION: Mapping[Role, tuple[Link, ...]] = {
    Role.OFFICER: (
        Link("Duty list", f"{ROOT}/list"),
        Link("Find a case", f"{ROOT}/search"),
        Link("Round", f"{ROOT}/round", "estates"),
        Link("Figures", f"{ROOT}/figures"),
        Link("Calendar", f"{ROOT}/calendar"),
    ),
    Role.CONTRACTOR: (Link("My day", f"{ROOT}/day"),),
    Role.OPS: (Link("How it runs", f"{ROOT}/ops"),),
    Role.RESIDENT: (Link("My cases", f"{ROOT}/mine"), Link("Report a problem", f"{ROOT}/report")),
}
"""The links of each role, to pages that it can open and to no other."""

INBOXES: Mapping[Role, Link] = {
    Role.OFFICER: Link("What you were told", f"{ROOT}/notices"),
    Role.RESIDENT: Link("Letters to you", f"{ROOT}/mine/letters"),
}
"""The link to what somebody was sent, by their role; it stands at the foot of each page."""


def templates() -> Environment:
    """The board's own templates, and GOV.UK's macros, which lean on undefined names being empty."""
    environment = Environment(
        loader=PrefixLoader(
            {
                "board": PackageLoader("services.board", "templates"),
                "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
            }
        ),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["root"] = ROOT
    environment.filters["clock"] = times.clock
    environment.filters["span"] = span
    return environment


TEMPLATES = templates()


def page(
    request: Request, template: str, title: str, *, status: int = 200, back: Link | None = None, **values: Any
) -> HTMLResponse:
    """A page in its frame; `title` is what its tab says, before the council's name."""
    state, session = state_of(request), current(request)
    banner = "" if status in WITH_SUMMARY else kept(request, BANNER, BANNER_SECONDS)
    frame = {
        "title": title,
        "council": state.settings.council,
        "phone": state.own.phone,
        "session": session,
        "session_at": f"{ROOT}/session?of={reader_mark(request)}",
        "navigation": navigation(session, request.scope["path"]),
        "asset": state.assets.url,
        "back": back,
        "banner": banner,
        "csrf": form_token(request),
        "inbox": next((link for role, link in INBOXES.items() if session and role in session.roles), None),
    }
    times_in_words = _in_time(state.clock())
    content = TEMPLATES.get_template(f"board/{template}").render({**frame, **times_in_words, **values})
    answer = HTMLResponse(content, status)
    if banner:
        sign_in_of(request).cookies.forget(answer, request.cookies, BANNER)
    return answer


def part(request: Request, template: str, **values: Any) -> HTMLResponse:
    """A part of a page, which a script puts in the place of the one that is shown."""
    now = _in_time(state_of(request).clock())
    return HTMLResponse(TEMPLATES.get_template(f"board/{template}").render(**now, **values))


def unless_known(request: Request, answer: HTMLResponse) -> Response:
    """The answer, tagged by its content; 304 to whoever has this content already."""
    answer.headers["ETag"] = f'W/"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    if is_not_modified(answer, request.headers.get("if-none-match")):
        return Response(status_code=304, headers={"ETag": answer.headers["ETag"]})
    return answer


def _in_time(now: datetime) -> Mapping[str, Any]:
    """The time of the page, and how it says instants: `due(at)`, `moment(at)`, `in_full(at)` on paper."""
    said = {name: partial(getattr(times, name), now=now) for name in ("due", "moment", "in_full")}
    return {"now": now, **said}


def navigation(session: Session | None, path: str) -> list[Mapping[str, Any]]:
    """The links of the Service navigation, the current one marked."""
    links = _links(session) if session else ()
    return [
        {
            "text": link.text,
            "href": link.href,
            "active": path == link.href or path.startswith(f"{link.href}/"),
        }
        for link in links
    ]


def _links(session: Session) -> list[Link]:
    own = [link for role, links in NAVIGATION.items() if role in session.roles for link in links]
    return [link for link in own if not link.department or link.department in session.departments]


def go_on(request: Request, to: str, banner: str = "") -> Response:
    """Send the browser on to another page after an act, with what happened in a green banner there."""
    answer = RedirectResponse(to, 303)
    if banner:
        keep(request, answer, BANNER, banner, BANNER_SECONDS)
    return answer


def keep(request: Request, answer: Response, name: str, value: Any, seconds: int) -> None:
    """Keep a value in the browser, sealed, for the pages of the board alone."""
    sign_in_of(request).cookies.keep(answer, request.cookies, name, value, seconds)


def with_number(said: str) -> str:
    """Words about an act of which nobody knows the outcome, with the number by which the log finds it."""
    return f"{said} If you ring, say this number: {request_id.get()}"


def kept(request: Request, name: str, seconds: int) -> Any:
    """The value that was kept in the browser under that name, or None."""
    return sign_in_of(request).cookies.read(request.cookies, name, seconds)
