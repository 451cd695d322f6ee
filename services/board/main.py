"""The board as an application: `python -m deploy.serve services.board.main:app 8108`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from services.board.assets import Assets
from services.board.frame import ROOT
from services.board.large_forms import ShortenedForms, refuse_too_much
from services.board.machine import MachineClient
from services.board.pages import (
    acts,
    calendar,
    case_photos,
    cases,
    day,
    duty_list,
    figures,
    health,
    mine,
    notices,
    ops,
    own_acts,
    own_photos,
    problems,
    report,
    round_reports,
    rounds,
    safety,
    search,
    several,
    sign_in,
    start,
    track,
)
from services.board.protection import LastResort, ProtectiveHeaders
from services.board.sealing import Sealer
from services.board.settings import BoardSettings
from services.board.signin import Sessions, SignIn, SignInSettings
from services.board.state import BoardState
from shared.clients.tls import tls
from shared.clock import system_clock
from shared.http.middleware import HeadByGet, RequestContext
from shared.settings import Settings, from_environment
from shared.startup import configured_settings

ASSETS = f"{ROOT}/assets"
PAGES = (
    start.router,
    sign_in.router,
    duty_list.router,
    several.router,
    search.router,
    day.router,
    rounds.router,
    round_reports.router,
    cases.router,
    case_photos.router,
    figures.router,
    calendar.router,
    ops.router,
    safety.router,
    report.router,
    track.router,
    notices.router,  # before those of a case: its letters are no case
    mine.router,
    own_photos.router,
    own_acts.router,
    acts.router,  # after all others below a case: an act may have any name
)


class Board:
    """The pages and what they need while they are served."""

    def __init__(
        self,
        settings: Settings | None,
        transport: httpx.AsyncBaseTransport | None,
        demo_persons: Sequence[str],
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._demo_persons = demo_persons
        self._assets = Assets(ASSETS)
        self.pages = create_pages(self)
        self._sessions = Sessions(self.pages, self._signing_in)
        self._entrance = RequestContext(ProtectiveHeaders(self._route), "board")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        entrance = self._entrance if scope["type"] == "http" else self.pages
        await entrance(scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asset = scope["path"].startswith(f"{ASSETS}/")
        await (self._assets if is_asset else self._sessions)(scope, receive, send)

    def _signing_in(self) -> SignIn:
        found: SignIn = self.pages.state.sign_in
        return found

    @asynccontextmanager
    async def running(self, _: Any = None) -> AsyncIterator[None]:
        """Everything that pages need, as long as they are served; a server's lifespan comes here too."""
        settings = self._settings or configured_settings()
        own = BoardSettings()
        sealer = Sealer(own.secret)
        async with (
            httpx.AsyncClient(base_url=settings.gateway_url, verify=tls(), transport=self._transport) as http,
            SignIn.opened(settings, sealer, http, self._demo_persons, system_clock) as sign_in,
        ):
            self.pages.state.sign_in = sign_in
            self.pages.state.board = BoardState(
                settings=settings,
                own=own,
                http=http,
                assets=self._assets,
                sealer=sealer,
                machine=MachineClient(http, own, self._demo_persons, system_clock),
                demo_persons=self._demo_persons,
            )
            yield


def create_pages(board: Board) -> FastAPI:
    """The routes of all pages; `board.running` must have set their state before the first request."""
    pages = FastAPI(
        lifespan=board.running,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # a trace would tell what people typed; our own logs and metrics do not
        telemetry={"tracing": False, "metrics": False, "logs": False},
        redirect_slashes=False,
        dependencies=[Depends(refuse_too_much)],
    )
    problems.install(pages)
    pages.include_router(health.router)
    for router in PAGES:
        pages.include_router(router)
    pages.add_middleware(ShortenedForms)
    pages.add_middleware(HeadByGet)
    pages.add_middleware(LastResort, page=lambda scope: problems.unexpected({**scope, "app": pages}))
    # of what is compressed no part is both secret and repeated: each form has a token of its own
    pages.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)
    return pages


def check_settings() -> None:
    """Find settings of the board alone with which it could not be served; raises BadSettings."""
    from_environment(BoardSettings)
    from_environment(SignInSettings)


def create_app(
    settings: Settings | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    demo_persons: Sequence[str] = (),
) -> Board:
    """The board; without `settings` it reads the environment when it starts.

    `transport` leads to a gateway in this same process. `demo_persons` are clients whose secret is `demo`.
    """
    return Board(settings, transport, demo_persons)


app = create_app
