"""Ops at 3 am: what is wrong in sentences, each with its limit and its command, however much is down."""

from typing import Any

import pytest

from services.board.presenting.ops import buried_in, findings, heading, span
from shared.directory import DIRECTORY
from tests.services.board.desk import OPS, Desk, Way

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


def test_dead_letters_are_grouped_by_why_the_most_first() -> None:
    letters: list[dict[str, Any]] = [
        {"id": "a", "reason": "no such table", "type": "asb.damage-reported"},
        {"id": "b", "reason": "no event", "type": None},
        {"id": "c", "reason": "no such table", "type": "asb.damage-reported"},
    ]
    many, one = buried_in("repairs", letters)
    assert (many.reason, many.ids, many.oldest) == ("no such table", ["a", "c"], "asb.damage-reported")
    assert (one.count, one.oldest) == (1, "no event")
    [found] = findings(status(), [many, one], [])
    assert found.said == "Repairs could not handle 3 messages."


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
    assert "curl -i $URL/status" in page.text


async def test_only_ops_find_the_page(desk: Desk) -> None:
    """For anybody else who has signed in there is none."""
    assert (await (await desk.browser()).get("/board/ops")).status_code == 404
