"""Cases that somebody must not see: on no list, behind a fresh sign-in, and left at once."""

import re

import pytest

from tests.services.board.desk import FIRM, OFFICER, RESIDENT, Desk, hidden, sign_in
from tests.services.board.residents import UNSAFE, mine


async def test_a_case_that_is_not_safe_is_on_no_list(desk: Desk) -> None:
    """It is seen by whoever has just signed in once more, and its pages can be left at once."""
    unsafe = await desk.report(person=RESIDENT, channel="online", contact=UNSAFE)
    asb = {"category": "noise", "description": "Shouting", "channel": "online", "contact": UNSAFE}
    api, browser = await desk.acting(RESIDENT), await desk.browser(RESIDENT)
    guarded = (await api.post("/v1/asb", json=asb)).json()
    references = [unsafe["reference"], guarded["reference"]]
    plain = await mine(browser)
    assert "See everything" in plain
    assert [each for each in references if each in plain] == []
    assert [(await browser.get(f"/board/mine/{each}")).status_code for each in references] == [404, 404]
    await sign_in(browser, RESIDENT)  # what they did more than a minute ago counts no longer
    assert (await browser.get("/board/mine/everything")).headers["location"] == "/board/mine"
    whole = await mine(browser)
    assert [each for each in references if each in whole] == references
    assert "Exit this page" in whole
    page = await browser.get(f"/board/mine/{guarded['reference']}")
    assert (page.status_code, "Exit this page" in page.text, "Noise" in page.text) == (200, True, False)


async def test_exit_ends_the_session_and_leads_away(desk: Desk) -> None:
    """To a page that says nothing of us; the browser forgets ours."""
    browser = await desk.browser(RESIDENT)
    answer = await browser.get("/board/leave")
    assert answer.headers["location"] == "https://www.bbc.co.uk/weather"
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert (await browser.get("/board/session")).status_code == 401
    del desk.board[RESIDENT]


@pytest.mark.parametrize("person", [FIRM, OFFICER])
async def test_whoever_works_here_loses_no_queue_by_the_page_on_safety(desk: Desk, person: str) -> None:
    """It is at the foot of their pages too; a phone keeps what is not sent, signed in or signed out."""
    browser = await desk.browser(person)
    page = await browser.get("/board/safety")
    assert "How to use this safely" in page.text
    assert not re.search(r"exit-this-page|exit\.js|http-equiv", page.text)
    left = [(await browser.get("/board/leave")).headers["clear-site-data"] for _ in range(2)]
    assert left == ['"cache", "cookies"'] * 2
    del desk.board[person]


async def test_what_was_asked_to_be_seen_is_forgotten_with_the_session(desk: Desk) -> None:
    """Whoever signs in next at the same browser, be it the same person, proves once more who they are."""
    unsafe = await desk.report(person=RESIDENT, channel="online", contact=UNSAFE)
    browser = await desk.browser(RESIDENT)
    await sign_in(browser, RESIDENT)
    await browser.get("/board/mine/everything")
    assert unsafe["reference"] in await mine(browser)
    form = await browser.get("/board/sign-out")
    await browser.post("/board/sign-out", data={"csrf": hidden(form.text, "csrf")})
    await sign_in(browser, RESIDENT)
    assert unsafe["reference"] not in await mine(browser)
