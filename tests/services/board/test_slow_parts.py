"""Time limits of a page, also where the gateway is in the same process and httpx limits nothing."""

import asyncio

import pytest

from tests.services.board.desk import OFFICER, Desk, SlowWay


@pytest.mark.parametrize("slow", ["timeline", "attachments", "search"])
async def test_a_part_that_takes_too_long_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    """The rest of the case is shown."""
    case = await desk.report()
    monkeypatch.setattr("services.board.client.PART_SECONDS", 2.0)
    async with desk.board_by(SlowWay(desk.gateway, **{slow: 60}), OFFICER) as browser, asyncio.timeout(20):
        page = await browser.get(f"/board/cases/{case['reference']}")
    assert page.status_code == 200
    assert "14 Example Road" in page.text


async def test_a_case_that_takes_too_long_cannot_be_shown_just_now(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits is told so, and is not left to wait."""
    case = await desk.report()
    monkeypatch.setattr("services.board.client.SECONDS", 2.0)
    way = SlowWay(desk.gateway, **{case["reference"]: 60})
    async with desk.board_by(way, OFFICER) as browser, asyncio.timeout(20):
        page = await browser.get(f"/board/cases/{case['reference']}")
    assert page.status_code == 503
