"""Ops at 3 am: what is wrong in sentences, each with its limit and its command, however much is down."""

import asyncio
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.board.presenting.dead_letters import Replay, became, listed
from services.board.presenting.ops import RUNBOOK, SECTIONS, Kind, by_kind, findings, heading, span
from shared.directory import DIRECTORY
from tests.services.board.desk import OPS, Desk, SlowWay, Way

WELL = {
    "database": "ok",
    "broker": "ok",
    "oldest_unpublished_seconds": 0.0,
    "oldest_owed_notice_seconds": None,
    "cases_without_promises": 0,
    "disputed_cases": None,
}


def status(**services: Any) -> dict[str, Any]:
    """A status in which these services say so of themselves; None is a silent one."""
    return {
        "services": {name: {"state": "", "reported": said} for name, said in services.items()},
        "front_ends": {"board": "ok"},
        "behind_calendar": [],
    }


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (None, "Repairs does not answer within a second."),
        ({**WELL, "broker": "away"}, "Repairs has no broker: away."),
        (
            {**WELL, "oldest_unpublished_seconds": 7300.0},
            "Repairs has had an event that is not published for 2 hours; the limit is 1 minute.",
        ),
        (
            {**WELL, "oldest_owed_notice_seconds": 301.0},
            "Repairs has had a notice that has not left for 5 minutes; the limit is 5 minutes.",
        ),
        (
            {**WELL, "cases_without_promises": 1},
            "Repairs has 1 case without their promises; there should be none.",
        ),
    ],
)
def test_a_finding_is_a_sentence_with_its_limit(said: Any, sentence: str) -> None:
    """And a command that shows more, and an address that an alert can link to."""
    [found] = findings(status(repairs=said), [], [])
    assert found.said == sentence
    assert found.command == "tail -n 50 var/log/repairs.log"
    assert found.anchor.startswith("repairs-")
    assert heading([found]) == "1 thing is wrong"


def test_nothing_wrong_is_said_at_once() -> None:
    assert findings(status(repairs=WELL, asb=WELL), [], []) == []
    assert heading([]) == "All well"


def letter(id: str, reason: str, recorded_at: str | None = None, **more: Any) -> dict[str, Any]:
    """A dead letter as the API tells it."""
    kept = {"type": "asb.damage-reported", "recorded_at": recorded_at, "died_at": None, "replayed_at": None}
    return {"id": id, "reason": reason, **kept, **more}


def answer(*letters: dict[str, Any], total: int = 0, **more: Any) -> dict[str, Any]:
    """The dead letters of a queue as the API tells them."""
    return {"items": list(letters), "total": total or len(letters), "reasons": None, "waiting": 0, **more}


def test_dead_letters_are_grouped_by_why_the_most_first() -> None:
    """In each group the oldest is the one whose event is; a message that is none is as old as its death."""
    found = listed(
        "repairs",
        answer(
            letter("a", "no such table", "2026-11-23T09:30:00Z"),
            letter("b", "no event", died_at="2026-11-23T09:00:00Z", type=None),
            letter("c", "no such table", "2026-11-20T16:40:00Z", replayed_at="2026-11-23T09:31:00Z"),
        ),
    )
    many, one = found.groups
    assert (many.reason, many.ids, many.oldest) == ("no such table", ["c", "a"], "asb.damage-reported")
    assert (many.recorded_at, many.back) == (datetime(2026, 11, 20, 16, 40, tzinfo=UTC), 1)
    assert (one.how_many, one.oldest, one.died_at) == (
        "1 message",
        "no event",
        datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    )
    [said] = findings(status(), [found], [])
    assert said.said == "Repairs could not handle 3 messages; there should be none."


def test_a_count_says_where_it_is_not_of_all() -> None:
    """With a count of each reason it is; without one it is of those that were looked at."""
    [some] = listed("repairs", answer(letter("a", "why"), total=340)).groups
    assert (some.how_many, some.is_whole) == ("1 message of the first 1", False)
    counted = answer(letter("a", "why"), total=340, reasons=[{"reason": "why", "count": 340}])
    [all_of_it] = listed("repairs", counted).groups
    assert (all_of_it.how_many, all_of_it.is_whole) == ("340 messages", False)
    [whole] = listed("repairs", answer(letter("a", "why"))).groups
    assert (whole.how_many, whole.is_whole) == ("1 message", True)


def test_an_answer_of_the_version_before_is_shown_for_what_it_tells() -> None:
    """While the house is restarted one process after the other, notifications may be that."""
    old = {"items": [{"id": "a", "reason": "why", "type": None}]}
    found = listed("repairs", old)
    assert (found.total, found.groups[0].recorded_at, found.groups[0].how_many) == (1, None, "1 message")


TRIED_AT = datetime(2026, 11, 23, 9, 2, tzinfo=UTC)
BACK = letter("a", "why", replayed_at="2026-11-23T09:02:00Z")


@pytest.mark.parametrize(
    ("found", "tried", "back"),
    [
        (answer(BACK, letter("b", "why")), "All of them", "1"),
        (answer(letter("b", "why", replayed_at="2026-11-23T09:01:00Z")), "All of them", "None so far"),
        (answer(waiting=3), "Up to 3 not yet: so many wait in the queue", "None so far"),
        (
            answer(BACK, total=340),
            "All of them",
            "1 seen. Only the first 1 of 340 are looked at, and they come last",
        ),
        (None, "Cannot be read now", "Cannot be read now"),
    ],
)
def test_a_try_is_queued_tried_and_back_again(found: dict[str, Any] | None, tried: str, back: str) -> None:
    """A letter that comes back is known by the instant at which it was queued."""
    seen = listed("repairs", found) if found else None
    said = became(Replay("repairs", 2, TRIED_AT), seen, TRIED_AT)
    queued = ("Queued", "2 messages of repairs, 9:02am today")
    assert said == [queued, ("Tried", tried), ("Back again", back)]


def test_a_reason_is_one_word_of_its_command() -> None:
    """Whatever stands in it."""
    [group] = listed("repairs", answer(letter("a", "it's; rm -rf $HOME"))).groups
    assert shlex.split(group.try_all)[3:] == ["try", "repairs", "--reason", "it's; rm -rf $HOME"]
    assert shlex.split(group.try_one)[3:] == ["try", "repairs", "--id", "a"]
    *discarding, because = shlex.split(group.discard)[3:]
    assert discarding == ["discard", "repairs", "--reason", "it's; rm -rf $HOME", "--because"]
    assert because == "…"


def test_findings_of_a_kind_are_together_with_their_place_in_the_runbook() -> None:
    """An alert links to the kind, or to the kind at one service."""
    found = findings(status(repairs=None, asb=WELL, estates=None), [], [])
    [(kind, runbook, some)] = by_kind(found)
    assert (kind, [each.anchor for each in some]) == ("down", ["repairs-down", "estates-down"])
    assert runbook == "docs/running.md, “A service does not answer”"


@pytest.mark.parametrize("kind", Kind)
def test_the_runbook_has_a_section_for_each_kind(kind: Kind) -> None:
    """Under the same anchor as on the page, and under the heading that the page names."""
    runbook = (Path(__file__).parents[3] / RUNBOOK).read_text()
    assert f'<a id="{kind}"></a>\n\n### {SECTIONS[kind]}\n' in runbook


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "0 seconds"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (3600, "1 hour"),
        (7300, "2 hours"),
    ],
)
def test_spans_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert span(seconds) == said


async def test_ops_come_to_a_page_that_says_how_everything_is(desk: Desk) -> None:
    """Every service by name, and nothing of any case."""
    case = await desk.report()
    browser = await desk.browser(OPS)
    assert (await browser.get("/board")).headers["location"] == "/board/ops"
    page = await browser.get("/board/ops")
    assert page.status_code == 200
    for name in (*DIRECTORY.names, "board"):
        assert name.capitalize() in page.text
    assert case["reference"] not in page.text


async def test_the_page_says_what_is_wrong_when_half_of_it_gives_no_answer(desk: Desk) -> None:
    """Notifications is cut off, with the dead letters that it tells of."""
    async with desk.board_by(Way(desk.gateway, "/v1/dead-letters"), OPS) as browser:
        page = await browser.get("/board/ops")
    assert page.status_code == 200
    assert "Dead letters cannot be read now: notifications, " in page.text
    async with desk.board_by(Way(desk.gateway, "/status"), OPS) as browser:
        page = await browser.get("/board/ops")
    assert "The gateway does not say how the services are" in page.text
    assert "curl -i $GATEWAY_URL/status" in page.text
    assert page.status_code == 200


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2020-01-01T00:00:00Z"]
)
async def test_a_try_of_no_time_that_can_be_is_not_followed(desk: Desk, at: str) -> None:
    """The page is the same as without it."""
    browser = await desk.browser(OPS)
    page = await browser.get("/board/ops", params={"queue": "repairs", "tried": 1, "at": at})
    assert page.status_code == 200
    assert "What became of the try" not in page.text


async def test_only_ops_find_the_page(desk: Desk) -> None:
    """For anybody else who has signed in there is none."""
    assert (await (await desk.browser()).get("/board/ops")).status_code == 404


async def test_each_source_has_a_second(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is slow or talks nonsense is a row. The status has longer: it waits for services itself."""
    monkeypatch.setattr("services.board.pages.ops.SOURCE_SECONDS", 1.0)
    monkeypatch.setattr("services.board.pages.ops.STATUS_MORE_SECONDS", 10.0)
    way = SlowWay(desk.gateway, **{"dead-letters": 60, "status": 1.2})
    async with desk.board_by(way, OPS) as browser, asyncio.timeout(20):
        page = await browser.get("/board/ops")
    assert page.status_code == 200
    assert "Every service" in page.text
    assert "Dead letters cannot be read now: notifications, " in page.text
    way.seconds = {}
    async with desk.board_by(way, OPS) as browser:
        page = await browser.get("/board/ops")
    assert page.status_code == 200
    assert "asb" in page.text.partition("Dead letters cannot be read now: ")[2].partition(".")[0]
