"""A browser for tests: Debian's Chromium, driven by Playwright."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright

from tests.support import programs


class NoBrowser(Exception):
    """There is no Chromium and apt-get may not install it."""


@asynccontextmanager
async def browser_page() -> AsyncIterator[Page]:
    """A page of a browser that has no profile; raises NoBrowser."""
    program = await asyncio.to_thread(programs.found_or_installed, "chromium", "chromium")
    if program is None:
        raise NoBrowser("No chromium is installed, and apt-get may not install it.")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=program, args=as_root)
        try:
            yield await browser.new_page()
        finally:
            await browser.close()
