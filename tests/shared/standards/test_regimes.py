"""Rules of each regime beyond a period: extensions, right to repair, the Code, Awaab's law."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.shared.standards.histories import Happening, fold, london, only, told

RECEIVED: Happening = ("complaints.complaint-received", "Monday 2026-02-02 10:00")
ACKNOWLEDGED: Happening = ("complaints.complaint-acknowledged", "Wednesday 2026-02-04 10:00", {"stage": 1})


def extended(when: str, by: int, stage: int = 1) -> Happening:
    return ("complaints.reply-extended", when, {"stage": stage, "working_days": by})


def test_the_code_counts_from_the_acknowledgement_and_havering_from_receipt() -> None:
    """Both replies are promised side by side, two working days apart."""
    found = fold(RECEIVED, ACKNOWLEDGED)
    assert told(only(found, "complaints.stage-1.response").due_at) == "Monday 2026-02-16 23:59:59"
    assert told(only(found, "complaints.code.stage-1.response").due_at) == "Wednesday 2026-02-18 23:59:59"
    assert only(found, "complaints.stage-1.contact").met_by == 2
    assert only(found, "complaints.code.stage-1.acknowledgement").met_by == 2


@pytest.mark.parametrize(
    ("extensions", "havering", "code"),
    [
        ([extended("Thursday 2026-02-05 10:00", 4)], "Friday 2026-02-20", "Tuesday 2026-02-24"),
        ([extended("Thursday 2026-02-05 10:00", 40)], "Monday 2026-03-02", "Wednesday 2026-03-04"),
        ([extended("Thursday 2026-02-05 10:00", 4), extended("Friday 2026-02-06 10:00", 4)],
         "Friday 2026-02-20", "Monday 2026-03-02"),
        ([extended("Tuesday 2026-02-17 10:00", 5)], "Monday 2026-02-16", "Wednesday 2026-02-25"),
    ],
)  # fmt: skip
def test_an_extension_is_capped(extensions: list[Happening], havering: str, code: str) -> None:
    """Havering extends once, the Code as often as it likes; both by ten in all, and only before it lapses."""
    found = fold(RECEIVED, ACKNOWLEDGED, *extensions)
    assert told(only(found, "complaints.stage-1.response").due_at) == f"{havering} 23:59:59"
    assert told(only(found, "complaints.code.stage-1.response").due_at) == f"{code} 23:59:59"


def test_an_extension_tells_how_the_date_moved() -> None:
    """The working names the fact, both dates, and every day left out on the way."""
    working = only(
        fold(RECEIVED, extended("Thursday 2026-02-05 10:00", 2)), "complaints.stage-1.response"
    ).working
    (move,) = working.moves
    assert (move.kind, move.sequence) == ("extended", 2)
    assert told(move.moved_from) == "Monday 2026-02-16 23:59:59"
    assert told(move.moved_to) == "Wednesday 2026-02-18 23:59:59"
    assert [f"{day.date:%d} {day.reason}" for day in working.skipped] == [
        "07 Saturday", "08 Sunday", "14 Saturday", "15 Sunday",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("replied", "respond_by", "due"),
    [
        ("Monday 2026-02-09 10:00", "2026-03-06", "Friday 2026-03-06"),
        ("Monday 2026-02-09 10:00", "2026-02-10", "Monday 2026-02-16"),
        ("Tuesday 2026-02-17 10:00", "2026-03-06", "Monday 2026-02-16"),
    ],
)
def test_a_holding_reply_moves_the_answer_to_the_date_promised(
    replied: str, respond_by: str, due: str
) -> None:
    """It never brings the date nearer, and one sent too late mends nothing."""
    found = fold(
        ("enquiries.enquiry-received", "Monday 2026-02-02 10:00", {"channel": "letter"}),
        ("enquiries.holding-reply-sent", replied, {"respond_by": respond_by}),
    )
    assert told(only(found, "enquiries.response").due_at) == f"{due} 23:59:59"


@pytest.mark.parametrize(
    ("facts", "standards"),
    [
        ({"channel": "email"}, {"enquiries.email.acknowledgement", "enquiries.response"}),
        ({"channel": "letter"}, {"enquiries.response"}),
        ({"channel": "phone", "resolved_at_first_contact": True}, set()),
        ({"channel": "phone", "resolved_at_first_contact": False}, set()),
        ({"channel": "in_person", "resolved_at_first_contact": False, "expected_answer_on": "2026-02-09"},
         {"enquiries.promised-answer"}),
    ],
)  # fmt: skip
def test_what_an_enquiry_is_promised_depends_on_how_it_came(
    facts: Mapping[str, Any], standards: set[str]
) -> None:
    """A phone call settled at once, or referred without a date, is promised nothing more."""
    found = fold(("enquiries.enquiry-received", "Monday 2026-02-02 10:00", facts))
    assert {deadline.standard for deadline in found} == standards


@pytest.mark.parametrize(
    ("fault", "priority", "due"),
    [
        ("loss-of-gas", 1, "Tuesday 2026-02-03"),
        ("loss-of-heating-or-hot-water", 1, "Tuesday 2026-02-03"),
        ("loss-of-heating-or-hot-water", 2, "Thursday 2026-02-05"),
        ("partial-loss-of-water", 2, "Thursday 2026-02-05"),
        ("tap-not-turning", 1, "Thursday 2026-02-05"),
        ("broken-door-entry-phone", 2, "Wednesday 2026-02-11"),
        ("leaking-roof", 3, "Wednesday 2026-02-11"),
        ("toilet-not-flushing", 1, "Tuesday 2026-02-03"),
        ("toilet-not-flushing", 3, None),
        ("window-frames", 3, None),
    ],
)
def test_the_right_to_repair_goes_by_the_fault(fault: str, priority: int, due: str | None) -> None:
    """One, three or seven working days for a qualifying fault, and nothing for any other."""
    found = fold(
        ("repairs.repair-reported", "Monday 2026-02-02 10:00", {"fault": fault, "priority": priority})
    )
    dates = [told(d.due_at).removesuffix(" 23:59:59") for d in found if d.regime == "right_to_repair"]
    assert dates == ([due] if due else [])


def test_the_second_contractor_has_the_same_period_again() -> None:
    """Three working days missed, three more from the day the second contractor is appointed."""
    found = fold(
        ("repairs.repair-reported", "Monday 2026-02-02 10:00", {"fault": "tap-not-turning", "priority": 2}),
        ("repairs.second-contractor-appointed", "Monday 2026-02-09 10:00", {"period": "3 working days"}),
    )
    assert only(found, "repairs.right-to-repair").state(london("Monday 2026-02-09 10:00")) == "breached"
    second = only(found, "repairs.right-to-repair.second-contractor")
    assert told(second.due_at) == "Thursday 2026-02-12 23:59:59"


def test_an_emergency_hazard_is_investigated_and_made_safe_within_a_day_of_awareness() -> None:
    """The 24 hours run from when we became aware, not from when somebody wrote it down."""
    reported = {"severity": "emergency", "hazard": "gas", "aware_at": "2026-02-02T08:00:00Z"}
    found = fold(("repairs.hazard-reported", "Monday 2026-02-02 10:00", reported))
    assert {deadline.standard: told(deadline.due_at) for deadline in found} == {
        "repairs.hazard.emergency.investigated": "Tuesday 2026-02-03 08:00:00",
        "repairs.hazard.emergency.made-safe": "Tuesday 2026-02-03 08:00:00",
    }


def test_damp_and_mould_go_through_every_step_of_awaabs_law() -> None:
    """Ten working days to investigate, three for the summary, five for the work, twelve weeks at most."""
    reported = {"severity": "significant", "hazard": "mould"}
    found = fold(
        ("repairs.hazard-reported", "Monday 2026-02-02 10:00", reported),
        ("repairs.access-refused", "Thursday 2026-02-05 10:00"),
        (
            "repairs.hazard-investigated",
            "Monday 2026-02-09 10:00",
            {**reported, "finding": "significant", "further_work_needed": True},
        ),
        ("repairs.preventive-work-deferred", "Tuesday 2026-02-10 10:00", {"begin_by": "2026-12-24"}),
    )
    assert {deadline.standard: told(deadline.due_at) for deadline in found} == {
        "repairs.hazard.significant.investigated": "Monday 2026-02-16 23:59:59",
        "repairs.hazard.summary": "Thursday 2026-02-12 23:59:59",
        "repairs.hazard.significant.made-safe": "Monday 2026-02-16 23:59:59",
        "repairs.hazard.preventive-work.steps-taken": "Monday 2026-02-16 23:59:59",
        "repairs.hazard.preventive-work.begun": "Monday 2026-05-04 23:59:59",
    }
    assert only(found, "repairs.hazard.significant.investigated").met_by == 3


def test_a_significant_hazard_out_of_scope_has_no_clock() -> None:
    """Excess cold is dealt with in the same way, without a date, unless it is found to be an emergency."""
    cold = {"severity": "significant", "hazard": "excess-cold", "further_work_needed": True}
    reported: Happening = ("repairs.hazard-reported", "Monday 2026-02-02 10:00", cold)

    def found_to_be(finding: str) -> set[str]:
        investigated = (
            "repairs.hazard-investigated",
            "Monday 2026-02-09 10:00",
            {**cold, "finding": finding},
        )
        return {deadline.standard for deadline in fold(reported, investigated)}

    assert found_to_be("significant") == set()
    assert found_to_be("emergency") == {
        "repairs.hazard.emergency.made-safe",
        "repairs.hazard.summary",
        "repairs.hazard.preventive-work.steps-taken",
        "repairs.hazard.preventive-work.begun",
    }


def test_awaabs_law_does_not_reach_back() -> None:
    """A hazard we learnt of the day before the law came into force has no clock, the next day it has."""
    facts = {"severity": "significant", "hazard": "damp"}
    assert fold(("repairs.hazard-reported", "Sunday 2025-10-26 10:00", facts)) == []
    assert len(fold(("repairs.hazard-reported", "Monday 2025-10-27 10:00", facts))) == 1


def test_damage_by_anti_social_behaviour_counts_from_its_report() -> None:
    """The repair raised two hours later still has to be safe 24 hours after the victim told us."""
    found = fold(
        ("repairs.repair-reported", "Monday 2026-02-02 12:00", {"priority": 2, "fault": "other"}),
        ("repairs.asb-damage-repair-raised", "Monday 2026-02-02 12:00",
         {"damage_reported_at": "2026-02-02T10:00:00Z"}),
    )  # fmt: skip
    assert told(only(found, "repairs.asb-damage.made-safe").due_at) == "Tuesday 2026-02-03 10:00:00"
