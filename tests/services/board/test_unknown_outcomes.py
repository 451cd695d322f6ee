"""An act of which nobody knows the outcome has a number on its page, by which whoever is rung finds it."""

import re

import httpx
import pytest

from tests.services.board.desk import FIRM, RESIDENT, Desk, Way, hidden
from tests.services.board.test_photos import PHOTO
from tests.services.board.test_reports import TAP, Walk, offered, walked

NUMBER = "at-three-in-the-morning"
SAID = f"If you ring, say this number: {NUMBER}"


def numbered(browser: httpx.AsyncClient, way: Way) -> None:
    """From now on the API fails, and requests have the number."""
    way.instead = ("POST", 500, {})
    browser.headers["X-Request-ID"] = NUMBER


async def reported(browser: httpx.AsyncClient) -> Walk:
    """A report that was accepted, with times of a visit to choose from."""
    walk = await walked(browser, "water", *TAP)
    await walk.send()
    assert walk.page.status_code == 200, walk.text
    return walk


async def test_a_report_has_its_number(desk: Desk) -> None:
    """Beside the words that it cannot be sent twice."""
    way = Way(desk.gateway)
    async with desk.board_by(way, RESIDENT) as browser:
        walk = await walked(browser, "water", *TAP)
        numbered(browser, way)
        await walk.send()
    assert walk.page.status_code == 504
    assert SAID in walk.text


async def test_a_visit_that_was_booked_has_its_number(desk: Desk) -> None:
    """On the page with the times."""
    await offered(desk)
    way = Way(desk.gateway)
    async with desk.board_by(way, RESIDENT) as browser:
        page = (await reported(browser)).page.text
        slot = re.findall(r'name="slot"[^>]*value="([^"]+)"', page)[0]
        form = {"csrf": hidden(page, "csrf"), "booking": hidden(page, "booking"), "slot": slot}
        numbered(browser, way)
        answer = await browser.post("/board/report/appointment", data=form)
    assert answer.status_code == 504
    assert SAID in answer.text


async def test_a_photo_has_its_number(desk: Desk) -> None:
    """Beside its field."""
    way = Way(desk.gateway)
    async with desk.board_by(way, RESIDENT) as browser:
        page = (await reported(browser)).page.text
        form = {name: hidden(page, name) for name in ("csrf", "booking")}
        numbered(browser, way)
        answer = await browser.post("/board/report/photos", data=form, files={"photo": PHOTO})
    assert SAID in answer.text


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/board/round/report", {"kind": "needles", "location": "By the bins", "description": "Three"}),
        ("/board/round/paper", {"on": "2026-11-23", "at": "0:00", "tick": "SIT-0000-0000|clean||inside"}),
    ],
)
async def test_what_a_caretaker_sends_without_a_script_has_its_number(
    desk: Desk, address: str, typed: dict[str, str]
) -> None:
    """A problem, and ticks of a sheet."""
    way = Way(desk.gateway)
    async with desk.board_by(way) as browser:
        page = (await browser.get("/board/round/report")).text
        form = {name: hidden(page, name) for name in ("csrf", "key")}
        numbered(browser, way)
        answer = await browser.post(address, data={**form, **typed})
    assert SAID in answer.text


async def test_one_of_several_cases_has_its_number(desk: Desk) -> None:
    """In its row."""
    case, way = await desk.report(), Way(desk.gateway)
    async with desk.board_by(way) as browser:
        page = (await browser.get("/board/list?show=all&choose=1")).text
        row = re.findall(rf'value="({case["reference"]} \d+)"', page)[0]
        form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "from": "team"}
        numbered(browser, way)
        sent = {**form, "act": "give", "contractor": FIRM, "row": row}
        answer = await browser.post("/board/list/several", data=sent)
    assert SAID in answer.text
