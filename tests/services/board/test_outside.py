"""Those who work outside, in a real browser: a contractor in a lift shaft, a caretaker with cold hands."""

import io
import re
from datetime import UTC, datetime, timedelta

from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, Route, expect

from tests.services.board.desk import OFFICER, Desk
from tests.services.board.looking import Looker
from tests.services.board.test_day import CONTRACTOR, job
from tests.services.board.test_rounds import site
from tests.support.eventually import eventually

KEY = re.compile(rb'name="key"\r\n\r\n(\w[\w-]+)')
FAST = timedelta(minutes=10)
LARGE = (2400, 1800)
QUIET = 1050
IS_KEPT = "async () => Boolean(await caches.match(location.href))"
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("board-field"));
  const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return kept.reduce((sum, each) => sum + each, 0);
}"""


def photo(shade: str) -> FilePayload:
    """A photo as a phone's camera takes it, larger than is sent."""
    picture = io.BytesIO()
    Image.new("RGB", LARGE, shade).save(picture, "JPEG")
    return {"name": f"{shade}.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


async def say(page: Page, word: str) -> None:
    """Press the big button of a word, and pass the moment in which a second tap does nothing."""
    button = page.locator("[data-word]:not([hidden]) button")
    await expect(button).to_have_text(word)
    await button.click()
    await expect(page.locator("#reached")).to_contain_text("kept on this phone")
    await page.clock.run_for(QUIET)


async def lose_first_answer(page: Page) -> list[str]:
    """Have the first batch arrive and its answer be lost; gives the keys of all batches."""
    keys: list[str] = []

    async def pass_on(route: Route) -> None:
        sent = route.request.post_data_buffer or b""
        keys.extend(key.decode() for key in KEY.findall(sent))
        answer = await route.fetch()
        await (route.fulfill(response=answer) if len(keys) > 1 else route.abort())

    await page.context.route("**/board/day/queue/updates", pass_on)
    return keys


async def test_a_contractor_in_a_lift_shaft_loses_nothing_and_says_nothing_twice(
    browser: Browser, address: str, desk: Desk
) -> None:
    """Five updates and two photos, offline; the page loaded again, the clock fast, signed in once more."""
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)  # the moments that its clock passes lie before now
    reference = await job(desk, received_at=f"{an_hour_ago:%Y-%m-%dT%H:%M:%SZ}")
    looker = await Looker.in_window(browser, address)
    page, context = looker.page, looker.page.context
    fast = datetime.now().astimezone() + FAST
    await page.clock.install(time=fast)
    await looker.sign_in(CONTRACTOR)
    assert await looker.violations() == []
    await eventually(lambda: page.evaluate(KEPT), 10)
    await page.click(f"#v-{reference} a")
    assert await looker.violations() == []

    await context.set_offline(True)
    await say(page, "On my way")
    await page.reload()
    await say(page, "Here")
    await say(page, "Made safe")
    await page.click("text=No access")
    await page.check("input[name=way][value=knocked]")
    await page.set_input_files("#no_access-photo", photo("red"))
    await page.click("button:text-is('No access')")
    await page.clock.run_for(QUIET)
    await page.check("input[name=clean_and_tidy][value=yes]")
    await page.check("input[name=identification_shown][value=yes]")
    await page.set_input_files("#completed-photo", photo("blue"))
    await page.click("#done button")
    status = page.locator("#queue-status")
    await expect(status).to_contain_text("7 not sent, no signal. They are safe on this phone.")

    await context.clear_cookies()
    await context.set_offline(False)
    await page.click("#send-now")
    await expect(status).to_contain_text("Sign in to send 7")
    keys = await lose_first_answer(page)
    await looker.sign_in(CONTRACTOR)
    await expect(status).to_contain_text("7 not sent, no signal")
    await looker.go("/board/sign-out")
    await expect(page.locator("main")).to_contain_text("7 are not sent yet. They stay on this phone")
    await looker.go("/board/day")
    await expect(status).to_contain_text("All sent")
    await expect(status).to_contain_text("clock is 10 minutes fast. The times are put right.")
    assert len(keys) == 2
    assert len(set(keys)) == 1, "a batch was not sent again under its own key"

    api = await desk.acting(OFFICER)
    updates = (await api.get(f"/v1/repairs/{reference}/updates")).json()["items"]
    assert sorted(each["type"] for each in updates) == [
        "attended",
        "completed",
        "en_route",
        "made_safe",
        "no_access",
    ]
    assert all(each["occurred_at"] <= each["recorded_at"] for each in updates)
    photos = (await api.get(f"/v1/repairs/{reference}/attachments")).json()["items"]
    assert len(photos) == 2
    await page.click(".govuk-footer a:text('Sign out')")
    await page.click("#sign-out")
    await expect(page.locator("h1")).to_have_text("You are signed out")
    await eventually(lambda: page.evaluate("async () => (await caches.keys()).length === 0"), 5)
    assert (looker.elsewhere, looker.complaints) == ([], [])
    await looker.close()


async def test_a_caretaker_with_cold_hands_can_tap_twice_and_undo(
    browser: Browser, address: str, desk: Desk
) -> None:
    """A tick is kept at once, and sent after 20 seconds or with the next signal; paper has the sheet."""
    reference = await site(desk, name="Cold Tower")
    looker = await Looker.in_window(browser, address)
    page = looker.page
    await page.clock.install()
    await looker.be(OFFICER)
    for path in ("/board/round/paper?whose=all", "/board/round/report", "/board/round?whose=all"):
        await looker.go(path)
        assert await looker.violations() == []
    card = page.locator(f"#c-{reference}")
    row = card.locator("label", has_text="Inside")
    box = await row.bounding_box()
    assert box is not None
    assert box["height"] >= 56
    await row.dblclick()
    await expect(card.get_by_label("Inside")).to_be_checked()
    await card.get_by_role("button", name="Undo Inside").click()
    await expect(card.get_by_label("Inside")).not_to_be_checked()
    await row.click()
    await page.reload()  # what was ticked is sent at the next opening
    await expect(card.get_by_text("Ring the office to change it.")).to_have_count(1)
    await eventually(lambda: page.evaluate(IS_KEPT), 10)
    await page.context.set_offline(True)
    await page.reload()  # in the cellar
    await card.locator("label", has_text="All of it").click()
    await expect(card.get_by_role("button", name="Undo Lifts")).to_be_visible()
    await page.clock.fast_forward(20_100)  # and after 20 seconds
    await expect(card.get_by_text("Ring the office to change it.")).to_have_count(4)
    await expect(page.locator("#queue-status")).to_contain_text("not sent, no signal")
    await page.context.set_offline(False)
    # the signal sends it too, and may have hidden the button by now
    await page.locator("#send-now").dispatch_event("click")
    await expect(page.locator("#queue-status")).to_contain_text("All sent")
    api = await desk.acting(OFFICER)

    async def is_cleaned() -> bool:
        return (await api.get(f"/v1/estates/sites/{reference}")).json()["cleaned_at"] is not None

    await eventually(is_cleaned)  # the page says "All sent" of the first tick already

    await card.get_by_text("Report something here").click()
    await page.check("#report input[value=needles]")
    await page.set_input_files("#report-photo", photo("green"))
    await page.click("#report button")
    await expect(page.locator("#report")).to_be_hidden()

    async def is_reported() -> bool:
        issues = (await api.get("/v1/estates/issues", params={"site": reference})).json()["items"]
        if [each["kind"] for each in issues] != ["needles"]:
            return False
        photos = await api.get(f"/v1/estates/issues/{issues[0]['reference']}/attachments")
        return len(photos.json()["items"]) == 1

    await eventually(is_reported, 10)

    await page.emulate_media(media="print")
    await expect(page.locator(".field-sheet")).to_be_visible()
    await expect(page.locator("#round")).to_be_hidden()
    await expect(page.locator(".govuk-service-navigation")).to_be_hidden()
    assert (looker.elsewhere, looker.complaints) == ([], [])
    await looker.close()
