"""Whatever became of an act: it is told as it is, happens once, and what was typed is not lost."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.services.board.desk import FIRM, RESIDENT, Desk, Way, hidden
from tests.services.board.test_acts import filled
from tests.services.board.test_reports import TAP, walked

WORDS = "It took me an hour to write this."
PROBLEM = "urn:housing-service-standards:problem:"
STILL_RUNNING = {
    "type": f"{PROBLEM}request-in-progress",
    "detail": "The first request is still being worked on.",
}
TWO_HOMES = {"type": f"{PROBLEM}conflict", "detail": "These are two homes."}


def fields_of(page: str) -> dict[str, str]:
    """All that a page which keeps a form would send again."""
    from_form = page[page.rindex("<form") :]
    names = re.findall(r'type="hidden" name="([^"]+)"', from_form)
    return {name: hidden(from_form, name) for name in names}


def sign_out(browser: httpx.AsyncClient) -> httpx.Cookies:
    """Lose the session, as after an hour; what brings it back."""
    kept = httpx.Cookies(browser.cookies)
    for name in [name for name in browser.cookies if "session" in name]:
        del browser.cookies[name]
    return kept


async def test_a_double_click_acts_once_and_is_no_failure(desk: Desk) -> None:
    """Both presses get the answer of the first."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/updates"
    sent = await filled(browser, address, type="accepted")
    answers = await asyncio.gather(*(browser.post(address, data=sent) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    updates = await (await desk.acting()).get(f"/v1/repairs/{case['reference']}/updates")
    assert [update["type"] for update in updates.json()["items"]] == ["accepted"]


async def test_a_correction_that_changes_nothing_says_so(desk: Desk) -> None:
    """Nobody is told that a contact is corrected which was left as it was."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/contact"
    for typed, said in (
        ({}, "Nothing was changed: all of it was so already."),
        ({"name": "Ada Osei"}, "The contact is corrected."),
    ):
        answer = await browser.post(address, data=await filled(browser, address, **typed))
        assert said in (await browser.get(answer.headers["location"])).text


async def test_no_green_banner_stands_beside_an_error(desk: Desk) -> None:
    """It waits for the next page that has none."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/contact"
    other = f"/board/cases/{case['reference']}/updates"
    empty = await filled(browser, other)
    await browser.post(address, data=await filled(browser, address, name="Ada Osei"))
    refused = await browser.post(other, data=empty)
    assert "There is a problem" in refused.text
    assert "The contact is corrected." not in refused.text
    assert "The contact is corrected." in (await browser.get("/board/list")).text


async def test_a_case_that_is_taken_by_a_double_click_is_taken(desk: Desk) -> None:
    """Nobody is told that it was not."""
    letter = {"channel": "email", "subject": "The rent", "message": "How do I pay?"}
    case, browser = await desk.report("/v1/enquiries", replace=letter), await desk.browser()
    page = (await browser.get("/board/list?show=later")).text
    sent = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "from": "later"}
    sent["row"] = f"{case['reference']} {case['version']}"
    answers = await asyncio.gather(*(browser.post("/board/list/take", data=sent) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]


async def test_a_first_try_that_still_runs_is_an_unknown_outcome(desk: Desk) -> None:
    """The form keeps its key and its version, so that pressing again acts once."""
    case, way = await desk.report(), Way(desk.gateway)
    address = f"/board/cases/{case['reference']}/cancellation"
    async with desk.board_by(way) as browser:
        sent = await filled(browser, address, reason=WORDS)
        way.instead = ("POST", 409, STILL_RUNNING)
        answer = await browser.post(address, data=sent)
        assert answer.status_code == 504
        assert "We do not know whether that was saved" in answer.text
        assert WORDS in answer.text
        for name in ("key", "etag"):
            assert hidden(answer.text, name) == sent[name]


async def test_a_conflict_that_waiting_does_not_end_is_a_refusal(desk: Desk) -> None:
    """It says why, and not that nobody knows what became of it."""
    case, way = await desk.report(), Way(desk.gateway)
    address = f"/board/cases/{case['reference']}/cancellation"
    async with desk.board_by(way) as browser:
        sent = await filled(browser, address, reason=WORDS)
        way.instead = ("POST", 409, TWO_HOMES)
        answer = await browser.post(address, data=sent)
    assert answer.status_code == 409
    assert "These are two homes." in answer.text
    assert WORDS in answer.text


@pytest.mark.parametrize(
    ("status", "shown", "said"),
    [
        (500, 504, "We do not know whether that was saved"),
        (413, 413, "Too much of it"),
        (403, 403, "Too much of it"),
        (429, 429, "It was not saved. Wait a minute, and press again."),
    ],
)
async def test_an_officers_words_outlive_every_refusal(
    desk: Desk, status: int, shown: int, said: str
) -> None:
    """With the words of the API, or the number by which it is found in the log."""
    case, way = await desk.report(), Way(desk.gateway)
    address = f"/board/cases/{case['reference']}/cancellation"
    async with desk.board_by(way) as browser:
        sent = await filled(browser, address, reason=WORDS)
        way.instead = ("POST", status, {"detail": "Too much of it"})
        answer = await browser.post(address, data=sent)
    assert answer.status_code == shown
    assert said in answer.text
    assert WORDS in answer.text
    assert ("say this number" in answer.text) == (status == 500)


@pytest.mark.parametrize("status", [500, 413, 429])
async def test_a_report_outlives_every_refusal(desk: Desk, status: int) -> None:
    """The check of all answers is shown again, and sent once the API takes it."""
    way = Way(desk.gateway)
    async with desk.board_by(way, RESIDENT) as browser:
        walk = await walked(browser, "water", {**TAP[0], "description": WORDS}, *TAP[1:])
        way.instead = ("POST", status, {"detail": "Too much of it"})
        await walk.send()
        assert walk.page.status_code == (504 if status == 500 else status)
        assert WORDS in walk.text
        assert ("We do not know" in walk.text) == (status == 500)
        way.instead = None
        await walk.send()
        assert walk.page.status_code == 200, walk.text


async def test_a_page_that_meets_an_error_of_the_api_cannot_be_shown_just_now(desk: Desk) -> None:
    """It is not said to be not there."""
    case, way = await desk.report(), Way(desk.gateway)
    async with desk.board_by(way) as browser:
        way.instead = ("GET", 500, {})
        answer = await browser.get(f"/board/cases/{case['reference']}")
    assert answer.status_code == 503
    assert "This page cannot be shown just now" in answer.text


@pytest.mark.parametrize(
    ("status", "shown", "said"),
    [
        (500, 504, "We do not know whether that was saved"),
        (429, 429, "It was not saved."),
        (401, 401, "Sign in in a new tab"),
        (413, 413, "Too much of it"),
    ],
)
async def test_a_contractors_words_outlive_every_refusal(
    desk: Desk, status: int, shown: int, said: str
) -> None:
    """They are sent again under the same key."""
    case, way = await desk.report(), Way(desk.gateway)
    await desk.act(case, "assignment", {"contractor": FIRM})
    address = f"/board/day/{case['reference']}"
    async with desk.board_by(way, FIRM) as browser:
        page = (await browser.get(address)).text
        sent = {name: hidden(page, name) for name in ("csrf", "key")} | {"type": "accepted", "notes": WORDS}
        way.instead = ("POST", status, {"detail": "Too much of it"})
        answer = await browser.post(address, data=sent)
        assert (answer.status_code, said in answer.text) == (shown, True)
        way.instead = None
        assert fields_of(answer.text) == sent
        again = await browser.post(address, data=fields_of(answer.text))
        assert again.status_code == 303, again.text


async def test_a_closure_of_which_nobody_knows_is_asked_for_again(desk: Desk) -> None:
    """Nobody is told that nothing was lost; the same key closes the office once."""
    way = Way(desk.gateway)
    async with desk.board_by(way) as browser:
        page = (await browser.get("/board/calendar?year=2098")).text
        closing = {"csrf": hidden(page, "csrf"), "act": "close", "date": "2098-03-04", "reason": "Burst main"}
        preview = (await browser.post("/board/calendar", data=closing)).text
        sure = {**closing, "csrf": hidden(preview, "csrf"), "key": hidden(preview, "key"), "sure": "yes"}
        way.loses_answers = True
        answer = await browser.post("/board/calendar", data=sure)
        assert answer.status_code == 504
        assert "We do not know whether that was saved" in answer.text
        assert fields_of(answer.text) == sure
        way.loses_answers = False
        assert (await browser.post("/board/calendar", data=fields_of(answer.text))).status_code == 303
        back = {**closing, "act": "withdraw", "sure": "yes", "key": f"back-{sure['key'][:50]}"}
        assert (await browser.post("/board/calendar", data=back)).status_code == 303


async def test_a_claim_of_which_nobody_knows_is_made_again(desk: Desk) -> None:
    """The three answers are still there."""
    phoned, way = await desk.report(), Way(desk.gateway)
    async with desk.board_by(way, RESIDENT) as browser:
        page = (await browser.get("/board/mine/claim")).text
        sent = {name: hidden(page, name) for name in ("csrf", "key")}
        sent |= {"reference": phoned["reference"], "surname": "Jones", "postcode": "RM1 1AA"}
        way.loses_answers = True
        answer = await browser.post("/board/mine/claim", data=sent)
        assert answer.status_code == 504
        way.loses_answers = False
        again = await browser.post("/board/mine/claim", data=fields_of(answer.text))
        assert again.headers["location"] == f"/board/mine/{phoned['reference']}"


async def test_a_resident_who_was_signed_out_sends_the_same_form_after_a_sign_in(desk: Desk) -> None:
    """The form itself, as they filled it in and can still change it; it says which case it is about."""
    case = await desk.report(person=RESIDENT, channel="online")
    browser, address = await desk.browser(RESIDENT), f"/board/mine/{case['reference']}/cancellation"
    page = (await browser.get(address)).text
    sent = {name: hidden(page, name) for name in ("csrf", "key", "etag", "shown")} | {"reason": WORDS}
    kept = sign_out(browser)
    answer = await browser.post(address, data=sent)
    assert (answer.status_code, "Sign in in a new tab" in answer.text) == (401, True)
    assert re.search(rf'<textarea[^>]* name="reason"[^>]*>{re.escape(WORDS)}</textarea>', answer.text)
    assert {name: hidden(answer.text, name) for name in ("csrf", "key", "etag")}.items() <= sent.items()
    assert "No water at all, Flat 2, 14 Example Road" in answer.text
    assert "Exit this page" in answer.text, "somebody else may look at this screen by now"
    browser.cookies.update(kept)
    again = {name: hidden(answer.text, name) for name in ("csrf", "key", "etag", "shown")}
    assert (await browser.post(address, data={**again, "reason": WORDS})).status_code == 303


async def test_a_residents_form_outlives_an_api_that_is_silent(desk: Desk) -> None:
    """Before the act and in it; under the same key it is done once."""
    case, way = await desk.report(person=RESIDENT, channel="online"), Way(desk.gateway)
    address = f"/board/mine/{case['reference']}/cancellation"
    async with desk.board_by(way, RESIDENT) as browser:
        page = (await browser.get(address)).text
        sent = {name: hidden(page, name) for name in ("csrf", "key", "etag", "shown")} | {"reason": WORDS}
        for way.cut, way.loses_answers in (("/v1/repairs", False), ("", True)):
            answer = await browser.post(address, data=sent)
            assert (answer.status_code, hidden(answer.text, "key")) == (504, sent["key"])
            assert "We do not know if this was saved." in answer.text
            assert f">{WORDS}</textarea>" in answer.text
        way.loses_answers = False
        assert (await browser.post(address, data=sent)).status_code == 303


async def test_choices_that_only_the_api_knows_outlive_the_end_of_a_session(desk: Desk) -> None:
    """The firm that was chosen is still chosen, and any other still there."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/assignment"
    page = (await browser.get(address)).text
    sent = {name: hidden(page, name) for name in ("csrf", "key", "etag", "shown")} | {"contractor": FIRM}
    firms = re.findall(r'type="radio" value="([^"]+)"', page)
    kept = sign_out(browser)
    answer = await browser.post(address, data=sent)
    browser.cookies.update(kept)
    assert answer.status_code == 401
    assert re.findall(r'type="radio" value="([^"]+)"', answer.text) == firms
    assert re.findall(r'type="radio" value="([^"]+)" checked', answer.text) == [FIRM]


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/board/calendar", {"act": "close", "date": "2097-03-04", "reason": WORDS}),
        ("/board/round/report", {"kind": "needles", "location": "By the bins", "description": WORDS}),
        ("/board/round/paper", {"on": "2026-11-23", "at": "7:12"}),
    ],
)
async def test_an_officer_who_was_signed_out_keeps_what_was_typed(
    desk: Desk, address: str, typed: Mapping[str, Any]
) -> None:
    """It goes on from there for the same person, and is taken from nobody else."""
    browser = await desk.browser()
    sent = {"csrf": hidden((await browser.get("/board/round/report")).text, "csrf"), "key": "k", **typed}
    kept = sign_out(browser)
    answer = await browser.post(address, data=sent)
    assert (answer.status_code, "Sign in in a new tab" in answer.text) == (401, True)
    assert fields_of(answer.text) == sent
    other = await desk.browser("demo-officer-2")
    assert (await other.post(address, data=fields_of(answer.text))).status_code in {403, 404}
    browser.cookies.update(kept)
    assert (await browser.post(address, data=fields_of(answer.text))).status_code in {200, 303, 422}


async def test_a_report_of_whoever_was_signed_out_goes_on_after_a_sign_in(desk: Desk) -> None:
    """Its answers are in the page that asks for the sign-in."""
    browser = await desk.browser(RESIDENT)
    walk = await walked(browser, "water", {**TAP[0], "description": WORDS}, *TAP[1:])
    kept = sign_out(browser)
    await walk.send()
    assert (walk.page.status_code, "Sign in in a new tab" in walk.text) == (401, True)
    browser.cookies.update(kept)
    walk.page = await browser.post("/board/report/send", data=fields_of(walk.page.text))
    assert walk.page.status_code == 200, walk.text
