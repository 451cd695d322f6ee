"""The interface in a browser: somebody who builds on it signs in there and tries it."""

import json
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.end_to_end.houses import House
from tests.support.browser import NoBrowser, browser_page

REPORT = {
    "property": {"address": "1 Mercury Gardens", "postcode": "RM1 3SL"},
    "fault": "tap-not-turning",
    "description": "The kitchen tap will not turn.",
    "channel": "online",
    "contact": {"name": "Ada Okafor", "email": "ada@example.org"},
}


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    try:
        async with browser_page() as opened:
            yield opened
    except NoBrowser as reason:
        pytest.skip(str(reason))


async def test_a_demo_client_signs_in_and_reports_a_repair(house_of_one_process: House, page: Page) -> None:
    """With id and secret in the dialog; nothing is fetched from another site, and no script is refused."""
    site = str(house_of_one_process.http.base_url)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(f"{site}/docs")
    await _sign_in(page, "demo-resident", "demo")
    await page.locator("#operations-tag-repairs").click()
    operation = page.locator("#operations-repairs-report_repair")
    await operation.locator(".opblock-summary-control").click()
    await operation.locator("textarea.body-param__text").fill(json.dumps(REPORT))
    await operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")
    await expect(answer.locator(".response-col_status").last).to_contain_text("201")
    await expect(answer).to_contain_text("repairs.priority-2.completed")
    assert {url for url in asked if not url.startswith((site, "data:"))} == set()
    assert complaints == []


async def _sign_in(page: Page, client: str, secret: str) -> None:
    await page.get_by_role("button", name="Authorize", exact=True).first.click()
    dialog = page.locator(".auth-container", has_text="clientCredentials")
    await dialog.get_by_label("client_id").fill(client)
    await dialog.get_by_label("client_secret").fill(secret)
    await dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
    await expect(dialog.get_by_role("button", name="Remove authorization")).to_be_visible()
    await dialog.get_by_role("button", name="Close").click()
