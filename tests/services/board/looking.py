"""Looking at pages in a browser: what axe finds, what goes elsewhere, what does not fit or is broken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Page, Request

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
LARGE_TEXT = Path(__file__).with_name("large_text.js")
WIDTHS = (1280, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What each violation is, and where: enough to find it by.
FOUND = """async (options) => (await axe.run(options)).violations.map(
  (each) => each.id + ": " + each.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | "))"""
SCROLLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"

# Words of headings, of captions and of what is pressed, that are broken at a line's end.
BROKEN = """() => {
  const WHOLE = /(?<!\\S)[A-Za-z]{2,15}(?![^\\s,.;:?])/g
  const found = []
  for (const each of document.querySelectorAll("h1, h2, h3, h4, caption, th, summary, button, label")) {
    if (each.closest(".govuk-visually-hidden, thead") && innerWidth < 641) continue
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(WHOLE)) {
      const range = document.createRange()
      range.setStart(texts.currentNode, word.index)
      range.setEnd(texts.currentNode, word.index + word[0].length)
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0])
    }
  }
  return found
}"""


@cache
def script(path: Path) -> str:
    """A script that is run in pages."""
    return path.read_text("utf-8")


SIGNED_IN: dict[tuple[str, str], Any] = {}
"""The cookies of everybody who has signed in at a house, for stories of which signing in is no part."""


@dataclass
class Looker:
    """A browser's window at one house, which notes what leaves it and what scripts complain of."""

    page: Page
    at: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def in_window(cls, browser: Browser, at: str, *, scripts: bool = True) -> "Looker":
        """A window of a browser that nobody has used."""
        context: BrowserContext = await browser.new_context(java_script_enabled=scripts)
        looker = cls(await context.new_page(), at)
        looker.page.on("request", looker._note)
        looker.page.on("console", lambda said: looker._hear(said.type, said.text))
        looker.page.on("pageerror", lambda error: looker.complaints.append(str(error)))
        return looker

    def _note(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.at).netloc:
            self.elsewhere.append(request.url)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:  # an error's page
            self.complaints.append(text)

    async def go(self, path: str) -> None:
        await self.page.goto(self.at + path)

    async def sign_in(self, person: str) -> None:
        """Choose a demo person, and come to the page that their work begins with."""
        await self.go("/board/sign-in")
        await self.page.click(f"#as-{person}")
        await self.page.wait_for_url(lambda url: not urlsplit(url).path.endswith("/sign-in"))
        SIGNED_IN[self.at, person] = await self.page.context.cookies()

    async def be(self, person: str) -> None:
        """Have signed in as a demo person, in this window or in an earlier one."""
        if (self.at, person) not in SIGNED_IN:
            await self.sign_in(person)
        await self.page.context.add_cookies(SIGNED_IN[self.at, person])

    async def violations(self) -> Sequence[str]:
        """Everything that axe finds on the page, and that it scrolls sideways, at each width.

        At the first width, that of a desk, what is lost at twice the size of text too.
        """
        found: list[str] = []
        await self.page.wait_for_load_state()
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(script(AXE))
        for width in WIDTHS:
            await self.page.set_viewport_size({"width": width, "height": 900})
            # stylesheets are loaded anew for the rule on orientation, which is the same at each width
            options = {"runOnly": RULES, "resultTypes": ["violations"], "preload": width == WIDTHS[0]}
            found += [f"{width}: {each}" for each in await self.page.evaluate(FOUND, options)]
            if await self.page.evaluate(SCROLLS):
                found.append(f"{width}: scrolls sideways")
            found += [f"{width}: {word} is broken" for word in await self.page.evaluate(BROKEN)]
        await self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        return [*found, *(f"text of 200 %: {each}" for each in await self.page.evaluate(script(LARGE_TEXT)))]

    async def close(self) -> None:
        await self.page.context.close()
