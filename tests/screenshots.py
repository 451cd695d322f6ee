"""Pictures of the board for the README: `make screenshots` writes docs/images/ from a house of few cases.

They are of a working morning, whenever they are taken: late in the day nothing new is due today.
"""

import asyncio
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Page, ViewportSize

from deploy.embedded import house
from shared.encryption import Keys
from shared.settings import Settings
from tests.gateway.serving import served
from tests.services.board.desk import FIRM, OFFICER, Desk
from tests.services.board.looking import Looker
from tests.support.asgi import requests_only
from tests.support.browser import browser_page
from tests.support.faketime import NoFaketime, starting_at
from tests.support.postgres import Databases, private_postgres

IMAGES = Path(__file__).parents[1] / "docs" / "images"
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=700)
MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=ZoneInfo("Europe/London"))
IN_THE_MORNING = "in-the-morning"


def rung_in(hour: int, minute: int) -> dict[str, Any]:
    """The channel and time of a report that came by telephone on that morning."""
    return {"channel": "phone", "received_at": MORNING.replace(hour=hour, minute=minute).isoformat()}


CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("total-loss-of-water", {"vulnerable": True, **rung_in(4, 55)}),
    ("total-loss-of-electricity", rung_in(5, 45)),
    ("leaking-water-or-heating-pipe", {}),
    ("toilet-not-flushing", {}),
)


async def main() -> None:
    """Fill a house, look at it, and keep the pictures."""
    with tempfile.TemporaryDirectory(prefix="house-") as folder:
        async with private_postgres() as server:
            os.environ.pop("LD_PRELOAD")  # a browser does not run under another clock
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


def start_in_the_morning() -> None:
    """Become this program at that time."""
    try:
        environment = starting_at(MORNING)
    except NoFaketime as reason:
        sys.exit(f"Cannot: {reason}")
    os.execve(sys.executable, (sys.executable, "-m", "tests.screenshots", IN_THE_MORNING), environment)


if __name__ == "__main__":
    if IN_THE_MORNING not in sys.argv:
        start_in_the_morning()
    IMAGES.mkdir(parents=True, exist_ok=True)
    asyncio.run(main())
