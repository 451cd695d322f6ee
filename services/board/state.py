"""State of the board while it runs: opened once at start-up, found by every page."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from fastapi import Request

from services.board.assets import Assets
from services.board.client import Api
from services.board.machine import MachineClient
from services.board.sealing import Sealer
from services.board.settings import BoardSettings
from shared.clock import Clock, system_clock
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class BoardState:
    """The needs of pages: the way to the public API, and no data of their own.

    `demo_persons` are the clients with which one may try the board out; none outside of `make run`.
    """

    settings: Settings
    own: BoardSettings
    http: httpx.AsyncClient
    assets: Assets
    sealer: Sealer
    machine: MachineClient
    demo_persons: Sequence[str] = ()
    clock: Clock = system_clock

    def api(self, token: str = "") -> Api:
        """The public API for whoever has this token."""
        return Api(self.http, token)


def state_of(request: Request) -> BoardState:
    """The state of the application that a request came to."""
    state: BoardState = request.app.state.board
    return state
