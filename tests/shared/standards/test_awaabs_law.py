"""Awaab's law by the day on which we became aware: its two phases, and an emergency that is found."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.standards.deadlines import Deadline
from shared.standards.vocabulary import Vocabulary
from tests.shared.standards.histories import Happening, fold, only, told

INVESTIGATED, SUMMARY, SAFETY_WORK, STEPS, PREVENTIVE = (
    f"repairs.hazard.{row}"
    for row in (
        "significant.investigated",
        "summary",
        "significant.made-safe",
        "preventive-work.steps-taken",
        "preventive-work.begun",
    )
)
IN_PERSON = "repairs.hazard.in-person-investigated"
FOUND_EMERGENCY = "repairs.hazard.emergency.made-safe"
FIRST_PHASE = {"damp", "mould", "damp-and-mould"}
SECOND_PHASE = FIRST_PHASE | {
    "excess-cold", "excess-heat", "falls-in-baths", "falls-on-the-level", "falls-on-stairs",
    "falls-between-levels", "structural-collapse", "fire", "explosion", "electrical",
    "hygiene-pests-or-refuse", "food-safety", "sanitation-or-drainage",
}  # fmt: skip
HAZARDS = Vocabulary.bundled().facts_of("repairs.hazard-reported")["hazard"]
SUNDAY, MONDAY = "Sunday 2026-11-29 23:59:59", "Monday 2026-11-30 00:00"
TOLD_ON: Mapping[str, str] = {SUNDAY: "2026-11-29T23:59:59+00:00", MONDAY: "2026-11-30T00:00:00+00:00"}


def significant(hazard: str, aware: str, investigated: str, finding: str = "significant") -> list[Deadline]:
    """A hazard that we became aware of then, and investigated later."""
    facts: dict[str, Any] = {"severity": "significant", "hazard": hazard, "aware_at": TOLD_ON[aware]}
    found = {**facts, "finding": finding, "further_work_needed": True}
    reported: Happening = ("repairs.hazard-reported", aware, facts)
    return fold(reported, ("repairs.hazard-investigated", investigated, found))


@pytest.mark.parametrize("hazard", HAZARDS)
@pytest.mark.parametrize(("aware", "scope"), [(SUNDAY, FIRST_PHASE), (MONDAY, SECOND_PHASE)])
def test_the_day_of_awareness_says_which_hazards_have_clocks(
    aware: str, scope: set[str], hazard: str
) -> None:
    """Known on Sunday 29 November 2026: damp and mould only, in every row, whenever it was investigated."""
    found = significant(hazard, aware, "Thursday 2026-12-10 10:00")
    every_row = [INVESTIGATED, SUMMARY, SAFETY_WORK, STEPS, PREVENTIVE]
    assert [deadline.standard for deadline in found] == (every_row if hazard in scope else [])


def test_every_row_of_a_hazard_stays_in_the_phase_of_its_awareness() -> None:
    """Mould known on the last day of the first phase has no row of the second, whatever comes later."""
    versions = {f"{d.version}" for d in significant("mould", SUNDAY, "Thursday 2026-12-10 10:00")}
    assert versions == {"2025-10-27"}
    versions = {f"{d.version}" for d in significant("mould", MONDAY, "Thursday 2026-12-10 10:00")}
    assert versions == {"2026-11-30"}


def test_a_hazard_known_before_the_law_has_no_clock_of_it() -> None:
    """Known on the Sunday before it came into force, investigated on the day after: nothing is counted."""
    facts = {"severity": "significant", "hazard": "damp", "finding": "significant"}
    aware = {"aware_at": "2025-10-26T12:00:00Z"}
    investigated = "repairs.hazard-investigated", "Tuesday 2025-10-28 10:00"
    assert fold((*investigated, {**facts, **aware})) == []
    # an event from before every one carried the fact goes by its own day
    assert {deadline.standard for deadline in fold((*investigated, facts))} == {SUMMARY, SAFETY_WORK}


@pytest.mark.parametrize("aware", [SUNDAY, MONDAY])
@pytest.mark.parametrize("hazard", ["noise", "electrical", "mould"])
def test_an_emergency_of_any_kind_has_clocks_in_both_phases(aware: str, hazard: str) -> None:
    """24 hours from awareness to investigate it and to make it safe."""
    facts = {"severity": "emergency", "hazard": hazard, "aware_at": TOLD_ON[aware]}
    assert {d.standard for d in fold(("repairs.hazard-reported", aware, facts))} == {
        "repairs.hazard.emergency.investigated",
        FOUND_EMERGENCY,
    }


def found_an_emergency(hazard: str, investigated: str) -> Deadline:
    """Known on Monday 30 November at midnight; its ten working days end on Monday 14 December."""
    return only(significant(hazard, MONDAY, investigated, "emergency"), FOUND_EMERGENCY)


@pytest.mark.parametrize(
    ("hazard", "investigated", "due"),
    [
        ("electrical", "Thursday 2026-12-10 10:00", "Friday 2026-12-11 10:00:00"),
        ("electrical", "Monday 2026-12-14 10:00", "Monday 2026-12-14 23:59:59"),
        ("electrical", "Wednesday 2026-12-16 10:00", "Monday 2026-12-14 23:59:59"),
        ("noise", "Wednesday 2026-12-16 10:00", "Thursday 2026-12-17 10:00:00"),
    ],
    ids=["within", "on the last day", "investigated too late", "no first clock"],
)
def test_an_emergency_that_is_found_has_a_day_from_the_finding(
    hazard: str, investigated: str, due: str
) -> None:
    """Never longer than the clock of its investigation allows, where the hazard has that."""
    assert told(found_an_emergency(hazard, investigated).due_at) == due


def test_an_emergency_that_was_reported_keeps_its_first_day() -> None:
    """Confirmed 20 hours after we became aware, it is still due 24 hours after that, and not 44."""
    facts = {"severity": "emergency", "hazard": "electrical", "aware_at": TOLD_ON[MONDAY]}
    found = fold(
        ("repairs.hazard-reported", MONDAY, facts),
        ("repairs.hazard-investigated", "Monday 2026-11-30 20:00", {**facts, "finding": "emergency"}),
    )
    assert told(only(found, FOUND_EMERGENCY).due_at) == "Tuesday 2026-12-01 00:00:00"


def test_a_capped_date_says_what_caps_it() -> None:
    """Both reckonings are told: the day from the finding, and the end of the first clock."""
    because = found_an_emergency("electrical", "Monday 2026-12-14 10:00").because
    assert because.endswith(
        "The investigation of the hazard ended on Monday 14 December 2026 at 10:00. "
        "24 hours after that is 10:00 on Tuesday 15 December 2026. "
        "It may be no later than 10 working days after Monday 30 November 2026, leaving out Saturdays and "
        "Sundays, which is the end of Monday 14 December 2026."
    )
    assert "no later" not in found_an_emergency("electrical", "Thursday 2026-12-10 10:00").because


@pytest.mark.parametrize(
    ("tenure", "covered"),
    [
        (None, True),
        ("secure", True),
        ("temporary", True),
        ("supported", True),
        ("licence", False),
        ("long_lease", False),
        ("shared_ownership", False),
    ],
)
def test_tenancies_are_in_scope_and_one_that_is_not_known(tenure: str | None, covered: bool) -> None:
    """Every clock of the law, also of an emergency; an event from before tenures were told has none."""
    facts = {"severity": "emergency", "hazard": "mould", "aware_at": TOLD_ON[MONDAY]}
    of_home = facts if tenure is None else {**facts, "tenure": tenure}
    assert bool(fold(("repairs.hazard-reported", MONDAY, of_home))) is covered


def test_an_investigation_in_person_has_ten_new_working_days_beside_the_old_row() -> None:
    """Asked for on Friday 18 December; Christmas, Boxing Day and New Year's Day are no working days."""
    facts = {"severity": "significant", "hazard": "mould", "aware_at": TOLD_ON[MONDAY]}
    remote = {**facts, "finding": "none", "further_work_needed": False, "in_person": False}
    happened: list[Happening] = [
        ("repairs.hazard-reported", MONDAY, facts),
        ("repairs.hazard-investigated", "Thursday 2026-12-10 10:00", remote),
        ("repairs.in-person-investigation-requested", "Friday 2026-12-18 09:00", facts),
    ]
    asked = only(fold(*happened), IN_PERSON)
    assert (told(asked.due_at), asked.met) == ("Wednesday 2027-01-06 23:59:59", None)
    remote_again: Happening = ("repairs.hazard-investigated", "Monday 2026-12-21 10:00", remote)
    assert only(fold(*happened, remote_again), IN_PERSON).met is None
    in_person: Happening = (
        "repairs.hazard-investigated",
        "Tuesday 2026-12-22 10:00",
        {**remote, "in_person": True},
    )
    found = fold(*happened, in_person)
    assert only(found, IN_PERSON).met is not None
    assert only(found, INVESTIGATED).met_by == 2


def test_an_end_on_a_ground_of_the_law_is_not_met() -> None:
    """The household moved out: what was open falls away, and what was broken stays broken."""
    facts = {"severity": "significant", "hazard": "mould", "aware_at": TOLD_ON[MONDAY]}
    ended: Happening = ("repairs.hazard-ended", "Friday 2026-12-11 10:00", {"because": "moved_out"})
    [investigation] = fold(("repairs.hazard-reported", MONDAY, facts), ended)
    assert (investigation.met, investigation.cancelled is not None) == (None, True)


def test_work_begins_by_the_day_that_the_tenant_was_told_and_never_after_twelve_weeks() -> None:
    """Told an earlier day, that is the promise; told a later one, it moves on, to 84 days at most."""
    facts = {"severity": "significant", "hazard": "mould", "aware_at": TOLD_ON[MONDAY]}
    found = {**facts, "finding": "significant", "further_work_needed": True}
    happened: list[Happening] = [("repairs.hazard-investigated", "Thursday 2026-12-10 10:00", found)]
    dates = [told(only(fold(*happened), PREVENTIVE).due_at)]
    for moment, begin_by in (
        ("Friday 2026-12-11 10:00", "2027-01-15"),
        ("Monday 2026-12-14 10:00", "2027-02-01"),
        ("Tuesday 2026-12-15 10:00", "2027-06-01"),
    ):
        happened.append(("repairs.preventive-work-deferred", moment, {**facts, "begin_by": begin_by}))
        dates.append(told(only(fold(*happened), PREVENTIVE).due_at))
    assert dates == [
        "Thursday 2027-03-04 23:59:59",
        "Friday 2027-01-15 23:59:59",
        "Monday 2027-02-01 23:59:59",
        "Thursday 2027-03-04 23:59:59",
    ]
