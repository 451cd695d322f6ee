"""Ops look at messages that could not be handled, try them once more, and discard what nobody can handle."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect

from deploy.dead_letters import arguments, run
from shared.clock import system_clock
from tests.services.board.desk import OPS, Desk, Way, hidden
from tests.services.board.looking import Looker
from tests.shared.messaging.facts import event

QUEUE = "repairs"
FAULT = "KeyError at services/repairs/case/rules.py:12 in rule's"
Bury = Callable[..., None]


@pytest.fixture
def bury(house_folder: Path) -> Iterator[Bury]:
    """Leave messages among the dead letters of repairs, which are not there before or after."""
    folder = house_folder / "dead-letters" / QUEUE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    def leave(*bodies: bytes, reason: str = FAULT) -> None:
        for body in bodies:
            path = folder / f"{len(list(folder.glob('*.json'))) + 1:08d}.json"
            path.with_suffix(".reason").write_text(reason)
            path.write_bytes(body)

    yield leave
    shutil.rmtree(folder)


def form_of(page: str, number: int = 1) -> dict[str, str]:
    """The hidden fields of the form of one group on the page."""
    [_, *forms] = page.split('action="/board/ops/dead-letters"')
    form = forms[number - 1].partition("</form>")[0]
    return {name: hidden(form, name) for name in ("csrf", "key", "queue", "ids")}


async def pressed(browser: httpx.AsyncClient, act: str, **typed: str) -> httpx.Response:
    """The page after a button of the first group was pressed."""
    sent = {**form_of((await browser.get("/board/ops")).text), "act": act, **typed}
    answer = await browser.post("/board/ops/dead-letters", data=sent)
    return await browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


def words_of(page: str) -> str:
    """The text of a page in one line."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())


async def test_dead_letters_are_by_why_with_count_and_oldest(desk: Desk, bury: Bury) -> None:
    """The oldest by when its event was recorded, as an instant; nothing of a case."""
    bury(event("REP-0000-0000").to_json(), b"{", event("REP-0000-0000", 2).to_json())
    bury(b"[]", reason="no event: TypeError")
    browser = await desk.browser(OPS)
    page = (await browser.get("/board/ops")).text
    words = words_of(page)
    assert "Repairs could not handle 4 messages; there should be none." in words
    assert f"{FAULT} 3 messages. The oldest is a permits" not in words
    assert f"{FAULT} 3 messages. The oldest is permits.noted of Monday 23 November" in words
    assert '<time datetime="2026-11-23T09:30:00+00:00">' in page
    assert "no event: TypeError 1 message. The oldest is no event, given up on" in words
    assert "REP-0000-0000" not in page
    assert ('id="dead-letters"' in page, 'id="repairs-dead-letters"' in page) == (True, True)
    assert "docs/running.md, “Messages could not be handled”" in words


async def test_a_try_shows_queued_tried_and_back_again(desk: Desk, bury: Bury) -> None:
    """Letters that fail again are told from those that were never tried."""
    bury(b"{", b"[")
    browser = await desk.browser(OPS)
    words = words_of((await pressed(browser, "try-one")).text)
    assert "1 message queued to be tried." in words
    assert re.search("What became of the try Queued 1 message of repairs, .* Tried All of them", words)
    assert "Back again 1 " in words
    assert "1 was tried again before, and is back." in words
    earlier = {"queue": QUEUE, "tried": "1", "at": (system_clock() - timedelta(hours=1)).isoformat()}
    shown = await browser.get("/board/ops", params=earlier)
    assert "Back again None so far" in words_of(shown.text)


async def test_all_of_a_reason_are_tried_at_once(desk: Desk, bury: Bury) -> None:
    """And those of another reason are not."""
    bury(b"{", b"[")
    bury(b"x", reason="another")
    browser = await desk.browser(OPS)
    assert "Try all 2" in words_of((await browser.get("/board/ops")).text)
    words = words_of((await pressed(browser, "try-all")).text)
    assert "Queued 2 messages of repairs" in words
    assert "another 1 message. The oldest is no event" in words


async def test_pressing_twice_tries_once(desk: Desk, bury: Bury) -> None:
    """The second press is answered as the first was."""
    bury(b"{")
    browser = await desk.browser(OPS)
    sent = {**form_of((await browser.get("/board/ops")).text), "act": "try-one"}
    answers = [await browser.post("/board/ops/dead-letters", data=sent) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]


async def test_a_try_whose_answer_was_lost_is_sent_again_under_its_key(desk: Desk, bury: Bury) -> None:
    """It cannot happen twice, and the page says by which number it is found in the log."""
    bury(b"{")
    way = Way(desk.gateway)
    async with desk.board_by(way, OPS) as browser:
        sent = {**form_of((await browser.get("/board/ops")).text), "act": "try-one"}
        way.loses_answers = True
        answer = await browser.post(
            "/board/ops/dead-letters", data=sent, headers={"X-Request-ID": "a-night-at-three"}
        )
    assert answer.status_code == 504
    assert "it cannot happen twice" in answer.text
    assert hidden(answer.text, "key") == sent["key"]
    assert "a-night-at-three" in answer.text


async def test_a_discard_needs_a_reason_and_keeps_it(desk: Desk, bury: Bury) -> None:
    """One that the API refuses stays in its field."""
    bury(b"{")
    browser = await desk.browser(OPS)
    refused = await pressed(browser, "discard", reason=" ")
    assert refused.status_code == 422
    assert "Say why nobody can or need handle them." in refused.text
    too_long = "It is a copy. " * 20
    refused = await pressed(browser, "discard", reason=too_long)
    assert refused.status_code == 422
    assert f'value="{too_long}"' in refused.text
    assert '<a href="#repairs-1-reason">' in refused.text
    words = words_of((await pressed(browser, "discard", reason="A copy")).text)
    assert "1 message discarded, and kept with your name and the reason." in words
    assert "could not be handled None." in words


async def test_more_than_are_shown_are_counted(desk: Desk, bury: Bury) -> None:
    """A hundred are shown, and an act is on those."""
    bury(*(b"%d" % number for number in range(101)))
    words = words_of((await (await desk.browser(OPS)).get("/board/ops")).text)
    assert "Repairs could not handle 101 messages" in words
    assert "The first 100 of 101 are shown." in words
    assert "Try the first 100" in words


async def test_beside_each_button_is_the_command_that_does_the_same(
    desk: Desk, bury: Bury, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command is run as it stands there, but for the reason of a discard."""
    bury(b"{", b"[", b"x")
    browser = await desk.browser(OPS)

    async def said_by(words: str, *more: str) -> str:
        page = (await browser.get("/board/ops")).text
        [command] = re.findall(f'aria-label="The command that {words}">([^<]+)<', page)
        program, *given = shlex.split(unescape(command).replace("…", "A copy"))[2:]
        assert program == "deploy.dead_letters"
        await run(arguments(["--url", address, *given, *more]))
        return capsys.readouterr().out

    assert f"3 for: {FAULT}" in await said_by("shows more of repairs-dead-letters")
    tried = await said_by("tries the oldest of repairs-1", "--wait", "0")
    assert "Queued: 1." in tried
    assert "Back again: 1." in tried
    assert "Queued: 2." in await said_by("tries all of repairs-1", "--wait", "0")
    assert "Discarded: 3." in await said_by("discards repairs-1")


async def test_a_reason_is_kept_where_more_came_to_its_group(desk: Desk, bury: Bury) -> None:
    """Another message fails for the same reason while somebody types."""
    bury(b"{")
    browser = await desk.browser(OPS)
    sent = {**form_of((await browser.get("/board/ops")).text), "act": "discard", "reason": "A copy " * 40}
    bury(b"[")
    refused = await browser.post("/board/ops/dead-letters", data=sent)
    assert refused.status_code == 422
    assert f'value="{"A copy " * 40}"' in refused.text


async def test_enter_in_the_reason_discards(browser: Browser, address: str, bury: Bury) -> None:
    """Enter does what the button beside it does; the first button of the group is another act."""
    bury(b"{")
    looker = await Looker.in_window(browser, address)
    await looker.be(OPS)
    await looker.go("/board/ops")
    await looker.page.click("#repairs-1 summary")
    await looker.page.fill("#repairs-1-reason", "A copy")
    await looker.page.press("#repairs-1-reason", "Enter")
    await expect(looker.page.locator(".govuk-notification-banner")).to_contain_text("1 message discarded")
    await looker.close()


async def test_axe_finds_nothing_where_dead_letters_are(browser: Browser, address: str, bury: Bury) -> None:
    """With findings, groups and their commands; after a mistake; and where a try is followed."""
    bury(b"{", b"[")
    bury(b"x", reason=f"{FAULT} {'that goes on and on ' * 8}")
    looker = await Looker.in_window(browser, address)
    await looker.be(OPS)
    await looker.go("/board/ops")
    found = {"letters": await looker.violations()}
    await looker.page.click("#repairs-1 summary")
    await looker.page.click("#repairs-1-discard")
    await expect(looker.page.locator(".govuk-error-summary")).to_be_focused()
    found["a mistake"] = await looker.violations()
    await looker.page.click("#repairs-1-try-all")
    await expect(looker.page.locator("#tried dd").first).to_contain_text("2 messages of repairs")
    found["a try"] = await looker.violations()
    await looker.close()
    assert "\n".join(f"{name} {each}" for name, each in found.items() if each) == ""
