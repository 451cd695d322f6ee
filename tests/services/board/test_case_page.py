"""A case in words: its flags, the safety of whoever goes there first, and who was told of a moved date."""

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from services.board.presenting.case_page import promises, reaching
from services.board.presenting.cases import flags, named
from services.board.presenting.guarded import facts
from services.board.presenting.timeline import named_in, timeline
from shared.references import check_character
from tests.services.board.desk import ASB_OFFICER, Desk
from tests.support.eventually import eventually

HOME = {"address": "1 High Street", "postcode": "RM1 1AA"}
BROKEN = {
    "kind": "communal_repair",
    "location": "The front door",
    "description": "It does not close",
    "channel": "phone",
}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
MOVE = {
    "moved_from": "2026-11-30T23:59:59Z",
    "moved_to": "2026-12-01T23:59:59Z",
    "because": "The office is closed.",
}
ROW = {
    "promise": "We finish it.",
    "due_at": "2026-12-01T23:59:59Z",
    "met_at": None,
    "source": "Repairs policy",
    "regime": "repairs",
    "state": "running",
}
MOVED = "Moved from the end of Monday 30 November to the end of Tuesday 1 December: The office is closed."


@pytest.mark.parametrize(
    ("told_at", "changes", "said"),
    [
        ("2026-11-20T16:40:00Z", {}, f"{MOVED} The resident was told Friday 20 November, 4:40pm."),
        (None, {}, f"{MOVED} The resident was not told yet."),
        (None, {"state": "met", "met_at": "2026-11-20T16:40:00Z"}, MOVED),
        (None, {"regime": "internal"}, MOVED),
    ],
)
def test_a_moved_date_says_if_the_resident_was_told(
    told_at: str | None, changes: dict[str, Any], said: str
) -> None:
    """Nobody is to be told any more of a promise that is over, nor of a rule for staff."""
    row = {**ROW, **changes, "working": {"moved": [{**MOVE, "told_at": told_at}]}}
    [promise] = promises({"deadlines": []}, {"deadlines": [row]}, NOW)
    assert promise.moves == [said]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"vulnerable": True, "visit_in_pairs": True}, ["Two people must go", "Vulnerable household"]),
        ({"visit_in_pairs": None, "vulnerable": False}, []),
        ({"risk": {"score": "high"}}, ["High risk"]),
        ({"risk": {"score": None}}, []),
        ({"urgent": True}, ["Urgent"]),
    ],
)
def test_flags_begin_with_the_safety_of_whoever_goes_there(case: dict[str, Any], said: list[str]) -> None:
    """A fact that a kind of case does not have raises no flag."""
    assert flags(case) == said


def test_whoever_goes_there_reads_the_needs_of_the_household_and_why_two_must_go() -> None:
    """The reason only where the case has it; a household's needs stand for those of the report."""
    case = {
        "contact": {"name": "Ada", "access_needs": "Ring twice", "language": "Welsh"},
        "access_needs": "Ring twice\nA dog",
        "visit_in_pairs": True,
        "visit_in_pairs_reason": "A visitor was threatened.",
    }
    found = reaching(case)
    assert found is not None
    assert found.needs == [
        "Two people must go: A visitor was threatened.",
        "Access needs: Ring twice\nA dog",
        "Language: Welsh",
    ]


async def test_a_case_that_the_history_names_is_named_by_what_it_is_and_where(desk: Desk) -> None:
    """A repair that was raised from a problem on an estate says which, and not by its reference alone."""
    issue = await desk.report("/v1/estates/issues", replace=BROKEN)
    await desk.act(issue, "referral", {"to": "repairs"}, "/v1/estates/issues")
    api = await desk.acting()
    raised: dict[str, Any] = {}

    async def is_raised() -> bool:
        entries = (await api.get(f"/v1/cases/{issue['reference']}/timeline")).json()["entries"]
        found = [(each.get("facts") or {}).get("taken_up_as") for each in entries]
        raised["as"] = next(filter(None, found), None)
        return raised["as"] is not None

    await eventually(is_raised)
    page = (await (await desk.browser()).get(f"/board/cases/{issue['reference']}")).text
    noted = page.partition('id="timeline"')[2]
    row = unescape(noted.partition("Taken up as</dt>")[2].partition("</dd>")[0])
    assert row.endswith(f", {raised['as']}")
    assert ">Any other repair that is the council's to do, " in row


def test_of_a_case_that_gives_no_answer_the_reference_stands_alone() -> None:
    """Other facts are none of a case, whatever they say."""
    reference = f"REP-7K3M-Q9T{check_character('7K3MQ9T')}"
    facts = {"taken_up_as": reference, "reason": "rep-7k3m-q9tx or so", "number": 3, "days": ["a"]}
    entry = {
        "entry": "event",
        "type": "estates.referral-taken-up",
        "at": "2026-11-23T08:00:00Z",
        "facts": facts,
    }
    answer = {"entries": [entry, {**entry, "facts": None}]}
    assert named_in(answer) == {reference}
    assert named_in(None) == set()
    [_, happened] = timeline(answer, NOW, told_only=False)
    assert ("Taken up as", reference) in happened.facts


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            {"location": "The back stairs", "site_name": "Mercury House"},
            "Graffiti, The back stairs, Mercury House",
        ),
        ({"location": "The back stairs", "site_name": None}, "Graffiti, The back stairs"),
        (
            {"location": "The door", "site_name": "Mercury House", "property": HOME},
            "Graffiti, The door, Mercury House, 1 High Street, RM1 1AA",
        ),
        (
            {"location": HOME["address"], "site_name": None, "property": HOME},
            "Graffiti, 1 High Street, RM1 1AA",
        ),
    ],
)
def test_a_problem_on_an_estate_is_named_by_its_kind_place_and_site(case: dict[str, Any], said: str) -> None:
    """The place stands in it once, and nobody looks for the back stairs of another house."""
    about = {
        "reference": "EST-7K3M-Q9TX",
        "status": "reported",
        "summary": f"Graffiti: {case['location']}. With us since 23 November 2026. It is now: reported.",
    }
    assert named({**about, **case}) == said


def test_a_site_whose_name_says_where_it_is_says_so_once() -> None:
    """Its summary has the address, which is also that of the case."""
    site = {
        "reference": "SIT-7K3M-Q9TX",
        "status": "registered",
        "address": "1 Mercury Gardens, Romford RM1 3SL",
        "summary": "Tower block Mercury House, 1 Mercury Gardens, Romford RM1 3SL. With us since 2 May 2026.",
    }
    assert named(site) == "Tower block Mercury House, 1 Mercury Gardens, Romford RM1 3SL"


ASB = {
    "category": "noise",
    "description": "Every night.",
    "property": HOME,
    "alleged_perpetrator": {"name": "Robin Loud", "address": "3 High Street", "description": "Tall"},
    "channel": "phone",
    "incidents": [
        {
            "description": "They shouted.",
            "happened_on": "2026-11-20",
            "reported_on": "2026-11-21",
            "reported_to": "police",
        }
    ],
}


async def test_whoever_may_read_a_guarded_case_reads_where_it_is_and_of_whom(desk: Desk) -> None:
    """Its heading is its reference alone, for histories and lists; all that was told stands below."""
    case = await desk.report("/v1/asb", ASB_OFFICER, replace=ASB)
    page = (await (await desk.browser(ASB_OFFICER)).get(f"/board/cases/{case['reference']}")).text
    shown = unescape(page.partition("What was reported</h2>")[2])
    for said in (
        ">Noise<",
        ">1 High Street, RM1 1AA<",
        ">Victim<",
        ">Robin Loud, 3 High Street, Tall<",
        "Friday 20 November. They shouted. Reported to police Saturday 21 November.",
        ">Not assessed yet<",
        ">Every 10 working days<",
    ):
        assert said in shown
    assert "High Street" not in page.partition("</h1>")[0]


def test_a_risk_says_what_is_to_be_done_about_it() -> None:
    """The facts stand on the page as the officer needs them who opens the case."""
    risk = {"score": "high", "assessed_at": "2026-11-23T08:30:00Z", "to_assess": True, "review_due": True}
    case = {
        **{"reference": "CAS-7K3M-Q9TX", "category": "hate_crime", "hate_incident": True},
        **{"reporter": "witness", "incidents": [], "update_frequency": "weekly", "risk": risk},
    }
    said = dict(facts(case, NOW))
    assert said["Risk"] == "High, assessed 8:30am today; to be assessed again; a manager is to review it"
    assert said["Behaviour"] == "Hate crime, as a hate incident"
    assert said["Home"] == "None was named"
