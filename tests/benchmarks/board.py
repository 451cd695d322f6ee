"""The board before 10,000 open cases: how long a page takes, its calls of the API, and its weight."""

import re
import time
from collections.abc import Sequence
from itertools import cycle, islice
from statistics import median

import httpx

from gateway.clients import add_to_file, demo_clients
from services.board.assets import Assets
from services.board.main import create_app
from shared.directory import DIRECTORY
from shared.settings import Settings
from tests.benchmarks.figures import BenchmarkFailed, Figure, Section, Steps, milliseconds
from tests.benchmarks.house import House, Servers, house
from tests.benchmarks.load import closed_loop, percentile
from tests.benchmarks.running import CONNECTIONS, run_load
from tests.services.board.desk import OFFICER, sign_in
from tests.support.weight import first_view

OPEN_CASES = 10_000
TURN_SECONDS = 5.0
WARM_UP, LOOKS = 5, 100
HOMES = 1_000
LIST = "/board/list?show=all"
# A page of a case looks for others at its home, wherever they may be; letters are no part of it.
SHOWN = (*(row.name for row in DIRECTORY.services), "notifications-consumer", "gateway")
CASE = re.compile(r"/board/cases/REP-[0-9A-Z]{4}-[0-9A-Z]{4}")


class CountingTransport(httpx.AsyncHTTPTransport):
    """The way from the board to the gateway, which counts the calls."""

    calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        return await super().handle_async_request(request)


async def board_pages(servers: Servers, steps: Steps) -> list[Section]:
    """The duty list and the page of a case, each looked at one after the other by one officer."""
    async with house(servers, steps, SHOWN) as running:
        await _filled(running, steps)
        officer = next(client for client in demo_clients() if client.id == OFFICER)
        add_to_file(running.settings.clients_path(), officer)
        way = CountingTransport()
        app = create_app(Settings(gateway_url=running.settings.gateway_url), way, (OFFICER,))
        async with (
            app.running(),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as browser,
        ):
            await sign_in(browser, OFFICER)
            with steps.step(f"{LOOKS} looks at the list, and at cases on it"):
                figures = await _looked_at(browser, way, "the list", [LIST], 0.5)
                shown = (await browser.get(LIST)).text
                cases = sorted(set(CASE.findall(shown)))
                if not cases:
                    raise BenchmarkFailed("The list shows no case that could be looked at.")
                figures += await _looked_at(browser, way, "a case", cases, 0.4)
            figures.append(_weight(shown))
    return [(f"The board, with {OPEN_CASES:,} open cases", figures)]


async def _filled(running: House, steps: Steps) -> None:
    with steps.step(f"reporting {OPEN_CASES:,} cases", OPEN_CASES) as step:
        stored = 0
        while stored < OPEN_CASES:
            answers = await run_load(closed_loop, running.front_door(True, HOMES), CONNECTIONS, TURN_SECONDS)
            stored += len(answers.references)
            await running.until_stored(stored)
            step.advance(len(answers.references))


async def _looked_at(
    browser: httpx.AsyncClient, way: CountingTransport, what: str, paths: Sequence[str], goal: float
) -> list[Figure]:
    seconds: list[float] = []
    for path in islice(cycle(paths), WARM_UP + LOOKS):
        way.calls, began = 0, time.perf_counter()
        (await browser.get(path)).raise_for_status()
        seconds.append(time.perf_counter() - began)
    counted = seconds[WARM_UP:]
    slowest = percentile(counted, 0.95)
    reached = "reached" if slowest <= goal else "NOT reached"
    return [
        Figure(f"{what}, p50", milliseconds(median(counted)), f"in {way.calls} calls of the API"),
        Figure(f"{what}, p95", milliseconds(slowest), f"goal {goal * 1000:.0f} ms {reached}"),
    ]


def _weight(shown: str) -> Figure:
    """The list and all that it loads, compressed, as a first visit does."""
    weights = first_view(shown, Assets("/board/assets"))
    return Figure(
        "first view, compressed",
        f"{sum(weights.values()) / 1000:.1f} kB",
        f"the page itself {weights[''] / 1000:.1f} kB, and {len(weights) - 1} files",
    )
