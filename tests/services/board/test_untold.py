"""Failures to tell anybody of the staff: a red row on the duty list, and one button for whoever knows."""

import json
from typing import Any

import httpx
import pytest

from tests.services.board.desk import Desk, Way, hidden
from tests.services.board.test_duty_list import row_of

UNTOLD = {
    "since": "2026-11-20T08:10:00Z",
    "kinds": ["emergency"],
    "tried": ["department by email", "manager by email"],
}


class Untold(Way):
    """The way to an API in which nobody could be told of any case, until somebody says that they know."""

    def __init__(self, gateway: Any, *, told_before: bool) -> None:
        super().__init__(gateway)
        self.told_before, self.keys = told_before, list[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v1/worklist/"):
            self.keys.append(request.headers["Idempotency-Key"])
            status = 404 if self.told_before else 201
            return httpx.Response(status, json={"title": "There is no such task"}, request=request)
        answer = await super().handle_async_request(request)
        if request.url.path != "/v1/worklist":
            return answer
        body = json.loads(await answer.aread())
        body["items"] = [{**item, "untold": UNTOLD} for item in body["items"]]
        return httpx.Response(200, json=body, request=request)


@pytest.mark.parametrize(
    ("told_before", "said"), [(False, "Noted: you know of it."), (True, "Somebody has seen to it already.")]
)
async def test_who_knows_of_it_says_so_by_one_button(desk: Desk, told_before: bool, said: str) -> None:
    """The row says since when nobody could be told, and by which channels it was tried."""
    reference = (await desk.report())["reference"]
    way = Untold(desk.gateway, told_before=told_before)
    async with desk.board_by(way) as browser:
        page = (await browser.get("/board/list?show=all")).text
        row = row_of(page, reference)
        assert "Nobody told Nobody could be told, Friday 20 November, 8:10am: department by email" in row
        assert "manager by email" in row
        assert f'form="told" name="row" value="{reference}"' in page
        sent = {"csrf": hidden(page, "csrf"), "key": "a-look", "from": "all", "row": reference}
        answer = await browser.post("/board/list/told", data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/board/list?show=all")
        assert said in (await browser.get("/board/list?show=all")).text
    assert way.keys == [f"a-look-told-{reference}"]


async def test_a_row_of_which_somebody_was_told_has_no_such_button(desk: Desk) -> None:
    """As nearly every row is."""
    reference = (await desk.report())["reference"]
    page = (await (await desk.browser()).get("/board/list?show=all")).text
    assert reference in page
    assert 'form="told" name="row"' not in page
