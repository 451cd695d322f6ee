"""The duty officer's morning in a real browser, by keyboard and on a phone, with and without scripts."""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from tests.services.board.desk import ASB_OFFICER, FIRM, OFFICER, OPS, Desk
from tests.services.board.looking import Looker


@pytest.fixture
async def looker(browser: Browser, address: str) -> AsyncIterator[Looker]:
    """An officer who has signed in; nothing that they see comes from elsewhere, nor is anything refused."""
    looker = await Looker.in_window(browser, address)
    await looker.be(OFFICER)
    yield looker
    await looker.close()
    assert looker.elsewhere == []
    assert looker.complaints == []


async def test_axe_finds_nothing_on_any_page_at_the_desk_or_on_a_phone(looker: Looker, desk: Desk) -> None:
    """And none scrolls sideways at 320 pixels."""
    case = await desk.report(vulnerable=True)
    enquiry = {"channel": "email", "subject": "The rent", "message": "How do I pay?"}
    await desk.report("/v1/enquiries", replace=enquiry)
    reference = case["reference"]
    found = {}
    for path in (
        "/board/list",
        "/board/list?show=mine",
        "/board/list?choose=1",
        "/board/list?show=team&due=today",
        f"/board/cases/{reference}",
        f"/board/cases/{reference}/assignment",
        f"/board/cases/{reference}/updates",
        f"/board/cases/{reference}/contact",
        f"/board/cases/{reference}/photos",
        "/board/search",
        "/board/notices",
        "/board/figures?by=department",
        "/board/standards",
        "/board/calendar",
        "/board/nothing",
        "/board/sign-in",
        "/board/sign-out",
    ):
        await looker.go(path)
        found[path] = await looker.violations()
    await looker.go(f"/board/cases/{reference}/updates")
    await looker.page.click("main form:not(.board-search) button[type=submit]")
    await expect(looker.page.locator(".govuk-error-summary")).to_be_focused()
    found["an act with a mistake"] = await looker.violations()
    await looker.go(f"/board/cases/{reference}/contact")
    await looker.page.click("button[name=add]")
    await expect(looker.page.locator("#field-safe_times-1-days")).to_be_focused()
    found["one more of a list"] = await looker.violations()
    assert "\n".join(f"{path} {each}" for path, each in found.items() if each) == ""


async def test_axe_finds_nothing_where_ops_look(browser: Browser, address: str) -> None:
    """At night, on a phone, with one hand."""
    looker = await Looker.in_window(browser, address)
    await looker.sign_in(OPS)
    assert urlsplit(looker.page.url).path == "/board/ops"
    assert await looker.violations() == []
    await looker.close()


async def test_the_duty_officer_gives_a_job_to_a_firm_by_keyboard_alone(looker: Looker, desk: Desk) -> None:
    """From the row's one button to the banner and back to the row."""
    case, page = await desk.report(), looker.page
    await looker.go("/board/list?show=all")
    await page.focus(f"#next-{case['reference']}")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/assignment?from=all")
    await page.focus(f"input[name=contractor][value={FIRM}]")
    await page.keyboard.press("Space")
    await page.focus("main form:not(.board-search) button[type=submit]")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/board/list?show=all*")
    await expect(page.locator(".govuk-notification-banner")).to_contain_text("Given to the firm.")
    await expect(page.locator(".govuk-notification-banner")).to_be_focused()
    await expect(page.locator(f"#c-{case['reference']}")).to_contain_text(FIRM)


async def test_a_refresh_moves_nothing_under_a_finger(looker: Looker, desk: Desk) -> None:
    """Focus, place and ticks stay; what is new waits above."""
    case, page = await desk.report(), looker.page
    await looker.go("/board/list?show=all")
    button = page.locator(f"#next-{case['reference']}")
    await button.focus()
    before = await button.bounding_box()
    await desk.report(vulnerable=True)

    async def refreshed() -> int:
        async with page.expect_response(re.compile("/board/list/rows")) as answered:
            await page.evaluate(
                "document.getElementById('rows').dispatchEvent(new CustomEvent('board:refresh'))"
            )
        return (await answered.value).status

    # as if both had been read long ago
    parts = page.locator(".board-sub-navigation a")
    for stale in (page.locator("#heading"), parts.first):
        await stale.evaluate("each => { each.textContent = '3 late'; }")
    assert await refreshed() == 200
    waiting = re.compile(r"1 more since (.+[ap]m|midnight|midday)\. Show them")
    await expect(page.locator("#waiting")).to_contain_text(waiting)
    told = await page.locator("#rows").evaluate("rows => ({...rows.dataset})")
    await expect(page.locator("#heading")).to_have_text(told["heading"])
    await expect(page).to_have_title(re.compile(f"^{re.escape(told['title'])}"))
    await expect(parts.first).to_have_text(told["parts"].split("|")[0])
    await expect(button).to_be_focused()
    after = await button.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] == before["x"]
    assert abs(after["y"] - before["y"]) <= 1, "the row moved"
    statuses = [await refreshed() for _ in range(3)]  # a minute may pass between two, and no more
    assert 304 in statuses
    await expect(page.locator("#correct")).to_contain_text("Correct at")


async def test_everything_works_without_a_script(browser: Browser, address: str, desk: Desk) -> None:
    """Signing in, the list, an act with its date, the banner."""
    case = await desk.report()
    looker = await Looker.in_window(browser, address, scripts=False)
    await looker.sign_in(OFFICER)
    page = looker.page
    await page.goto(f"{address}/board/list?show=all")
    await page.click(f"#next-{case['reference']}")
    await page.goto(f"{address}/board/cases/{case['reference']}/updates")
    await page.check("input[name=type][value=accepted]")
    await page.click("main form:not(.board-search) button[type=submit]")
    await expect(page.locator(".govuk-notification-banner")).to_contain_text("The update is recorded.")
    assert looker.elsewhere == []
    await looker.close()


async def test_on_paper_there_are_rows_and_no_buttons(looker: Looker, desk: Desk) -> None:
    """With when it was printed, and by whom."""
    case, page = await desk.report(), looker.page
    await looker.go("/board/list?show=all")
    await page.emulate_media(media="print")
    await expect(page.locator(f"#c-{case['reference']}")).to_be_visible()
    await expect(page.locator("#printed")).to_have_text(
        re.compile(r"^Printed \w+day \d+ \w+, ([\d:]+[ap]m|midnight|midday) by Demo officer, 1 of 1\.$")
    )
    for hidden in (f"#next-{case['reference']}", ".govuk-service-navigation", ".board-search"):
        await expect(page.locator(hidden)).to_be_hidden()


async def test_on_paper_a_guarded_case_is_a_reference_and_a_time(
    browser: Browser, address: str, desk: Desk
) -> None:
    """A printout lies about: neither who has it nor of which department it is."""
    noise = {"category": "noise", "description": "Music at night", "channel": "online"}
    case = await desk.report("/v1/asb", ASB_OFFICER, replace=noise)
    looker = await Looker.in_window(browser, address)
    await looker.be(ASB_OFFICER)
    await looker.go("/board/list?show=all")
    await looker.page.emulate_media(media="print")
    row = looker.page.locator(f"#c-{case['reference']}")
    await expect(row.locator(".board-what > a")).to_have_text(case["reference"])
    await expect(row.locator("time")).to_be_visible()
    for hidden in await row.locator(".board-what > :not(a), .board-having, .board-next").all():
        await expect(hidden).to_be_hidden()
    await looker.close()


async def test_a_screen_reader_is_given_tables_with_their_headers_on_a_phone_too(
    looker: Looker, desk: Desk
) -> None:
    """Rows become cards by their style alone, so the roles are written out."""
    case, page = await desk.report(), looker.page
    await looker.go("/board/list?show=all")
    await page.set_viewport_size({"width": 320, "height": 900})
    given = await page.locator("table.board-list").first.aria_snapshot()
    for role in ("- table", "- rowgroup", 'columnheader "Time left"', "rowheader "):
        assert role in given
    assert case["reference"] in await page.locator("#rows").aria_snapshot()


async def test_a_page_that_back_brings_up_is_loaded_anew_once_its_session_is_over(looker: Looker) -> None:
    """While it lives, what was typed stays."""
    page, came_back = looker.page, "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    await looker.go("/board/search")
    field = page.locator("main input[type=text], main input[type=search]").first
    await field.fill("REP-0000")
    async with page.expect_response("**/board/session?*") as asked:
        await page.evaluate(came_back)
    assert (await asked.value).status == 204
    await expect(field).to_have_value("REP-0000")
    await page.context.clear_cookies()
    await page.evaluate(came_back)
    await expect(page.locator("h1")).to_have_text("Sign in to try this out")
