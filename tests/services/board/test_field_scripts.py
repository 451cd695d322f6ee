"""Scripts of those who work outside, run in a browser: what a phone keeps, for how long, and for whom."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from services.board.assets import STATIC
from tests.services.board.desk import OFFICER, Desk
from tests.services.board.looking import Looker, script
from tests.services.board.test_day import CONTRACTOR, job
from tests.services.board.test_outside import IS_KEPT
from tests.services.board.test_photos import HEIC
from tests.support.eventually import eventually

LONDON = ZoneInfo("Europe/London")
WORKER = STATIC / "field" / "worker.js"
HARNESS = Path(__file__).with_name("worker_harness.js")
PLACE = "/board/safety"
NAMES = "async () => (await caches.keys()).filter((name) => name.startsWith('board-field'))"
IMAGE: FilePayload = {"name": "tap.heic", "mimeType": "image/heic", "buffer": HEIC}


@pytest.fixture
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """A page of the board with the worker's script as it is, but in a window, whose clock can be set."""
    looker = await Looker.in_window(browser, address)
    await looker.go(PLACE)
    await looker.page.evaluate(
        script(HARNESS).replace("/* the worker */", script(WORKER)).replace("PLACE", PLACE)
    )
    yield looker.page
    await looker.close()
    assert looker.complaints == []


async def at(page: Page, time: str) -> None:
    """Set the phone's clock; a wrong weekday is an error."""
    weekday, _, moment = time.partition(" ")
    local = datetime.fromisoformat(moment).replace(tzinfo=LONDON)
    assert f"{local:%A}" == weekday
    await page.clock.set_fixed_time(local)


async def test_what_a_phone_keeps_goes_on_the_first_opening_after_four_in_the_morning(page: Page) -> None:
    """A night's work sees its pages at three; by day those of yesterday are gone before anything is shown."""
    await at(page, "Thursday 2026-11-26 22:00")
    await page.evaluate("(pages) => tell({ person: 'ada', pages, assets: [] })", [PLACE])
    assert await page.evaluate(NAMES) == [f"board-field {PLACE} 2026-11-26 ada"]
    await page.context.set_offline(True)
    await at(page, "Friday 2026-11-27 03:59")
    status, shown = await page.evaluate("() => open_page()")
    assert (status, "<body data-kept " in shown) == (200, True)
    await at(page, "Friday 2026-11-27 04:01")
    status, shown = await page.evaluate("() => open_page()")
    assert (status, shown.startswith("There is no signal")) == (503, True)
    assert await page.evaluate(NAMES) == []


async def test_a_page_that_the_net_has_is_the_one_that_is_shown_and_kept(page: Page) -> None:
    """Nothing stays of the night before, though it was not needed."""
    await at(page, "Thursday 2026-11-26 22:00")
    await page.evaluate("(pages) => tell({ person: 'ada', pages, assets: [] })", [PLACE])
    await at(page, "Friday 2026-11-27 07:00")
    status, shown = await page.evaluate("() => open_page()")
    assert (status, "data-kept" in shown) == (200, False)
    assert await page.evaluate(NAMES) == []


async def test_another_persons_pages_go_before_those_of_the_next_are_kept(page: Page) -> None:
    """On one phone, on one day."""
    await at(page, "Friday 2026-11-27 09:00")
    for person in ("ada", "bob"):
        await page.evaluate("([person, pages]) => tell({ person, pages, assets: [] })", [person, [PLACE]])
    assert await page.evaluate(NAMES) == [f"board-field {PLACE} 2026-11-27 bob"]


async def test_nobody_is_shown_the_pages_of_whoever_had_the_phone_before(page: Page) -> None:
    """Though the other did not sign out, and the first page of the next does not come."""
    await at(page, "Friday 2026-11-27 09:00")
    await page.evaluate("(pages) => tell({ person: 'ada', pages, assets: [] })", [PLACE])
    await page.context.add_cookies([{"name": "board-mark", "value": "bob", "url": page.url}])
    await page.context.set_offline(True)
    status, _ = await page.evaluate("() => open_page()")
    assert (status, await page.evaluate(NAMES)) == (503, [])


async def test_a_photo_is_made_small_as_it_is_chosen_and_one_that_cannot_be_read_is_sent_as_it_is(
    page: Page,
) -> None:
    """A resident's: what is left of it says neither where nor by whom."""
    await page.evaluate("() => photo_field()")
    sizes = await page.evaluate("() => choose(drawn(2400, 1800))")
    assert sizes == ["photo.jpg", "image/jpeg", 1600, 1200]
    as_it_is = await page.evaluate("() => choose(new File(['heic'], 'tap.heic', { type: 'image/heic' }))")
    assert as_it_is == ["tap.heic", "image/heic", 0, 0]


async def test_a_firm_says_not_ours_on_the_spot(browser: Browser, address: str, desk: Desk) -> None:
    """The reason is asked for before anything is kept; then the job is nobody's."""
    reference = await job(desk)
    looker = await Looker.in_window(browser, address)
    page = looker.page
    await looker.be(CONTRACTOR)
    await looker.go(f"/board/day/{reference}")
    await page.click("summary:has-text('Not ours')")
    await page.click("#not-ours")
    await expect(page.locator("[data-complaint]")).to_have_text("Say why it is not yours.")
    await page.get_by_label("It is another trade").check()
    await page.click("#not-ours")
    await expect(page.locator("#queue-status")).to_contain_text("All sent")
    api = await desk.acting()
    assert (await api.get(f"/v1/repairs/{reference}")).json()["contractor"] is None
    assert (looker.elsewhere, looker.complaints) == ([], [])
    await looker.close()


async def test_a_phone_shows_and_sends_nothing_of_one_person_as_another(
    browser: Browser, address: str, desk: Desk
) -> None:
    """Told without signal of a job that was taken meanwhile, with a photo that cannot be made small."""
    lost = await job(desk, property={"address": "5 Lost Lane", "postcode": "RM1 1AA"})
    looker = await Looker.in_window(browser, address)
    page, context = looker.page, looker.page.context
    status, troubles = page.locator("#queue-status"), page.locator("#queue-troubles")
    await looker.be(CONTRACTOR)
    await looker.go(f"/board/day/{lost}")
    await eventually(lambda: page.evaluate(NAMES), 10)
    await context.set_offline(True)
    api = await desk.acting()
    assert (await api.post("/v1/contractors", json={"name": "Example Joinery"})).status_code == 201
    await desk.act({"reference": lost}, "assignment", {"contractor": "Example Joinery"})
    await page.click("text=A photo alone")
    await page.set_input_files("#photo-photo", IMAGE)
    await page.click("button:text-is('Send the photo')")
    await expect(troubles).to_contain_text("This browser cannot make it small, so it stays on this phone.")
    await page.wait_for_timeout(2000)  # phones tell times to the second, and a second tap does nothing
    await page.click("[data-word]:not([hidden]) button")
    await expect(status).to_contain_text("1 not sent, no signal")

    await context.clear_cookies()
    await context.set_offline(False)
    await page.click("#send-now")
    await expect(status).to_contain_text("Sign in to send 1")
    await looker.be(OFFICER)
    await looker.go("/board/round?whose=all")
    await expect(status).to_contain_text("2 of somebody else are kept on this phone until they sign in.")
    await expect(page.locator("body")).not_to_contain_text("5 Lost Lane")
    await eventually(lambda: page.evaluate(IS_KEPT), 10)
    assert [name.split()[1] for name in await page.evaluate(NAMES)] == ["/board/round"]
    await context.set_offline(True)
    await page.reload()
    await expect(page.locator(".field-kept")).to_contain_text("No signal. This page is as it was ")
    await looker.go("/board/day")
    await expect(page.locator("body")).to_contain_text("this page is not kept on this phone")
    await context.set_offline(False)

    await context.clear_cookies()
    await looker.be(CONTRACTOR)
    await looker.go("/board/day")
    await expect(troubles).to_contain_text(f"No longer yours: {lost}, On my way")
    await expect(troubles).to_contain_text(f"No longer yours: a photo of {lost}.")
    await expect(page.locator("#queue")).not_to_contain_text("5 Lost Lane")
    told = await api.get(f"/v1/repairs/{lost}/updates")
    assert told.json()["items"] == []
    assert (looker.elsewhere, looker.complaints) == ([], [])
    await looker.close()
