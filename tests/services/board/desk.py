"""The desk of somebody in a house: its API, and its board as their browser has it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Self

import httpx

from gateway.application import Gateway
from services.board.main import Board, create_app
from shared.settings import Settings
from tests.gateway.serving import token
from tests.support.eventually import eventually

OFFICER, SECOND_OFFICER = "demo-officer", "demo-officer-2"
ASB_OFFICER, RESIDENT, OPS = "demo-asb-officer", "demo-resident", "demo-ops"
FIRM = "demo-contractor"
DEMO = (OFFICER, SECOND_OFFICER, ASB_OFFICER, RESIDENT, OPS, FIRM)

CONTACT = {"name": "Sam Jones", "email": "sam@example.org", "phone": "01632 960001"}
REPORT: Mapping[str, Any] = {
    "property": {"address": "Flat 2, 14 Example Road", "postcode": "RM1 1AA"},
    "fault": "total-loss-of-water",
    "description": "No water since this morning",
    "channel": "phone",
    "contact": CONTACT,
}


class Way(httpx.ASGITransport):
    """The way to a gateway, which counts what is asked, cuts off some paths, and may lose an answer.

    With `short_pages` the API gives so many items a page, however many are asked for.
    `instead` is a method with the status and the problem that stand in the place of the gateway's answers.
    """

    def __init__(self, gateway: Gateway, cut: str = "") -> None:
        super().__init__(gateway)
        self.asked: list[str] = []
        self.cut = cut
        self.loses_answers = False
        self.short_pages = 0
        self.instead: tuple[str, int, Mapping[str, Any]] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.cut and request.url.path.startswith(self.cut):
            raise httpx.ConnectError("cut off", request=request)
        if self.short_pages and "limit" in request.url.params:
            request.url = request.url.copy_set_param("limit", self.short_pages)
        if self.instead and request.method == self.instead[0] and request.url.path != "/v1/token":
            return httpx.Response(self.instead[1], json=self.instead[2], request=request)
        answer = await super().handle_async_request(request)
        if self.loses_answers and request.method == "POST" and request.url.path != "/v1/token":
            raise httpx.ReadTimeout("the answer was lost", request=request)
        return answer


class SlowWay(Way):
    """A way on which some paths, by their last segment, answer after so many seconds; asb talks nonsense."""

    def __init__(self, gateway: Gateway, **seconds: float) -> None:
        super().__init__(gateway)
        self.seconds = seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self.seconds.get(request.url.path.rpartition("/")[2], 0))
        if request.url.params.get("queue") == "asb":
            return httpx.Response(200, text="<html>", request=request)
        return await super().handle_async_request(request)


@dataclass
class Desk:
    """`api` are clients of the gateway by whose token they carry; `board` the browsers of people."""

    gateway: Gateway
    outside: httpx.AsyncClient
    api: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    board: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def at(cls, gateway: Gateway) -> AsyncIterator[Self]:
        """The desks of all demo persons that a test asks for."""
        async with _client(httpx.ASGITransport(gateway)) as outside:
            desk = cls(gateway, outside)
            yield desk
            for client in (*desk.api.values(), *desk.board.values()):
                await client.aclose()

    async def acting(self, person: str = OFFICER) -> httpx.AsyncClient:
        """The API with a person's token."""
        if person not in self.api:
            self.api[person] = _client(httpx.ASGITransport(self.gateway))
            self.api[person].headers["Authorization"] = f"Bearer {await token(self.outside, person)}"
        return self.api[person]

    async def browser(self, person: str = OFFICER) -> httpx.AsyncClient:
        """The browser of a person who has signed in."""
        if person not in self.board:
            self.board[person] = _client(httpx.ASGITransport(self.gateway))
            await sign_in(self.board[person], person)
        return self.board[person]

    @asynccontextmanager
    async def board_and_browser(
        self, way: Way, person: str = OFFICER
    ) -> AsyncIterator[tuple[Board, httpx.AsyncClient]]:
        """A board that asks the gateway by another way, and the browser of a person there."""
        board = create_app(Settings(), way, (*DEMO, FIRM))
        async with board.running(), _client(httpx.ASGITransport(board)) as browser:
            await sign_in(browser, person)
            way.asked.clear()
            yield board, browser

    @asynccontextmanager
    async def board_by(self, way: Way, person: str = OFFICER) -> AsyncIterator[httpx.AsyncClient]:
        """The browser of a person at a board that asks the gateway by another way."""
        async with self.board_and_browser(way, person) as (_, browser):
            yield browser

    @asynccontextmanager
    async def without(self, path: str) -> AsyncIterator[httpx.AsyncClient]:
        """The officer's browser at a board for which one part of the API gives no answer."""
        async with self.board_by(Way(self.gateway, path)) as browser:
            yield browser

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[tuple[httpx.AsyncClient, list[str]]]:
        """The officer's browser, and the paths of the API that the board asks for."""
        way = Way(self.gateway)
        async with self.board_by(way) as browser:
            yield browser, way.asked

    async def report(
        self,
        path: str = "/v1/repairs",
        person: str = OFFICER,
        replace: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        """A case as it was accepted, once its promises are stored; `replace` is a whole other body."""
        body = {**replace, "contact": CONTACT} if replace else {**REPORT, **changes}
        answer = await (await self.acting(person)).post(path, json=body)
        assert answer.status_code == 201, answer.text
        case: dict[str, Any] = answer.json()
        await self._until_listed(case["reference"], person)
        return case

    async def act(
        self, case: Mapping[str, Any], act: str, body: Mapping[str, Any], path: str = "/v1/repairs"
    ) -> None:
        """Do an act behind the back of whoever looks at the board."""
        answer = await (await self.acting()).post(f"{path}/{case['reference']}/{act}", json=body)
        assert answer.status_code == 201, answer.text

    async def until_known(self, case: Mapping[str, Any], event: str) -> None:
        """Wait until an event of a case is in its timeline."""
        api = await self.acting()

        async def is_known() -> bool:
            timeline = (await api.get(f"/v1/cases/{case['reference']}/timeline")).json()
            return event in [entry["type"] for entry in timeline["entries"]]

        await eventually(is_known)

    async def _until_listed(self, reference: str, person: str) -> None:
        api = await self.acting(person)

        async def is_stored() -> bool:
            return (await api.get(f"/v1/cases/{reference}/deadlines")).status_code == 200

        await eventually(is_stored)

    async def until_off_the_list(self, reference: str) -> None:
        """Wait until nothing of a case is running any more."""
        api = await self.acting()

        async def is_off() -> bool:
            running = await api.get("/v1/deadlines", params={"reference": reference, "state": "running"})
            return not running.json()["items"]

        await eventually(is_off)


async def sign_in(browser: httpx.AsyncClient, person: str) -> None:
    """Choose a demo person."""
    form = await browser.get("/board/sign-in")
    sent = {"csrf": hidden(form.text, "csrf"), "person": person}
    answer = await browser.post("/board/sign-in", data=sent)
    assert answer.status_code == 303, answer.text


def hidden(page: str, name: str) -> str:
    """The value of the last hidden field of that name."""
    before, found, after = page.rpartition(f'name="{name}" value="')
    assert found, f"no field {name} in {before[-500:]}"
    return unescape(after.partition('"')[0])


def _client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=30)
