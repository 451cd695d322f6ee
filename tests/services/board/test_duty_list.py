"""The duty list: what it says at a glance, in which order, and the one next step of each row.

Most look at the whole list: from 8pm what is due in four hours is on no list of today.
"""

import re
from html import unescape
from typing import Any

from tests.services.board.desk import ASB_OFFICER, FIRM, Desk, hidden
from tests.support.eventually import eventually


def row_of(page: str, reference: str) -> str:
    """The row of a case, as text."""
    found = page.partition(f'id="c-{reference}"')[2].partition("</tr>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


async def test_whoever_has_not_signed_in_is_led_to_the_sign_in_and_back(desk: Desk) -> None:
    """A page of the board never asks for more than the person's own token gives."""
    answer = await desk.outside.get("/board/list?show=mine")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/board/sign-in?then=%2Fboard%2Flist%3Fshow%3Dmine"


async def test_a_repair_that_was_just_reported_has_its_time_its_place_and_its_next_step(desk: Desk) -> None:
    """Time first, in words; what and where; nobody yet; one button for the next lawful act."""
    case = await desk.report()
    page = await (await desk.browser()).get("/board/list?show=all")
    row = row_of(page.text, case["reference"])
    assert re.search(r"\d+ (h|min) .*left", row)
    assert "Flat 2, 14 Example Road, RM1 1AA" in row
    assert "Nobody yet" in row
    assert "Give to a firm" in row
    assert re.search(r"<h1[^>]*>[^<]*(late|within the hour|later today|Nothing is due today)", page.text)
    assert re.search(r"<title>[^<]*Duty list – Havering Council</title>", page.text)


async def test_a_printed_list_says_when_by_whom_and_how_much_of_it_it_is(desk: Desk) -> None:
    """With the day, for paper outlives it; a refresh says so anew."""
    for _ in range(2):
        await desk.report()
    browser = await desk.browser()
    page = (await browser.get("/board/list?show=all")).text
    at = r"(?:[\d:]+[ap]m|midnight|midday)"
    printed = rf'id="printed">Printed \w+day \d+ \w+, {at} by Demo officer, (\d+ of \d+)\.<'
    assert re.findall(printed, page) == ["2 of 2"]
    [address] = re.findall(r'hx-get="([^"]+)"', page)
    assert re.findall(printed, (await browser.get(unescape(address))).text) == ["2 of 2"]


async def test_a_case_of_behaviour_is_a_reference_and_a_time(desk: Desk) -> None:
    """To whoever may see it; for others it is not on the list at all."""
    body = {"category": "noise", "description": "Music at night", "channel": "online"}
    case = await desk.report("/v1/asb", ASB_OFFICER, replace=body)
    page = await (await desk.browser(ASB_OFFICER)).get("/board/list?show=all")
    row = row_of(page.text, case["reference"])
    assert case["reference"] in row
    assert "noise" not in row.lower()
    assert case["reference"] not in (await (await desk.browser()).get("/board/list?show=all")).text


async def test_a_part_of_the_list_is_an_address_and_an_empty_one_says_where_to_look(desk: Desk) -> None:
    """Filters live in the address; what is empty names itself and links to the next wider part."""
    page = await (await desk.browser()).get("/board/list?show=mine")
    assert re.search(r'href="/board/list\?show=mine" aria-current="page">Mine \(\d+\)', page.text)
    if "board-what" not in page.text:
        assert "Nothing of yours is due today" in page.text
        assert "Show team" in page.text


async def test_an_empty_list_of_later_promises_says_no_more_than_it_knows(desk: Desk) -> None:
    """Late and due cases are on another part, to which it leads."""
    page = (await (await desk.browser()).get("/board/list?show=later")).text
    assert "No promise is running" not in page
    assert "Nothing is due after today." in page
    assert 'href="/board/list?show=team">Show team</a>' in page


async def test_a_refresh_moves_nothing_what_is_new_waits_and_what_is_done_stays(desk: Desk) -> None:
    """Rows change in the place where they are shown."""
    first = await desk.report()
    browser = await desk.browser()
    page = (await browser.get("/board/list?show=all")).text
    [address] = re.findall(r'hx-get="([^"]+)"', page)
    before = re.findall(r'id="c-([^"]+)"', page)
    assert first["reference"] in before
    second = await desk.report(vulnerable=True)
    await desk.act(first, "cancellation", {"reason": "It came back by itself."})
    await desk.until_off_the_list(first["reference"])
    refreshed = await browser.get(unescape(address), headers={"HX-Request": "true"})
    assert refreshed.status_code == 200
    assert re.findall(r'id="c-([^"]+)"', refreshed.text) == before
    assert "Cancelled" in row_of(refreshed.text, first["reference"])
    assert second["reference"] not in refreshed.text
    assert re.search(r"\d+ more since [\w:]+\. Show them", refreshed.text)
    assert re.search(r'data-heading="[^"]+" data-title="[^"]+" data-parts="Mine[^"]+Later"', refreshed.text)


async def test_a_refresh_that_finds_nothing_new_sends_nothing(desk: Desk) -> None:
    """304 by the tag of the one before; what has changed is sent."""
    case = await desk.report()
    browser = await desk.browser()
    [found] = re.findall(r'hx-get="([^"]+)"', (await browser.get("/board/list?show=all")).text)
    address = unescape(found)

    async def refreshed() -> bool:
        """Twice in one minute: the time that is left is part of what is shown."""
        before = await browser.get(address)
        again = await browser.get(address, headers={"If-None-Match": before.headers["etag"]})
        return (before.status_code, again.status_code, again.content) == (200, 304, b"")

    await eventually(refreshed)
    known = (await browser.get(address)).headers["etag"]
    await desk.act(case, "cancellation", {"reason": "It came back by itself."})
    await desk.until_off_the_list(case["reference"])
    changed = await browser.get(address, headers={"If-None-Match": known})
    assert changed.status_code == 200
    assert changed.headers["etag"] != known


async def test_several_are_given_to_a_firm_on_one_page_with_an_answer_for_each(desk: Desk) -> None:
    """Each by its own ETag: one that changed meanwhile stands alone, and says what to do."""
    cases = [await desk.report() for _ in range(3)]
    browser = await desk.browser()
    page = (await browser.get("/board/list?show=all&choose=1")).text
    chosen = [re.findall(rf'value="({case["reference"]} \d+)"', page)[0] for case in cases]
    await desk.act(cases[2], "contact", {"name": "Sam Jones-Reyes"})
    sent: dict[str, Any] = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "from": "team"}
    sent |= {"act": "give", "contractor": FIRM, "row": chosen}
    answer = await browser.post("/board/list/several", data=sent)
    assert answer.status_code == 200
    assert f"2 of 3 given to {FIRM}" in answer.text
    assert answer.text.count("Not done.") == 1
    again = await browser.post("/board/list/several", data=sent)
    assert f"2 of 3 given to {FIRM}" in again.text, "pressed twice, it was done once"
    for case in cases[:2]:
        read = (await (await desk.acting()).get(f"/v1/repairs/{case['reference']}")).json()
        assert (read["contractor"], read["version"]) == (FIRM, case["version"] + 1)


async def test_rows_whose_details_give_no_answer_keep_reference_and_time(desk: Desk) -> None:
    """The rest of the page works."""
    case = await desk.report()
    async with desk.without("/v1/search") as browser:
        page = (await browser.get("/board/list?show=all")).text
    row = row_of(page, case["reference"])
    assert "Details are not available just now" in row
    assert "left" in row


async def test_a_board_page_is_a_few_calls_of_the_api(desk: Desk) -> None:
    """The worklist, the counts of its parts, and one search for the cases, however many kinds are shown."""
    await desk.report()
    await desk.report("/v1/enquiries", replace={"channel": "email", "subject": "Rent", "message": "How?"})
    async with desk.counted() as (browser, asked):
        assert (await browser.get("/board/list?show=all")).status_code == 200
    called = sorted(path for path in asked if path.startswith("/v1/"))
    assert called == ["/v1/search", *["/v1/worklist"] * 4]


async def test_a_case_that_nobody_has_is_taken_by_one_button(desk: Desk) -> None:
    """From its row or its page, at once; whoever pressed twice has it once, and a stale row takes nothing."""
    enquiry = {"channel": "email", "subject": "The rent", "message": "How do I pay?"}
    case = await desk.report("/v1/enquiries", replace=enquiry)
    reference, browser = case["reference"], await desk.browser()
    page = (await browser.get("/board/list?show=later")).text
    assert "Take it" in row_of(page, reference)
    [row] = re.findall(rf'form="take" name="row" value="({reference} \d+)"', page)
    sent = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "from": "later", "row": row}
    for _ in range(2):
        answer = await browser.post("/board/list/take", data=sent)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/board/list?show=later")
    assert "You have it now: The rent." in (await browser.get("/board/list?show=mine")).text
    read = (await (await desk.acting()).get(f"/v1/enquiries/{reference}")).json()
    assert (read["handler"]["name"], read["version"]) == ("Demo officer", case["version"] + 1)
    stale = await browser.post("/board/list/take", data={**sent, "key": "another"})
    assert stale.status_code == 409
    assert "It changed meanwhile" in stale.text
