"""The frame of every page: what it is protected by, what it loads, and what is said where nothing is."""

import re

import httpx
import pytest

from services.board.assets import Assets
from services.board.sealing import Sealer
from tests.services.board.desk import FIRM, OFFICER, RESIDENT, Desk
from tests.support.weight import first_view

ASSET = re.compile(r'(?:href|src)="(/board/assets/[^"]+)"')
FIRST_VIEW_BYTES = 60 * 1024


async def test_a_page_loads_from_its_own_site_alone_and_has_nothing_inline(board: httpx.AsyncClient) -> None:
    """So the policy can forbid all else, and nobody learns from where it was read."""
    answer = await board.get("/board")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
    assert [address for address in addresses if not address.startswith(("/board", "#"))] == []
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", answer.text)


async def test_assets_are_kept_for_ever_under_an_address_of_their_content(board: httpx.AsyncClient) -> None:
    """A page names the present ones; an older address leads nowhere."""
    addresses = ASSET.findall((await board.get("/board")).text)
    assert len(addresses) >= 4
    for address in addresses:
        answer = await board.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
    old = re.sub(r"assets/\w+/", "assets/000000000000/", addresses[0])
    assert (await board.get(old)).status_code == 404


@pytest.mark.parametrize(
    ("who", "path", "loads"),
    [
        (OFFICER, "/board/list", "htmx.min.js"),
        (RESIDENT, "/board/mine", "board.css"),
        (FIRM, "/board/day", "queue.js"),
    ],
)
async def test_the_first_view_is_light(desk: Desk, who: str, path: str, loads: str) -> None:
    """For an officer, whose list refreshes itself, a resident, and a firm, whose day keeps a queue."""
    shown = await (await desk.browser(who)).get(path)
    weights = first_view(shown.text, Assets("/board/assets"))
    assert {"govuk-frontend.min.css", "govuk-frontend.min.js", loads} <= weights.keys()
    assert sum(weights.values()) < FIRST_VIEW_BYTES


async def test_the_crown_and_the_typeface_of_gov_uk_are_not_used(board: httpx.AsyncClient) -> None:
    """They are for gov.uk alone; a font that is still named would be asked for and refused."""
    [address] = [
        each for each in ASSET.findall((await board.get("/board")).text) if "govuk" in each and "css" in each
    ]
    css = (await board.get(address)).text
    assert "@font-face" not in css
    assert "GDS Transport" not in css


@pytest.mark.parametrize("path", ["/board/nothing", "/board/", "/board/assets/nothing.css"])
async def test_what_is_not_there_is_a_page_that_says_what_to_do(board: httpx.AsyncClient, path: str) -> None:
    """The same for every address."""
    answer = await board.get(path)
    assert answer.status_code == 404
    if "assets" not in path:
        assert "Page not found" in answer.text
        assert "ring us" in answer.text


def test_what_is_sealed_opens_for_its_own_purpose_alone() -> None:
    """And not when it was changed, is too old, or was sealed by somebody else."""
    sealer = Sealer("secret")
    sealed = sealer.seal("banner", "Given to Example Plumbing")
    assert sealer.open("banner", sealed) == "Given to Example Plumbing"
    assert "Plumbing" not in sealed
    for purpose, given in (("session", sealed), ("banner", sealed[:-4]), ("banner", "é"), ("banner", None)):
        assert sealer.open(purpose, given) is None
    assert Sealer("another").open("banner", sealed) is None
    assert sealer.open("banner", sealed, -1) is None
