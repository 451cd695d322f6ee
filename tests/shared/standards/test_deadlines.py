"""The life of a deadline: how it is kept, missed, moved and cancelled."""

from uuid import uuid4

import pytest

from shared.standards.deadlines import BadFact, deadlines, next_deadline
from tests.shared.standards.histories import CALENDAR, CATALOGUE, Happening, event, fold, london, only, told

REPORT: Happening = ("repairs.repair-reported", "Friday 2025-12-05 08:00", {"priority": 1})
MADE_SAFE = "repairs.emergency.made-safe"
COMPLETED = "repairs.priority-1.completed"
NOON = london("Friday 2025-12-05 12:00")
EVENING = london("Friday 2025-12-05 18:00")


def test_a_promise_runs_until_its_last_instant() -> None:
    """A deadline is running at the instant it is due, and breached after it."""
    deadline = only(fold(REPORT), MADE_SAFE)
    assert deadline.due_at == NOON
    assert deadline.state(NOON) == "running"
    assert deadline.state(london("Friday 2025-12-05 12:00:01")) == "breached"


@pytest.mark.parametrize(
    ("done", "state"),
    [
        ("Friday 2025-12-05 12:00", "met"),
        ("Friday 2025-12-05 12:00:01", "late"),
    ],
)
def test_a_promise_is_met_in_time_or_late(done: str, state: str) -> None:
    """A promise kept by the due instant is met, one kept after it is late, and late for good."""
    deadline = only(fold(REPORT, ("repairs.repair-made-safe", done)), MADE_SAFE)
    assert deadline.state(EVENING) == state
    assert (deadline.met_at, deadline.met_by) == (london(done), 2)


@pytest.mark.parametrize(
    ("reported", "due", "in_time", "late", "reminded"),
    [
        (
            "Saturday 2026-10-24 23:30",
            "Sunday 2026-10-25 02:30:00",
            "Sunday 2026-10-25 01:45 again",
            "Sunday 2026-10-25 02:30:01",
            "Sunday 2026-10-25 01:30:00 again",
        ),
        (
            "Saturday 2026-10-24 22:45",
            "Sunday 2026-10-25 01:45:00 again",
            "Sunday 2026-10-25 01:50",
            "Sunday 2026-10-25 01:50 again",
            "Sunday 2026-10-25 01:45:00",
        ),
        (
            "Saturday 2027-03-27 23:30",
            "Sunday 2027-03-28 04:30:00",
            "Sunday 2027-03-28 04:30",
            "Sunday 2027-03-28 04:30:01",
            "Sunday 2027-03-28 03:30:00",
        ),
        (
            "Tuesday 2028-02-29 22:30",
            "Wednesday 2028-03-01 02:30:00",
            "Wednesday 2028-03-01 02:30",
            "Wednesday 2028-03-01 02:31",
            "Wednesday 2028-03-01 01:30:00",
        ),
    ],
    ids=["clocks back", "due in the hour twice", "clocks forward", "29 February"],
)
def test_an_emergency_has_its_four_hours_on_every_night(
    reported: str, due: str, in_time: str, late: str, reminded: str
) -> None:
    """Four hours are four hours for whoever has no heating, whatever the clocks show meanwhile."""
    report: Happening = ("repairs.repair-reported", reported, {"priority": 1})
    deadline = only(fold(report), MADE_SAFE)
    assert told(deadline.due_at) == due
    assert told(deadline.rungs[0].at) == reminded
    for done, state in ((in_time, "met"), (late, "late")):
        kept = only(fold(report, ("repairs.repair-made-safe", done)), MADE_SAFE)
        assert kept.state(deadline.due_at) == state


def test_completing_a_repair_makes_it_safe_too() -> None:
    """One update keeps both promises of an emergency."""
    found = fold(REPORT, ("repairs.repair-completed", "Friday 2025-12-05 10:00"))
    assert {deadline.standard: deadline.state(EVENING) for deadline in found} == {
        MADE_SAFE: "met",
        COMPLETED: "met",
    }


def test_a_late_upload_of_timely_work_undoes_the_breach() -> None:
    """Work done at 10:00 and uploaded at 18:00 met a noon deadline: no breach notice is planned any more."""
    breached = only(fold(REPORT), MADE_SAFE)
    assert breached.state(EVENING) == "breached"
    assert [rung.name for rung in breached.rungs] == ["reminder", "breach", "escalation"]
    met = only(fold(REPORT, ("repairs.repair-made-safe", "Friday 2025-12-05 10:00")), MADE_SAFE)
    assert met.state(EVENING) == "met"
    assert met.rungs == ()


def test_late_work_keeps_the_rungs_it_came_after() -> None:
    """Completing after the breach leaves reminder and breach owed, and spares the escalation."""
    late = only(fold(REPORT, ("repairs.repair-made-safe", "Friday 2025-12-05 12:30")), MADE_SAFE)
    assert [(rung.name, told(rung.at), rung.tell) for rung in late.rungs] == [
        ("reminder", "Friday 2025-12-05 11:00:00", ("department",)),
        ("breach", "Friday 2025-12-05 12:00:01", ("department",)),
    ]


def test_a_rung_before_the_case_began_reminds_of_nothing() -> None:
    """One working day before a visit promised within one is before the report: that rung is left out."""
    found = fold(("asb.case-opened", "Monday 2026-02-09 10:00", {"priority": 1}))
    contact = only(found, "asb.priority-1.victim-contact")
    assert [told(rung.at) for rung in contact.rungs] == [
        "Tuesday 2026-02-10 09:00:00",
        "Wednesday 2026-02-11 00:00:00",
        "Wednesday 2026-02-11 09:00:00",
    ]
    visit = fold(
        ("enquiries.enquiry-received", "Friday 2026-02-06 10:00",
         {"channel": "phone", "resolved_at_first_contact": False, "expected_answer_on": "2026-02-06"}),
    )  # fmt: skip
    assert [rung.name for rung in visit[0].rungs] == ["breach", "escalation"]


def test_a_cancelled_repair_is_no_longer_promised() -> None:
    """Cancelling ends the promise, and a completed update after it changes nothing."""
    cancelled = ("repairs.repair-cancelled", "Friday 2025-12-05 09:00")
    deadline = only(
        fold(REPORT, cancelled, ("repairs.repair-completed", "Friday 2025-12-05 10:00")), MADE_SAFE
    )
    assert deadline.state(EVENING) == "cancelled"
    assert deadline.cancelled_at == london("Friday 2025-12-05 09:00")
    assert not deadline.open
    assert deadline.rungs == ()


def test_what_was_kept_before_we_learnt_of_a_cancellation_stays_kept() -> None:
    """Completed at 11:00, and only then told that it was cancelled at 9:00: the promise was kept."""
    completed = ("repairs.repair-completed", "Friday 2025-12-05 11:00")
    cancelled = ("repairs.repair-cancelled", "Friday 2025-12-05 09:00")
    assert only(fold(REPORT, completed, cancelled), COMPLETED).state(EVENING) == "met"
    assert only(fold(REPORT, cancelled, completed), COMPLETED).state(EVENING) == "cancelled"


def test_cancelling_does_not_hide_a_breach() -> None:
    """A promise broken at noon and cancelled at two stays broken, and escalates no further."""
    deadline = only(fold(REPORT, ("repairs.repair-cancelled", "Friday 2025-12-05 12:30")), MADE_SAFE)
    assert deadline.state(EVENING) == "breached"
    assert not deadline.open
    assert [rung.name for rung in deadline.rungs] == ["reminder", "breach"]


def test_a_raised_priority_is_promised_from_the_raise() -> None:
    """The four hours run from the officer's raise; the 28 working days of the report stay promised too."""
    found = fold(
        ("repairs.repair-reported", "Monday 2025-12-01 08:00", {"priority": 3}),
        ("repairs.priority-raised", "Friday 2025-12-05 08:00", {"priority": 1}),
    )
    assert only(found, "repairs.priority-3.completed").state(EVENING) == "running"
    raised = only(found, COMPLETED)
    assert (raised.started_by, raised.due_at) == (2, NOON)


def test_a_raise_after_the_work_was_done_promises_nothing() -> None:
    """The job was done on Thursday, told on Saturday, and raised on Friday by somebody who could not know."""
    found = fold(
        ("repairs.repair-reported", "Monday 2025-12-01 08:00", {"priority": 3}),
        ("repairs.priority-raised", "Friday 2025-12-05 08:00", {"priority": 1}),
        ("repairs.repair-completed", "Thursday 2025-12-04 15:00"),
    )
    assert [deadline.standard for deadline in found if deadline.open] == []


def test_the_last_second_of_a_day_is_all_of_it() -> None:
    """Done at 23:59:59 and seven tenths is done that day."""
    report = ("repairs.repair-reported", "Monday 2025-12-01 08:00", {"priority": 2})
    deadline = only(
        fold(report, ("repairs.repair-completed", "Thursday 2025-12-04 23:59:59.7")),
        "repairs.priority-2.completed",
    )
    assert deadline.state(EVENING) == "met"


def test_the_strictest_unmet_promise_is_shown_first() -> None:
    """Made safe, an emergency still has to be completed; completed, the case owes nothing."""
    report: Happening = (
        "repairs.repair-reported", "Friday 2025-12-05 08:00", {"priority": 1, "fault": "loss-of-gas"},
    )  # fmt: skip
    safe = ("repairs.repair-made-safe", "Friday 2025-12-05 09:00")
    first, second = next_deadline(fold(report)), next_deadline(fold(report, safe))
    assert first is not None
    assert first.due_at == NOON
    assert second is not None
    assert second.standard == COMPLETED
    assert next_deadline(fold(report, ("repairs.repair-completed", "Friday 2025-12-05 09:00"))) is None


def test_one_damage_made_safe_does_not_keep_the_promise_for_another() -> None:
    """Two doors broken: the second is still owed when the first is made safe."""
    found = fold(
        ("asb.damage-reported", "Monday 2026-02-02 09:00", {"damage": 1, "our_repair_responsibility": True}),
        ("asb.damage-reported", "Monday 2026-02-02 10:00", {"damage": 2, "our_repair_responsibility": True}),
        ("asb.damage-made-safe", "Monday 2026-02-02 15:00", {"damage": 1}),
    )
    assert [deadline.met_by for deadline in found] == [3, None]


def test_a_repetition_of_a_fact_is_no_second_fact() -> None:
    """An event delivered twice, even as a copy with another id, counts once."""
    report = event(1, "repairs.repair-reported", london("Friday 2025-12-05 08:00"), {"priority": 1})
    again = type(report)(**{**{name: getattr(report, name) for name in report.__slots__}, "id": uuid4()})
    assert len(deadlines([report, report, again], CATALOGUE, CALENDAR)) == 2


@pytest.mark.parametrize("fact", ["tomorrow", 17, "2026-02-06T10:00:00"])
def test_a_date_that_cannot_be_read_is_an_error(fact: object) -> None:
    """An event whose date says nothing is refused by name, not guessed at."""
    facts = {"channel": "phone", "resolved_at_first_contact": False, "expected_answer_on": fact}
    with pytest.raises(BadFact, match=r"enquiries.enquiry-received REP-7K3M-Q9TX/1: its expected_answer_on"):
        fold(("enquiries.enquiry-received", "Monday 2026-02-02 09:00", facts))
