"""The dates of section 7: graffiti by the hour, cleans and inspections by days and weeks, to their end."""

import pytest

from tests.shared.standards.histories import Happening, fold, london, only, told

GRAFFITI, TOWER = "estates.offensive-graffiti.removal", "estates.tower-block.clean"
LOW_RISE, INSPECTION = "estates.low-rise.clean", "estates.inspection"
WHOLE, HALF = {"complete": True}, {"complete": False}


def registered(kind: str, when: str) -> Happening:
    return "estates.site-registered", when, {"kind": kind}


def cleaned(when: str, *, whole: bool = True) -> Happening:
    return "estates.site-cleaned", when, WHOLE if whole else HALF


def open_due(standard: str, *happened: Happening) -> str:
    [owed] = [each for each in fold(*happened) if each.standard == standard and each.open]
    return told(owed.due_at)


@pytest.mark.parametrize(
    ("reported", "due"),
    [
        ("Monday 2026-11-23 09:30", "Tuesday 2026-11-24 09:30:00"),
        ("Saturday 2026-11-28 22:00", "Sunday 2026-11-29 22:00:00"),  # day and night, at weekends too
        ("Friday 2026-12-25 12:00", "Saturday 2026-12-26 12:00:00"),
        ("Saturday 2026-10-24 12:00", "Sunday 2026-10-25 11:00:00"),  # that night has an hour more
        ("Saturday 2027-03-27 12:00", "Sunday 2027-03-28 13:00:00"),  # and this one an hour less
    ],
)
def test_offensive_graffiti_is_gone_within_24_hours(reported: str, due: str) -> None:
    """Elapsed time, to the second."""
    report: Happening = ("estates.issue-reported", reported, {"kind": "graffiti", "offensive": True})
    assert told(only(fold(report), GRAFFITI).due_at) == due
    other: Happening = ("estates.issue-reported", reported, {"kind": "graffiti", "offensive": False})
    assert fold(other) == []


@pytest.mark.parametrize(
    ("cleaned_at", "state", "next_due"),
    [
        ("Thursday 2026-10-22 10:00", "met", "Friday 2026-10-23 23:59:59"),
        ("Friday 2026-10-23 23:30", "met", "Saturday 2026-10-24 23:59:59"),
        ("Saturday 2026-10-24 06:00", "met", "Sunday 2026-10-25 23:59:59"),
        ("Sunday 2026-10-25 23:45", "met", "Monday 2026-10-26 23:59:59"),  # the clocks went back at 2:00
        ("Tuesday 2026-10-27 00:15", "late", "Wednesday 2026-10-28 23:59:59"),  # Monday was left out
        ("Wednesday 2026-10-28 12:00", "met", "Thursday 2026-10-29 23:59:59"),
    ],
)
def test_a_tower_blocks_week_over_the_clock_change(cleaned_at: str, state: str, next_due: str) -> None:
    """One civil day after the other, to the end of each by London's clocks: 25 October has 25 hours."""
    week = [
        "Thursday 2026-10-22 10:00",
        "Friday 2026-10-23 23:30",
        "Saturday 2026-10-24 06:00",
        "Sunday 2026-10-25 23:45",
        "Tuesday 2026-10-27 00:15",
        "Wednesday 2026-10-28 12:00",
    ]
    so_far = week[: week.index(cleaned_at) + 1]
    found = fold(registered("tower_block", "Wednesday 2026-10-21 09:00"), *map(cleaned, so_far))
    owed = sorted((each for each in found if each.standard == TOWER), key=lambda each: each.started_at)
    assert told(owed[-1].due_at) == next_due
    assert owed[-2].state(london("Friday 2026-10-30 10:00")) == state


@pytest.mark.parametrize(
    ("standard", "happened", "due"),
    [
        (LOW_RISE, [registered("low_rise", "Monday 2026-11-02 09:00")], "Monday 2026-11-16 23:59:59"),
        (
            LOW_RISE,
            [registered("low_rise", "Monday 2026-11-02 09:00"), cleaned("Friday 2026-11-13 15:00")],
            "Friday 2026-11-27 23:59:59",
        ),
        # half a clean keeps nothing
        (
            LOW_RISE,
            [
                registered("low_rise", "Monday 2026-11-02 09:00"),
                cleaned("Friday 2026-11-13 15:00", whole=False),
            ],
            "Monday 2026-11-16 23:59:59",
        ),
        (TOWER, [registered("tower_block", "Friday 2026-11-06 17:00")], "Saturday 2026-11-07 23:59:59"),
        # told late by a phone without signal, it counts from when it was
        (
            TOWER,
            [
                registered("tower_block", "Friday 2026-11-06 17:00"),
                cleaned("Sunday 2026-11-08 10:00"),
                cleaned("Saturday 2026-11-07 10:00"),
            ],
            "Monday 2026-11-09 23:59:59",
        ),
        (INSPECTION, [registered("sheltered", "Monday 2026-11-02 09:00")], "Monday 2026-12-14 23:59:59"),
        (
            INSPECTION,
            [
                registered("low_rise", "Monday 2026-11-02 09:00"),
                ("estates.site-inspected", "Wednesday 2026-12-09 11:00"),
            ],
            "Wednesday 2027-01-20 23:59:59",
        ),
    ],
)
def test_cycles_start_again_each_time_they_are_met(
    standard: str, happened: list[Happening], due: str
) -> None:
    """From the registration, or from when the site was last seen to."""
    assert open_due(standard, *happened) == due


@pytest.mark.parametrize("met_by", ["estates.issue-attended", "estates.issue-resolved"])
def test_what_is_urgent_is_come_to_within_four_hours(met_by: str) -> None:
    """A rule that staff keep among themselves: the document promises needles as quickly as we can."""
    needles = {"kind": "needles", "urgent": True}
    report: Happening = ("estates.issue-reported", "Saturday 2026-10-24 23:30", needles)
    came: Happening = (met_by, "Sunday 2026-10-25 02:00")
    owed = only(fold(report, came), "estates.urgent.attendance")
    assert (told(owed.due_at), owed.met_by) == ("Sunday 2026-10-25 02:30:00", 2)


def test_nothing_is_due_at_a_site_that_was_retired() -> None:
    """What was late stays late."""
    found = fold(
        registered("tower_block", "Monday 2026-11-02 09:00"),
        ("estates.site-retired", "Wednesday 2026-11-04 09:00"),
    )
    states = {each.standard: each.state(london("Friday 2027-01-29 09:00")) for each in found}
    assert states == {TOWER: "breached", INSPECTION: "cancelled"}
