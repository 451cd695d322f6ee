"""An act on a case: one page, what follows from it, and nothing that was typed is lost whatever happens."""

import re
from typing import Any

import httpx
import pytest

from services.board.main import Board
from services.board.signin import Session
from services.board.signin.people import BEHAVIOUR_SECONDS
from services.board.signin.sessions import SESSION
from tests.services.board.desk import ASB_OFFICER, FIRM, OFFICER, RESIDENT, Desk, Way, hidden

UNDERSTOOD = {
    "method": "letter",
    "understanding": "We came late",
    "outcome_sought": "Money",
    "next_steps": "We write",
}
GONE = "CAS-0000-0000"


async def filled(browser: httpx.AsyncClient, address: str, **typed: Any) -> dict[str, Any]:
    """A form of a page, filled in."""
    page = (await browser.get(address)).text
    named = {name: hidden(page, name) for name in ("csrf", "etag", "key", "from", "shown")}
    return {**named, "when": "now", **typed}


async def test_a_case_shows_safety_before_contact_and_how_each_date_was_worked_out(desk: Desk) -> None:
    """No link to ring where ringing is unsafe, and contact lies behind a summary."""
    contact = {
        "name": "Sam Jones",
        "phone": "01632 960001",
        "safe_channels": ["mobile"],
        "safe_times": [{"days": ["monday", "tuesday", "wednesday"], "from": "10:00", "to": "14:00"}],
    }
    case = await desk.report(contact=contact)
    page = (await (await desk.browser()).get(f"/board/cases/{case['reference']}")).text
    assert "Do not ring. Only by text message. Monday to Wednesday, 10am to 2pm." in page
    assert page.index("Do not ring") < page.index("01632 960001")
    assert "tel:" not in page
    assert "Show contact details" in page
    assert "How we worked this out" in page
    assert "We promised" in page
    assert "No water since this morning" in page
    assert "Repair reported" in page


async def test_a_done_act_leads_back_with_one_banner_that_says_what_comes_next(desk: Desk) -> None:
    """Shown once."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/assignment"
    sent = await filled(browser, f"{address}?from=mine", contractor=FIRM)
    answer = await browser.post(address, data=sent)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/board/list?show=mine"
    page = (await browser.get(answer.headers["location"])).text
    assert "Given to the firm. Next: " in page
    assert page.count("govuk-notification-banner--success") == 1
    assert "Given to the firm." not in (await browser.get("/board/list?show=mine")).text


async def test_a_mistake_stands_beside_its_field_and_at_the_top_and_keeps_the_rest(desk: Desk) -> None:
    """Missing answers are found here, wrong ones by the API, by the pointer to their field."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/updates"
    answer = await browser.post(address, data=await filled(browser, address, notes="Nobody in"))
    assert answer.status_code == 422
    assert "<title>Error: Record an update" in answer.text
    assert 'href="#field-type"' in answer.text
    assert "Nobody in" in answer.text
    typed = {"type": "no_access", "notes": "Nobody in", "when": "earlier", "when_at": "2031-01-01T10:00"}
    answer = await browser.post(address, data=await filled(browser, address, **typed))
    assert answer.status_code == 422
    assert 'id="field-when_at-error"' in answer.text
    assert "Nobody in" in answer.text


async def test_a_case_that_changed_meanwhile_shows_what_changed_and_keeps_what_was_typed(desk: Desk) -> None:
    """One may send it anyway, knowing that."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/cancellation"
    sent = await filled(browser, address, reason="They rang: it came back.")
    await desk.act(case, "assignment", {"contractor": FIRM})
    await desk.until_known(case, "repairs.repair-assigned")
    answer = await browser.post(address, data=sent)
    assert answer.status_code == 412
    assert "This changed while you typed" in answer.text
    assert "Repair assigned" in answer.text
    assert "They rang: it came back." in answer.text
    again = {**sent, "etag": hidden(answer.text, "etag"), "key": hidden(answer.text, "key")}
    assert "Send anyway" in answer.text
    assert (await browser.post(address, data=again)).status_code == 303


async def test_an_act_that_is_not_allowed_any_more_says_what_is(desk: Desk) -> None:
    """With what happened since, and the words to copy."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/cancellation"
    sent = await filled(browser, address, reason="No longer wanted, she says.")
    await desk.act(case, "cancellation", {"reason": "By a colleague"})
    await desk.until_known(case, "repairs.repair-cancelled")
    answer = await browser.post(address, data=sent)
    assert answer.status_code == 412
    assert "It cannot be done any more" in answer.text
    assert "Repair cancelled" in answer.text
    assert "No longer wanted, she says." in answer.text
    assert "Correct the contact" in answer.text
    answer = await browser.get(address)
    assert answer.status_code == 409
    assert "This cannot be done now" in answer.text


async def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_happens_twice(desk: Desk) -> None:
    """The key of the attempt is kept while nobody knows."""
    case, way = await desk.report(), Way(desk.gateway)
    address = f"/board/cases/{case['reference']}/updates"
    async with desk.board_by(way) as browser:
        sent = await filled(browser, address, type="accepted")
        way.loses_answers = True
        answer = await browser.post(address, data=sent)
        assert answer.status_code == 504
        assert "We do not know whether that was saved" in answer.text
        assert hidden(answer.text, "key") == sent["key"]
        way.loses_answers = False
        again = {**sent, "csrf": hidden(answer.text, "csrf"), "key": hidden(answer.text, "key")}
        assert (await browser.post(address, data=again)).status_code == 303
    updates = await (await desk.acting()).get(f"/v1/repairs/{case['reference']}/updates")
    assert [update["type"] for update in updates.json()["items"]] == ["accepted"]


async def test_whoever_was_signed_out_keeps_the_filled_form(desk: Desk) -> None:
    """It is good again after the same person has signed in."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/cancellation"
    sent = await filled(browser, address, reason="It took me an hour to write this.")
    kept = httpx.Cookies(browser.cookies)
    for name in [name for name in browser.cookies if "session" in name]:
        del browser.cookies[name]
    answer = await browser.post(address, data=sent)
    assert answer.status_code == 401
    assert "It took me an hour to write this." in answer.text
    assert "Sign in in a new tab" in answer.text
    assert "No water at all, Flat 2, 14 Example Road" in answer.text, "a case is called by its id alone"
    browser.cookies.update(kept)
    assert (
        await browser.post(address, data={**sent, "csrf": hidden(answer.text, "csrf")})
    ).status_code == 303


@pytest.mark.parametrize("token", ["", "forged"])
async def test_a_form_of_another_site_does_nothing(desk: Desk, token: str) -> None:
    """Its token is missing or was not made here."""
    case, browser = await desk.report(), await desk.browser()
    address = f"/board/cases/{case['reference']}/cancellation"
    sent = await filled(browser, address, reason="Not by me")
    assert (await browser.post(address, data={**sent, "csrf": token})).status_code == 403
    read = (await (await desk.acting()).get(f"/v1/repairs/{case['reference']}")).json()
    assert read["status"] == "reported"


async def test_not_there_and_not_yours_are_one_page(desk: Desk) -> None:
    """Same words and status, for an officer without the scope, a resident, and an address of nothing."""
    body = {"category": "noise", "description": "Music at night", "channel": "online"}
    case = await desk.report("/v1/asb", ASB_OFFICER, replace=body)
    answers = [
        await (await desk.browser(person)).get(f"/board/cases/{reference}")
        for person, reference in (
            (OFFICER, case["reference"]),
            (OFFICER, "CAS-0000-0001"),
            (OFFICER, "REP-0000-0000"),
            (RESIDENT, case["reference"]),
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({_words(answer.text) for answer in answers[:3]}) == 1


async def test_an_emergency_is_offered_alike_for_a_case_that_is_there_and_one_that_is_not(desk: Desk) -> None:
    """The page does not tell; whoever says why is let in, and where nothing is finds nothing."""
    api = await desk.acting(ASB_OFFICER)
    body = {"category": "noise", "description": "Music at night", "channel": "online"}
    case = await desk.report("/v1/asb", ASB_OFFICER, replace=body)
    path = f"/v1/asb/{case['reference']}"
    answer = await api.post(f"{path}/team", json={"members": ["somebody-else"]})
    assert answer.status_code == 201
    browser = await desk.browser(ASB_OFFICER)
    there = await browser.get(f"/board/cases/{case['reference']}")
    gone = await browser.get(f"/board/cases/{GONE}")
    assert (there.status_code, gone.status_code) == (200, 200)
    assert _words(there.text).replace(case["reference"], GONE) == _words(gone.text)
    for reference, status in ((case["reference"], 303), (GONE, 404)):
        address = f"/board/cases/{reference}/break-glass"
        sent = await filled(browser, address, reason="She rang and is afraid to go home tonight.")
        assert (await browser.post(address, data=sent)).status_code == status
    assert "Music at night" in (await browser.get(f"/board/cases/{case['reference']}")).text


async def test_a_search_by_reference_postcode_or_surname_names_none_of_them_in_an_address(desk: Desk) -> None:
    """Posted, and answered by a page that reads what was typed from the browser."""
    home = {"address": "7 Canary Row", "postcode": "RM2 9ZZ"}
    case = await desk.report(property=home, contact={"name": "Ola Reyes", "phone": "01632 960002"})
    browser = await desk.browser()
    page = (await browser.get("/board/search")).text

    async def find(typed: str) -> httpx.Response:
        sent = {"csrf": hidden(page, "csrf"), "find": typed}
        answer = await browser.post("/board/search", data=sent)
        assert answer.status_code == 303
        return answer

    by_reference = await find(case["reference"].lower().replace("-", " "))
    assert by_reference.headers["location"] == f"/board/cases/{case['reference']}"
    for typed, is_found in (("rm29zz", True), ("Reyes, RM2 9ZZ", True), ("Jones RM2 9ZZ", False)):
        answer = await find(typed)
        assert answer.headers["location"] == "/board/search"
        assert (case["reference"] in (await browser.get("/board/search")).text) is is_found, typed
    await find("Reyes")
    assert "add the postcode" in (await browser.get("/board/search")).text


def _words(page: str) -> str:
    """The words of the page between its frame's beginning and end."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<input[^>]*>|<[^>]+>", " ", main).split())


async def test_a_list_takes_one_more_without_a_script_and_a_payment_is_a_remedy(desk: Desk) -> None:
    """Nothing is sent before the last button, and what was typed stands in its place."""
    complaint = {"about": "repairs", "description": "Nobody came", "channel": "phone"}
    case = await desk.report("/v1/complaints", replace=complaint)
    handler = {"name": "Ola Reyes", "subject": "ola"}
    for act, body in (
        ("triage", {"route": "stage_1", "handler": handler}),
        ("acknowledgement", UNDERSTOOD),
    ):
        await desk.act(case, act, body, "/v1/complaints")
    browser, address = await desk.browser(), f"/board/cases/{case['reference']}/response"
    first = {"remedies.0.kind": "apology", "remedies.0.description": "We are sorry"}
    typed = {"outcome": "upheld", "findings": "We came late.", "understanding": "Late", **first}
    asked = await browser.post(address, data=await filled(browser, address, add="remedies", **typed))
    assert asked.status_code == 200
    assert "We are sorry" in asked.text
    assert re.search(r'<select[^>]*name="remedies.1.kind"[^>]*autofocus', asked.text)
    second = {"remedies.1.kind": "money", "remedies.1.amount": "50.00", "remedies.1.basis": "A day lost"}
    named = {name: hidden(asked.text, name) for name in ("csrf", "etag", "key", "from", "shown")}
    answer = await browser.post(address, data={**named, "when": "now", **typed, **second})
    assert answer.status_code == 303, answer.text
    read = (await (await desk.acting()).get(f"/v1/complaints/{case['reference']}")).json()
    assert read["status"] == "stage_1_responded"
    letters = (await browser.get(f"/board/cases/{case['reference']}/letters/stage-1")).text
    assert "We will pay you £50" in letters


async def test_a_session_that_saw_a_guarded_case_ends_sooner(desk: Desk) -> None:
    """After ten minutes, on every page of one, be it there or not; a session that saw none is as it was."""
    async with desk.board_and_browser(Way(desk.gateway), ASB_OFFICER) as (board, browser):
        assert await _idle_seconds(board, browser, "/board/list") == 0
        assert await _idle_seconds(board, browser, f"/board/cases/{GONE}") == BEHAVIOUR_SECONDS
    async with desk.board_and_browser(Way(desk.gateway)) as (board, browser):
        assert await _idle_seconds(board, browser, "/board/cases/REP-0000-0000/assignment") == 0


async def _idle_seconds(board: Board, browser: httpx.AsyncClient, path: str) -> int:
    """The time for which the session may lie untouched after a page, as its sealed cookie has it."""
    await browser.get(path)
    values = board.pages.state.sign_in.cookies.read(dict(browser.cookies), SESSION)
    return int(Session.from_json(values).idle_seconds)


async def test_hidden_fields_that_are_no_header_break_nothing(desk: Desk) -> None:
    """They are forged, or broken on the way: the answer is a page that says what to do."""
    case = await desk.report()
    browser, address = await desk.browser(), f"/board/cases/{case['reference']}/assignment"
    form = await filled(browser, address, contractor=FIRM)
    for name in ("etag", "key"):
        assert (await browser.post(address, data={**form, name: "é\n"})).status_code in {303, 409, 412, 422}
    several = {**form, "act": "give", "row": f"{case['reference']} é", "key": "é"}
    assert (await browser.post("/board/list/several", data=several)).status_code == 200
