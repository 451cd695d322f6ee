"""The frame of every page: navigation by role, search, back link, banner and footer."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from starlette.responses import Response

from services.board.state import BoardState, state_of

BANNER = "banner"
BANNER_SECONDS = 120
ROOT = "/board"


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the frame of a page."""

    text: str
    href: str


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
    return environment


TEMPLATES = templates()


def page(
    request: Request, template: str, title: str, *, status: int = 200, back: Link | None = None, **values: Any
) -> HTMLResponse:
    """A page in its frame; `title` is what its tab says, before the council's name."""
    state = state_of(request)
    banner = state.sealer.open(BANNER, request.cookies.get(BANNER), BANNER_SECONDS)
    content = TEMPLATES.get_template(f"board/{template}").render(
        title=title,
        council=state.settings.council,
        phone=state.own.phone,
        asset=state.assets.url,
        back=back,
        banner=banner,
        now=state.clock(),
        **values,
    )
    answer = HTMLResponse(content, status)
    if banner:
        answer.delete_cookie(BANNER, path=ROOT)
    return answer


def part(request: Request, template: str, **values: Any) -> HTMLResponse:
    """A part of a page, which a script puts in the place of the one that is shown."""
    return HTMLResponse(
        TEMPLATES.get_template(f"board/{template}").render(now=state_of(request).clock(), **values)
    )


def go_on(request: Request, to: str, banner: str = "") -> Response:
    """Send the browser on to another page after an act, with what happened in a green banner there."""
    answer = RedirectResponse(to, 303)
    if banner:
        keep(request, answer, BANNER, banner, BANNER_SECONDS)
    return answer


def keep(request: Request, answer: Response, name: str, value: Any, seconds: int) -> None:
    """Keep a value in the browser, sealed, for the pages of the board alone."""
    answer.set_cookie(
        name,
        state_of(request).sealer.seal(name, value),
        max_age=seconds,
        path=ROOT,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def kept(request: Request, name: str, seconds: int) -> Any:
    """What was kept in the browser under that name, or None."""
    state: BoardState = state_of(request)
    return state.sealer.open(name, request.cookies.get(name), seconds)
