"""An officer can read out, word for word, why a date is what it is."""

from datetime import date

import pytest

from shared.standards.explanation import MISSED_AND_CANCELLED, NOT_YET, STILL_MISSED, result_so_far
from tests.shared.standards.histories import CALENDAR, Happening, fold, london, only

REPORT: Happening = ("repairs.repair-reported", "Friday 2025-12-19 16:55", {"priority": 2})
THREE_DAYS = "repairs.priority-2.completed"


def reads(text: str) -> str:
    """The text as one line."""
    return " ".join(text.split())


def test_a_running_promise() -> None:
    """Promise, start, period and the days left out."""
    assert only(fold(REPORT), THREE_DAYS).because == reads("""
        We promised to finish an urgent repair within 3 working days.
        Your repair was reported to us on Friday 19 December 2025 at 16:55.
        3 working days after that, leaving out Saturday 20 December and Sunday 21 December,
        is the end of Wednesday 24 December 2025.
    """)


def test_a_closure_day_is_named_with_its_reason() -> None:
    """A resident hears which day the council was closed, and why."""
    closed = CALENDAR.with_closures({date(2025, 12, 23): "training day"})
    assert only(fold(REPORT, calendar=closed), THREE_DAYS).because == reads("""
        We promised to finish an urgent repair within 3 working days.
        Your repair was reported to us on Friday 19 December 2025 at 16:55.
        3 working days after that, leaving out Saturdays, Sundays, council closure: training day (Tuesday 23
        December), Christmas Day bank holiday (Thursday 25 December) and Boxing Day bank holiday (Friday 26
        December), is the end of Monday 29 December 2025.
    """)


def test_an_extended_promise_kept_late() -> None:
    """Holidays with their dates, the extension, and the outcome."""
    found = fold(
        ("complaints.complaint-received", "Friday 2025-12-19 16:55"),
        ("complaints.reply-extended", "Monday 2025-12-22 09:00", {"stage": 1, "working_days": 5}),
        ("complaints.complaint-responded", "Thursday 2026-01-15 09:00", {"stage": 1}),
    )
    assert only(found, "complaints.stage-1.response").because == reads("""
        We promised to send you a full reply in writing within 10 working days. It may be 20 if there is a lot
        to look into. Your complaint reached us on Friday 19 December 2025 at 16:55.
        10 working days after that, leaving out Saturdays, Sundays, Christmas Day bank holiday (Thursday 25
        December), Boxing Day bank holiday (Friday 26 December) and New Year's Day bank holiday (Thursday 1
        January), is the end of Wednesday 7 January 2026.
        We then needed longer, and told you so: that made it the end of Wednesday 14 January 2026.
        Our full written reply was sent to you on Thursday 15 January 2026 at 09:00, later than promised.
        So we missed this promise.
    """)


def test_hours_across_a_clock_change() -> None:
    """Times are those on the resident's own clock."""
    found = fold(
        ("repairs.repair-reported", "Saturday 2026-03-28 23:00", {"priority": 1}),
        ("repairs.repair-made-safe", "Sunday 2026-03-29 03:10"),
    )
    assert only(found, "repairs.emergency.made-safe").because == reads("""
        We promised to come to an emergency repair and make it safe within 4 hours.
        Your repair was reported to us on Saturday 28 March 2026 at 23:00.
        4 hours after that is 04:00 on Sunday 29 March 2026.
        The clocks went forward an hour in that time.
        The repair was made safe on Sunday 29 March 2026 at 03:10, in time.
        So we kept this promise.
    """)


def test_a_cancelled_promise() -> None:
    """The event that ended it is said last."""
    found = fold(REPORT, ("repairs.repair-cancelled", "Monday 2025-12-22 09:00"))
    assert only(found, THREE_DAYS).because.endswith(
        "The repair was cancelled on Monday 22 December 2025 at 09:00, which ended this promise. "
        "So there is nothing more to do."
    )


def test_a_date_that_was_given() -> None:
    """Nothing is counted to a date that we named ourselves."""
    found = fold(
        (
            "enquiries.enquiry-received",
            "Monday 2026-02-02 10:00",
            {"channel": "phone", "resolved_at_first_contact": False, "expected_answer_on": "2026-02-09"},
        )
    )
    assert only(found, "enquiries.promised-answer").because.endswith(
        "Your enquiry reached us on Monday 2 February 2026 at 10:00. "
        "The date we gave you is the end of Monday 9 February 2026."
    )


def test_a_promise_counted_from_an_earlier_day() -> None:
    """A boiler counts from its last service, and the explanation says so."""
    serviced = {"kind": "heating", "last_serviced_on": "2025-05-20"}
    found = fold(("repairs.appliance-registered", "Monday 2025-12-01 09:00", serviced))
    assert only(found, "repairs.heating.annual-service").because == reads("""
        We promised to service your main heating appliance every year.
        The appliance was registered with us on Monday 1 December 2025 at 09:00.
        We count from Tuesday 20 May 2025. 12 months after that is the end of Wednesday 20 May 2026.
    """)


def test_a_promise_missed_and_then_cancelled() -> None:
    """Cancelling hides no breach, in words either."""
    found = fold(REPORT, ("repairs.repair-cancelled", "Monday 2025-12-29 09:00"))
    assert only(found, THREE_DAYS).because.endswith(MISSED_AND_CANCELLED)


@pytest.mark.parametrize(
    ("at", "result"), [("Wednesday 2025-12-24 23:59", NOT_YET), ("Thursday 2025-12-25 00:00", STILL_MISSED)]
)
def test_a_promise_still_to_be_kept_has_a_result_so_far(at: str, result: str) -> None:
    """Not yet, or missed already."""
    assert result_so_far(only(fold(REPORT), THREE_DAYS), london(at)) == result
