"""Visits and cards in words, and what a phone told as the API takes it: tables."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.board.acts.rounds import issue_of, ticks_of
from services.board.acts.visits import NOT_OURS, handback_of, update_of
from services.board.pages.start import first_page
from services.board.presenting.rounds import cards, heading
from services.board.presenting.visits import day, visit
from services.board.signin import Session
from services.repairs.events.values import HandbackReason

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=LONDON)


def job(reference: str = "REP-7K3M-Q9TX", **changes: Any) -> Mapping[str, Any]:
    """A job as its firm sees it."""
    return {
        "reference": reference,
        "status": "accepted",
        "summary": "No hot water",
        "fault": "partial-loss-of-water",
        "description": "No hot water",
        "property": {"address": "Flat 2, 14 Example Road", "postcode": "RM1 1AA"},
        "access_needs": "Ring first; uses a wheelchair",
        "contact": None,
        "vulnerable": True,
        "emergency": False,
        "hazard": None,
        "appointment": None,
        "next_deadline": None,
        "allowed": ["updates"],
        **changes,
    }


def at(starts: str, ends: str) -> Mapping[str, str]:
    """The visit that is agreed."""
    return {"starts_at": starts, "ends_at": ends}


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({"appointment": at("2026-11-23T08:00:00Z", "2026-11-23T12:00:00Z")}, "Today"),  # Monday
        ({"appointment": at("2026-11-24T08:00:00Z", "2026-11-24T12:00:00Z")}, None),  # Tuesday
        ({"appointment": at("2026-11-20T08:00:00Z", "2026-11-20T12:00:00Z")}, "Not finished"),  # Friday
        (
            {
                "appointment": at("2026-11-20T08:00:00Z", "2026-11-20T12:00:00Z"),
                "status": "completed",
            },
            None,
        ),
        (
            {
                "appointment": at("2026-11-23T08:00:00Z", "2026-11-23T12:00:00Z"),
                "status": "completed",
            },
            "Today",
        ),
        ({"emergency": True}, "Emergencies"),
        ({"emergency": True, "status": "made_safe"}, "No time agreed"),
        ({}, "No time agreed"),
        ({"status": "cancelled"}, None),
    ],
)
def test_jobs_stand_under_what_a_firm_has_to_know_first(changes: dict[str, Any], group: str | None) -> None:
    """On Monday 23 November, 8:30am."""
    groups = day([job(**changes)], MONDAY).groups
    assert [words for words, _ in groups] == ([group] if group else [])


@pytest.mark.parametrize(
    ("standard", "due_at", "words"),
    [
        ("repairs.emergency.made-safe", "2026-11-23T12:20:00Z", "Make safe by 12:20pm today"),
        ("repairs.priority-2.completed", "2026-11-26T23:59:59Z", "Finish by the end of Thursday 26 November"),
        ("repairs.emergency.made-safe", "2026-11-23T08:10:00Z", "Late. Make safe by 8:10am today"),
        ("another.promise", "2026-11-24T10:00:00Z", "We come: by 10am tomorrow"),
    ],
)
def test_a_promise_is_the_work_and_the_time(standard: str, due_at: str, words: str) -> None:
    """In the words of a firm, with the weekday."""
    shown = visit(
        job(next_deadline={"standard": standard, "promise": "We come.", "due_at": due_at}),
        MONDAY,
    )
    assert shown.promise == words


def test_nobody_is_rung_where_that_is_unsafe() -> None:
    """The number is there with the times at which it may be rung, or not at all."""
    times = [{"days": ["monday", "friday"], "from": "10:00", "to": "14:00"}]
    contact = {"name": "Sam Jones", "phone": "01632 960001", "safe_times": times}
    shown = visit(job(contact=contact), MONDAY)
    assert (shown.phone, shown.safe_times) == ("01632 960001", ["Monday, Friday, 10:00 to 14:00"])
    assert visit(job(), MONDAY).phone == ""


def test_the_next_word_follows_the_last_that_was_told() -> None:
    """On my way, Here, Made safe, Done; and after more work it begins again."""
    statuses = ("reported", "accepted", "en_route", "attended", "made_safe", "follow_on_needed")
    words = [visit(job(status=status), MONDAY).next_word for status in statuses]
    said = [word.button if word else "" for word in words]
    assert said == ["On my way", "On my way", "Here", "Made safe", "Done", "On my way"]
    assert visit(job(status="completed", allowed=[]), MONDAY).next_word is None


@pytest.mark.parametrize(
    ("on", "starts", "instant"),
    [
        ("2026-11-24", "08:00", "2026-11-24T08:00:00Z"),  # a Tuesday in winter
        ("2026-07-07", "08:00", "2026-07-07T07:00:00Z"),  # a Tuesday in summer
        ("soon", "08:00", "soonT08:00"),  # the API says what is wrong with it
    ],
)
def test_the_next_visit_is_agreed_by_londons_clock(on: str, starts: str, instant: str) -> None:
    """The ticks have the time written down on site."""
    fields = {"type": "follow_on_needed", "slot": "other", "visit_on": on, "visit_from": starts}
    assert update_of(fields)["appointment"] == {"starts_at": instant}


def test_a_firm_has_words_for_each_reason_of_the_api() -> None:
    """A job is handed back for one of them, with what was typed."""
    assert set(NOT_OURS) == set(HandbackReason)
    fields = {
        "type": "not_ours",
        "why": "no_capacity",
        "notes": " Two are ill ",
        "reference": "REP-7K3M-Q9TX",
    }
    assert handback_of(fields) == {"reason": "no_capacity", "notes": "Two are ill"}


def test_ticks_of_one_site_are_one_clean() -> None:
    """With its own time where it has one; what no tick ends is left out."""
    named = ["S1|clean||inside", "S1|clean||lifts", "S1|follow_up|3|", "E1|issue||", "S1|inspection||"]
    times = {"S1": "2026-11-23T07:12:00Z", "": "2026-11-23T09:00:00Z"}
    assert ticks_of(named, times) == [
        {
            "inside": True,
            "lifts": True,
            "outside": False,
            "reference": "S1",
            "occurred_at": "2026-11-23T07:12:00Z",
        },
        {"follow_up": 3, "reference": "S1", "occurred_at": "2026-11-23T07:12:00Z"},
        {"reference": "E1", "occurred_at": "2026-11-23T09:00:00Z"},
    ]


def test_a_problem_seen_on_the_round_is_reported_as_it_is() -> None:
    """Hateful graffiti has a promise of its own; the words of the choice stand for a missing description."""
    told = {"kind": "offensive_graffiti", "location": " Lobby ", "occurred_at": "2026-11-23T07:12:00Z"}
    assert issue_of(told) == {
        "kind": "graffiti",
        "offensive": True,
        "location": "Lobby",
        "description": "Graffiti that is racist or sexist",
        "channel": "officer",
        "received_at": "2026-11-23T07:12:00Z",
    }


def stop(**changes: Any) -> Mapping[str, Any]:
    """A thing to do on a round, as the API has it."""
    return {
        **{"task": "clean", "reference": "S1", "caretaker": None, "where": "Example Tower", "what": "Clean"},
        **{"urgent": False, "number": None, "due_at": None, "parts": ["inside", "outside"], "landing": None},
        **changes,
    }


def test_a_card_offers_what_is_to_be_done_there_and_nothing_else() -> None:
    """The landing whose turn it is; an inspection is said, and has no box."""
    [card] = cards(
        [
            stop(landing=4),
            stop(task="inspection", what="Inspect"),
            stop(task="follow_up", number=3, what="Bins"),
        ],
        MONDAY,
    )
    assert [row.words for row in card.rows] == ["Inside", "Outside", "Landing 4", "Put right: Bins"]
    assert [row.words for row in card.parts] == ["Inside", "Outside", "Landing 4"]
    assert (card.also, card.is_site, card.offers("lifts")) == (["Inspect"], True, False)


@pytest.mark.parametrize(
    ("role", "departments", "scopes", "first"),
    [
        ("officer", {"estates"}, (), "/board/round"),
        ("officer", {"estates"}, {"manager"}, "/board/list"),
        ("officer", {"estates", "repairs"}, (), "/board/list"),
        ("contractor", (), (), "/board/day"),
    ],
)
def test_work_begins_with_the_page_of_whose_it_is(
    role: str, departments: Collection[str], scopes: Collection[str], first: str
) -> None:
    """A caretaker's with the round, a firm's with its day."""
    times = dict.fromkeys(("signed_in_at", "proved_at", "seen_at", "ends_at"), 0)
    may = {"roles": {role}, "departments": departments, "scopes": scopes}
    assert first_page(Session.from_json({"token": "t", "person": "p", "name": "", **may, **times})) == first
    assert first_page(None) == ""


def test_a_round_says_its_day() -> None:
    """Today and tomorrow by name too."""
    monday = MONDAY.date()
    assert heading(monday, monday) == "Today's round, Monday 23 November"
    assert heading(monday.replace(day=24), monday) == "Tomorrow's round, Tuesday 24 November"
