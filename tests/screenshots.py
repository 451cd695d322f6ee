"""Pictures of the board for the README: `make screenshots` writes docs/images/ from a house of few cases."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Page, ViewportSize

from deploy.embedded import house
from shared.encryption import Keys
from shared.settings import Settings
from tests.gateway.serving import served
from tests.services.board.desk import FIRM, OFFICER, Desk
from tests.services.board.looking import Looker
from tests.support.asgi import requests_only
from tests.support.browser import browser_page
from tests.support.postgres import Databases, private_postgres

IMAGES = Path(__file__).parents[1] / "docs" / "images"
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=700)
CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("total-loss-of-water", {"vulnerable": True}),
    ("total-loss-of-electricity", {}),
    ("leaking-water-or-heating-pipe", {}),
    ("toilet-not-flushing", {}),
)


async def main() -> None:
    """Fill a house, look at it, and keep the pictures."""
    with tempfile.TemporaryDirectory(prefix="house-") as folder:
        async with private_postgres() as server:
            keys = Path(folder) / "keys"
            keys.mkdir()
            (keys / "asb.json").write_bytes(Keys.generate().as_file())
            settings = Settings(var=Path(folder) / "var", encryption_keys=keys, council="Havering Council")
            databases = Databases(server)
            urls = {name: await databases.fresh(name) for name in settings.directory.names}
            async with (
                house(settings, urls) as gateway,
                Desk.at(gateway) as desk,
                served(requests_only(gateway)) as at,
                browser_page() as page,
            ):
                await _look(desk, page, at)


async def _look(desk: Desk, page: Page, at: str) -> None:
    cases = []
    for number, (fault, more) in enumerate(CASES, start=1):
        home = {"address": f"Flat {number}, 14 Example Road", "postcode": "RM1 1AA"}
        cases.append(await desk.report(fault=fault, property=home, **more))
    await desk.act(cases[1], "assignment", {"contractor": FIRM})
    looker = Looker(page, at)
    await looker.sign_in(OFFICER)
    case = f"/board/cases/{cases[0]['reference']}"
    for name, path, size in (
        ("duty-list", "/board/list", DESK),
        ("duty-list-on-a-phone", "/board/list", PHONE),
        ("case", case, DESK),
        ("act", f"{case}/updates", DESK),
    ):
        await page.set_viewport_size(size)
        await looker.go(path)
        await page.screenshot(path=IMAGES / f"{name}.png", full_page=name == "duty-list")
        print(f"docs/images/{name}.png")


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    asyncio.run(main())
