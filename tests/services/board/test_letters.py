"""Notices at the board: what a case's people were told, and what a person was sent."""

import re
from typing import Any

import httpx

from tests.services.board.desk import OFFICER, RESIDENT, SECOND_OFFICER, Desk, hidden
from tests.support.eventually import eventually


async def left(desk: Desk, reference: str, audience: str) -> dict[str, Any]:
    """The notice about a case that was sent to that audience."""
    api, found = await desk.acting(), dict[str, Any]()

    async def is_sent() -> bool:
        told = (await api.get("/v1/notices", params={"reference": reference})).json()["items"]
        found.update(next((each for each in told if each["audience"] == audience and each["sent_at"]), {}))
        return bool(found)

    await eventually(is_sent)
    return found


async def test_whatever_a_resident_was_told_is_read_from_the_timeline(desk: Desk) -> None:
    """In its own words, with how and when it left; under the address of another case there is nothing."""
    case, other = await desk.report(person=RESIDENT), await desk.report()
    notice = await left(desk, case["reference"], "resident")
    browser = await desk.browser()
    page = (await browser.get(f"/board/cases/{case['reference']}")).text
    address = f"/board/cases/{case['reference']}/notices/{notice['id']}"
    assert f'href="{address}"' in page
    assert "Acknowledgement to the resident by email, sent" in page
    letter = await browser.get(address)
    assert f"We have your report: {case['reference']}" in letter.text
    assert "Acknowledgement to the resident by email" in letter.text
    elsewhere = f"/board/cases/{other['reference']}/notices/{notice['id']}"
    assert (await browser.get(elsewhere)).status_code == 404


async def test_a_resident_reads_their_letters_and_marks_them_as_read(desk: Desk) -> None:
    """On one page, the latest first; what was read is new no more."""
    case = await desk.report(person=RESIDENT)
    notice = await left(desk, case["reference"], "resident")
    browser = await desk.browser(RESIDENT)
    page = (await browser.get("/board/mine/letters")).text
    assert re.search(r"<title>Housing – ", page)
    assert f'href="/board/mine/{case["reference"]}"' in page
    assert "No water at all, Flat 2, 14 Example Road" in card_of(page, notice["id"])
    await marked_as_read(browser, "/board/mine/letters", notice["id"])
    assert "/board/mine/letters" in (await browser.get("/board/mine")).text
    own = (await browser.get(f"/board/mine/{case['reference']}")).text
    assert "Acknowledgement to you by email, sent" in own
    assert "to the resident" not in own


async def test_an_officer_reads_what_their_department_was_told(desk: Desk) -> None:
    """Each marks it for themselves alone; the page is found from the foot of every other."""
    case = await desk.report(contact={"name": "Sam", "phone": "01632 960001", "safe_to_contact": False})
    notice = await left(desk, case["reference"], "department")
    browser = await desk.browser(OFFICER)
    assert 'href="/board/notices"' in (await browser.get("/board/list")).text
    await marked_as_read(browser, "/board/notices", notice["id"])
    other = (await (await desk.browser(SECOND_OFFICER)).get("/board/notices")).text
    assert "No water at all, Flat 2, 14 Example Road" in card_of(other, notice["id"])
    assert "Mark as read" in card_of(other, notice["id"])


async def marked_as_read(browser: httpx.AsyncClient, address: str, notice: str) -> None:
    """Read a notice on the page at that address, and mark it."""
    page = (await browser.get(address)).text
    assert "Read what it said" in card_of(page, notice)
    assert "New" in card_of(page, notice)
    sent = {"csrf": hidden(page, "csrf")}
    answer = await browser.post(f"{address}/{notice}/reading", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "Mark as read" not in card_of((await browser.get(address)).text, notice)


def card_of(page: str, notice: str) -> str:
    return page.partition(f'id="n-{notice}"')[2].partition("</li>")[0]
