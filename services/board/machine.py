"""The machine client of pages that need no sign-in: it reports and follows for people, and may do no more."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.board.client import SECONDS, Api, Refused, Unanswered
from services.board.settings import BoardSettings
from shared.clock import Clock

DEMO_CLIENT, DEMO_SECRET = "demo-frontend", "demo"
SPARE = timedelta(seconds=60)
"""A token that ends within this is renewed before a page needs it."""

NO_TOKEN = 401


class MachineClient:
    """The client of role `frontend` that the settings name; where there are demo persons, theirs."""

    def __init__(
        self, http: httpx.AsyncClient, settings: BoardSettings, demo_persons: Sequence[str], clock: Clock
    ) -> None:
        demo = (DEMO_CLIENT, DEMO_SECRET) if demo_persons else ("", "")
        own = settings.frontend_id, settings.frontend_secret
        self._credentials = own if settings.frontend_id else demo
        self._http = http
        self._clock = clock
        self._token = ""
        self._ends_at: datetime | None = None

    async def api(self) -> Api:
        """The API for whoever has not signed in; raises Unanswered where no token is to be had."""
        if self._ends_at is None or self._clock() > self._ends_at - SPARE:
            await self.renew()
        return _RenewingApi(self._http, self._token, self)

    async def renew(self) -> str:
        """A new token by the client's secret; raises Unanswered."""
        form = {"grant_type": "client_credentials"}
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._http.post("/v1/token", data=form, auth=self._credentials)
            granted = answer.raise_for_status().json()
        except (httpx.HTTPError, TimeoutError) as failure:
            raise Unanswered(type(failure).__name__) from failure
        self._token = str(granted["access_token"])
        self._ends_at = self._clock() + timedelta(seconds=int(granted["expires_in"]))
        return self._token


class _RenewingApi(Api):
    """The API with a token that is renewed once it is refused: keys are changed before tokens end."""

    def __init__(self, http: httpx.AsyncClient, token: str, machine: MachineClient) -> None:
        super().__init__(http, token)
        self._machine = machine

    async def _sent(self, method: str, path: str, seconds: float, **request: Any) -> httpx.Response:
        try:
            return await super()._sent(method, path, seconds, **request)
        except Refused as refused:
            if refused.status != NO_TOKEN:
                raise
        self._token = await self._machine.renew()
        return await super()._sent(method, path, seconds, **request)
