"""The repairs officer's page: priorities, seasons, and a status that no order of updates can confuse."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from services.repairs.case.guide import (
    GUIDE,
    NO_PROMISE,
    council_promises,
    exception_of,
    guide_on,
    how_long,
    priority_of,
)
from services.repairs.case.lifecycle import LIFECYCLE
from services.repairs.case.policy import ENDED, Status, Update, has_lost_the_job, status_after
from services.repairs.case.situation import Situation
from shared.caller import Caller, Role
from shared.standards.catalogue import Catalogue
from shared.standards.periods import civil_date
from shared.standards.vocabulary import Vocabulary
from tests.shared.standards.riverton import FILE, ROW, load

IN_WINTER = date(2024, 1, 15)
IN_SUMMER = date(2024, 7, 15)
HEATING = GUIDE["loss-of-heating-or-hot-water"]

# Section 6, read on a winter's day in a home with one toilet.
ONE_DAY = {
    "total-loss-of-water",
    "total-loss-of-electricity",
    "unsafe-electrical-fitting",
    "loss-of-gas",
    "blocked-flue",
    "blocked-or-leaking-drain",
    "toilet-not-flushing",
    "leaking-water-or-heating-pipe",
    "insecure-window-door-or-lock",
    "loss-of-heating-or-hot-water",
}
THREE_DAYS = {
    "partial-loss-of-electricity",
    "partial-loss-of-water",
    "blocked-sink-bath-basin-or-shower",
    "tap-not-turning",
    "loose-banister-or-handrail",
    "rotten-floor-or-stairs",
    "broken-door-entry-phone",
}
EVERYTHING_ELSE = {
    "frames-and-doors",
    "worktops-and-sink-tops",
    "window-frames",
    "extractor-fan",
    "leaking-roof",
    "other",
}


def test_the_guide_says_what_can_wait_where_another_toilet_works() -> None:
    """Whoever reads the guide learns that a blocked toilet is no emergency in a home with two."""
    exceptions = {code: exception_of(Catalogue.bundled(), fault, IN_WINTER) for code, fault in GUIDE.items()}
    said = {code: words for code, words in exceptions.items() if words}
    assert said.keys() == {"toilet-not-flushing", "blocked-or-leaking-drain"}
    assert all("a routine repair within 28 working days" in words for words in said.values())


@pytest.mark.parametrize(
    ("code", "priority", "promised"),
    [
        (
            "loss-of-gas",
            1,
            "We will come to an emergency repair and make it safe within 4 hours."
            " We will finish an emergency repair within 4 hours.",
        ),
        ("tap-not-turning", 2, "We will finish an urgent repair within 3 working days."),
        ("other", 3, "We will finish a routine repair within 28 working days."),
        ("other", 9, NO_PROMISE),
    ],
)
def test_the_guide_says_how_long_in_the_words_of_the_standards(
    code: str, priority: int, promised: str
) -> None:
    """Section 6 as the council promised it, without the laws."""
    promises = council_promises(Catalogue.bundled(), GUIDE[code], priority, IN_WINTER)
    assert how_long(promises) == promised


def test_the_guide_follows_another_councils_file(tmp_path: Path) -> None:
    """Riverton repairs everything in five days, whatever our own guide says of it."""
    catalogue = load(tmp_path, FILE + ROW)
    in_force = date(2026, 2, 2)
    promised = how_long(council_promises(catalogue, GUIDE["loss-of-gas"], 1, in_force))
    assert promised == catalogue.standards[0].said()


@pytest.mark.parametrize(
    ("priority", "faults"), [(1, ONE_DAY), (2, THREE_DAYS), (3, EVERYTHING_ELSE)], ids=["1", "2", "3"]
)
def test_every_fault_has_the_guides_priority(priority: int, faults: set[str]) -> None:
    """The guide's "one day" list is priority 1, its "three days" priority 2, and all else priority 3."""
    assert {
        code for code, fault in GUIDE.items() if priority_of(fault, IN_WINTER, None) == priority
    } == faults


@pytest.mark.parametrize(
    ("day", "priority"),
    [
        ("Wednesday 2024-10-30", 2),
        ("Thursday 2024-10-31", 2),
        ("Friday 2024-11-01", 1),
        ("Tuesday 2024-12-31", 1),
        ("Wednesday 2025-01-01", 1),
        ("Saturday 2025-03-01", 1),
        ("Thursday 2024-02-29", 1),
        ("Wednesday 2025-04-30", 1),
        ("Thursday 2025-05-01", 2),
        ("Friday 2025-08-01", 2),
    ],
)
def test_heating_is_an_emergency_in_winter_only(day: str, priority: int) -> None:
    """From 1 November to 30 April a home without heating cannot wait three days; there is no gap between."""
    weekday, _, text = day.partition(" ")
    on = date.fromisoformat(text)
    assert f"{on:%A}" == weekday
    assert priority_of(HEATING, on, None) == priority


@pytest.mark.parametrize(
    ("instant", "priority"),
    [
        ("2025-04-30T22:59:59+00:00", 1),  # 23:59:59 in London, on summer time since March
        ("2025-04-30T23:00:00+00:00", 2),  # midnight in London: 1 May
        ("2024-10-31T23:59:59+00:00", 2),  # winter time again: London and UTC agree
        ("2024-11-01T00:00:00+00:00", 1),
    ],
)
def test_the_season_changes_at_midnight_in_london(instant: str, priority: int) -> None:
    """On the last evening of April London is an hour ahead of UTC, and the London date decides."""
    assert priority_of(HEATING, civil_date(datetime.fromisoformat(instant)), None) == priority


@pytest.mark.parametrize("code", sorted({"toilet-not-flushing", "blocked-or-leaking-drain"}))
@pytest.mark.parametrize(
    ("other_working_toilet", "priority"), [(True, 3), (False, 1), (None, 1)], ids=["other", "only", "unsaid"]
)
def test_a_home_with_another_toilet_can_wait(
    code: str, other_working_toilet: bool | None, priority: int
) -> None:
    """A toilet or its drain is an emergency where it is the home's only one, or may be."""
    assert priority_of(GUIDE[code], IN_SUMMER, other_working_toilet) == priority


@pytest.mark.parametrize(
    ("at_toilet_pan", "other_working_toilet", "priority"),
    [(True, True, 3), (True, False, 1), (True, None, 1), (False, True, 1), (False, None, 1)],
)
def test_a_drain_waits_for_another_toilet_only_at_a_toilet_pan(
    at_toilet_pan: bool, other_working_toilet: bool | None, priority: int
) -> None:
    """Foul water in the kitchen is an emergency, however many toilets there are."""
    drain = GUIDE["blocked-or-leaking-drain"]
    assert priority_of(drain, IN_SUMMER, other_working_toilet, at_toilet_pan) == priority
    toilet = GUIDE["toilet-not-flushing"]
    assert priority_of(toilet, IN_SUMMER, True, at_toilet_pan) == 3


def test_another_toilet_helps_with_nothing_else() -> None:
    """Saying that there is another toilet changes no priority but those of toilets and drains."""
    changed = {
        code
        for code, fault in GUIDE.items()
        if priority_of(fault, IN_WINTER, True) != priority_of(fault, IN_WINTER, None)
    }
    assert changed == {"toilet-not-flushing", "blocked-or-leaking-drain"}


def test_the_guide_lists_every_fault_once_most_urgent_first() -> None:
    """The guide for residents is complete, in order of urgency, and says how long each fault takes."""
    listed = list(guide_on(IN_SUMMER))
    priorities = [priority for _, priority in listed]
    assert {fault.code for fault, _ in listed} == set(GUIDE)
    assert len(listed) == len(GUIDE)
    assert priorities == sorted(priorities)
    assert set(priorities) == {1, 2, 3}


def test_the_standards_know_the_same_faults() -> None:
    """A row that names a fault can name every fault of the guide, and no other."""
    assert Vocabulary.bundled().facts_of("repairs.repair-reported")["fault"] == tuple(GUIDE)


@pytest.mark.parametrize(
    ("status", "update", "becomes"),
    [
        (Status.REPORTED, Update.ACCEPTED, Status.ACCEPTED),
        (Status.REPORTED, Update.COMPLETED, Status.COMPLETED),
        (Status.ACCEPTED, Update.EN_ROUTE, Status.EN_ROUTE),
        (Status.EN_ROUTE, Update.ATTENDED, Status.ATTENDED),
        (Status.ATTENDED, Update.MADE_SAFE, Status.MADE_SAFE),
        (Status.MADE_SAFE, Update.FOLLOW_ON_NEEDED, Status.FOLLOW_ON_NEEDED),
        (Status.FOLLOW_ON_NEEDED, Update.COMPLETED, Status.COMPLETED),
        (Status.ATTENDED, Update.ACCEPTED, Status.ATTENDED),
        (Status.COMPLETED, Update.EN_ROUTE, Status.COMPLETED),
        (Status.EN_ROUTE, Update.NO_ACCESS, Status.EN_ROUTE),
    ],
)
def test_an_update_moves_a_repair_forward_or_leaves_it(
    status: Status, update: Update, becomes: Status
) -> None:
    """News that comes late never takes a repair back, and a door that stayed shut moves nothing."""
    assert status_after(status, update) is becomes


@given(data=st.data(), updates=st.lists(st.sampled_from(list(Update)), max_size=12))
def test_any_order_of_updates_ends_in_the_same_status(data: st.DataObject, updates: list[Update]) -> None:
    """Phones lose signal: whatever order updates arrive in, and however often, the end is the same."""
    shuffled = data.draw(st.permutations(updates + updates[: len(updates) // 2]))
    assert _after(shuffled) is _after(updates)


@pytest.mark.parametrize("status", list(Status))
def test_an_ended_repair_is_worked_on_no_more(status: Status) -> None:
    """Until its end a repair may be given to a firm and worked on, and after it neither."""
    situation = Situation(
        now=datetime(2026, 11, 26, 9, tzinfo=UTC), status=status, priority=3, standing_priorities=(3,)
    )
    acts = LIFECYCLE.allowed({"officer"}, situation) & {"assignment", "updates"}
    assert acts == (set() if status in ENDED else {"assignment", "updates"})


def _after(updates: list[Update]) -> Status:
    status = Status.REPORTED
    for update in updates:
        status = status_after(status, update)
    return status


@pytest.mark.parametrize(
    ("roles", "departments", "lost"),
    [
        ({Role.CONTRACTOR}, set(), True),
        ({Role.CONTRACTOR, Role.OFFICER}, {"repairs"}, False),  # a foreman of the council's own operatives
        ({Role.CONTRACTOR, Role.OFFICER}, {"asb"}, True),
        ({Role.OFFICER}, {"repairs"}, False),
    ],
)
def test_a_firm_has_lost_a_job_that_is_anothers(roles: set[str], departments: set[str], lost: bool) -> None:
    """Whoever sees the repair as its officer too has lost nothing."""
    caller = Caller("kim", frozenset(roles), frozenset(), frozenset(departments), "Fixit")
    assert has_lost_the_job(caller, "Bodgit", "repairs") is lost
    assert not has_lost_the_job(caller, "Fixit", "repairs")
