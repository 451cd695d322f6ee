"""Residents in a real browser: a tenant on a cracked phone, and somebody whose phone is watched."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.services.board.desk import RESIDENT, Desk
from tests.services.board.looking import SCROLLS, Looker
from tests.services.board.test_reports import offered

WEATHER = "https://www.bbc.co.uk/**"


@pytest.fixture
async def looker(browser: Browser, address: str) -> AsyncIterator[Looker]:
    """Somebody who has not signed in; the weather is a page of the test."""
    looker = await Looker.in_window(browser, address)
    await looker.page.route(WEATHER, _weather)
    yield looker
    await looker.close()
    assert [each for each in looker.elsewhere if "weather" not in each] == []
    assert looker.complaints == []


async def _weather(route: Route) -> None:
    await route.fulfill(content_type="text/html", body="<title>Weather</title><h1>Rain</h1>")


async def choose(page: Page, *labels: str) -> None:
    """Tick these, and go on."""
    for label in labels:
        await page.get_by_label(label, exact=True).check()
    await page.click("#continue")


async def fill(page: Page, **given: str) -> None:
    """Fill in fields by their labels, and go on."""
    for label, value in given.items():
        await page.get_by_label(label.replace("_", " ")).fill(value)


async def test_a_tenant_reports_from_a_cracked_phone_without_script_or_photo(
    browser: Browser, address: str, desk: Desk
) -> None:
    """Nothing scrolls sideways or stands in a corner alone, and the answer is one screen to save."""
    await offered(desk)
    looker = await Looker.in_window(browser, address, scripts=False)
    page = looker.page
    await page.set_viewport_size({"width": 320, "height": 640})
    await looker.go("/board")
    await page.click("#report")
    await expect(page.locator("h1")).to_have_text("In danger now? Ring, do not type")
    await page.click("#go-on")
    await choose(page, "Water, taps or pipes")
    await page.click("#continue")
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Answer this: Which of these is it?")
    await page.get_by_label("Tell us more").fill("The cold tap")
    await choose(page, "A tap that will not turn")
    await fill(page, Address="14 Example Road", Postcode="RM1 1AA")
    await page.click("#continue")
    await fill(page, Your_name="Sam Jones", Phone_number="01632 960001")
    await page.click("#back")
    await expect(page.get_by_label("Postcode")).to_have_value("RM1 1AA")
    await page.click("#continue")
    await expect(page.get_by_label("Phone number")).to_have_value("01632 960001")
    await page.click("#continue")
    assert not await page.evaluate(SCROLLS)
    await page.click("#send")
    await expect(page.locator(".govuk-panel__title")).to_have_text("We have your report")
    assert not await page.evaluate(SCROLLS)
    promise = await page.locator("main .govuk-body-l").first.bounding_box()
    assert promise is not None
    assert promise["y"] + promise["height"] <= 640
    await page.locator("input[name=slot]").first.check()
    await page.click("#book")
    await expect(page.locator("main")).to_contain_text("We come ")
    await looker.close()
    assert looker.elsewhere == []


async def test_a_watched_phone_shows_nothing_of_what_somebody_told(looker: Looker) -> None:
    """Its titles are those of any page, paper stays blank, and after Exit the way back shows nothing."""
    page = looker.page
    await looker.go("/board/report")
    titles = {await page.title()}
    await page.click("#go-on")
    await choose(page, "The way someone behaves")
    await expect(page.locator("h1")).to_have_text("Before you go on")
    await page.click("#continue")
    await page.wait_for_load_state()
    titles.add(await page.title())
    await choose(page, "Yes")
    await page.get_by_label("Phone number").fill("01632 960001")
    titles.add(await page.title())
    await choose(page, "Ring me")
    assert titles == {"Housing – Havering Council"}
    await page.get_by_label("Tell us what happened").fill("He shouts at me")
    await page.emulate_media(media="print")
    await expect(page.locator("h1")).to_be_hidden()
    await page.emulate_media(media="screen")
    await page.locator("h1").click()
    for _ in range(3):
        await page.keyboard.press("Shift")
    await expect(page).to_have_title("Weather")
    await page.go_back()
    await expect(page.locator("body")).not_to_contain_text("He shouts at me")
    await expect(page.get_by_label("Tell us what happened")).to_have_count(0)


async def test_a_page_that_the_browser_kept_shows_nothing_once_somebody_has_left(
    looker: Looker,
) -> None:
    """Signed in: the way back from the weather leads to the sign-in."""
    page = looker.page
    await looker.sign_in(RESIDENT)
    await looker.go("/board/mine/everything")
    await expect(page.locator("h1")).to_have_text("My cases")
    await page.click(".govuk-js-exit-this-page-button")
    await expect(page).to_have_title("Weather")
    await page.go_back()
    await expect(page.locator("h1")).to_have_text("Sign in to try this out")


async def test_axe_finds_nothing_on_pages_of_residents(looker: Looker, desk: Desk) -> None:
    """At a desk and on a phone."""
    case = await desk.report(person=RESIDENT, channel="online")
    page, found = looker.page, {}
    for path in ("/board", "/board/report", "/board/report/1", "/board/track", "/board/safety"):
        await looker.go(path)
        found[path] = await looker.violations()
    await looker.go("/board/report/1")
    await page.click("#continue")
    found["a mistake"] = await looker.violations()
    await choose(page, "The way someone behaves")
    found["before you go on"] = await looker.violations()
    await page.click("#continue")
    await choose(page, "Yes")
    found["how to reach you"] = await looker.violations()
    await page.get_by_label("Phone number").fill("01632 960001")
    await choose(page, "Ring me")
    await page.get_by_label("Tell us what happened").fill("Loud music")
    await choose(page, "Noise")
    found["check"] = await looker.violations()
    await page.click("#send")
    found["answer"] = await looker.violations()
    await looker.be(RESIDENT)
    for path in (
        "/board/mine",
        f"/board/mine/{case['reference']}",
        f"/board/mine/{case['reference']}/contact",
    ):
        await looker.go(path)
        found[path] = await looker.violations()
    assert "\n".join(f"{path} {each}" for path, each in found.items() if each) == ""
