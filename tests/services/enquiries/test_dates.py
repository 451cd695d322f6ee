"""The dates of enquiries and of the laws on information: what pauses, what counts anew, what adds time."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.shared.standards.histories import Happening, fold, london, only, told

ASKED = "enquiries.information-requested"
FOI, EIR, SAR, DPC = (
    "freedom_of_information", "environmental_information", "subject_access", "data_protection_complaint",
)  # fmt: skip
LAW = {
    FOI: "enquiries.freedom-of-information",
    EIR: "enquiries.environmental-information",
    SAR: "enquiries.subject-access",
}


def told_need(kind: str, need: str, when: str) -> Happening:
    return "enquiries.need-told", when, {"kind": kind, "need": need}


def met_need(kind: str, need: str, when: str) -> Happening:
    return "enquiries.need-met", when, {"kind": kind, "need": need}


def extended(kind: str, when: str, **longer: Any) -> Happening:
    return "enquiries.time-extended", when, {"kind": kind, **longer}


def asked(kind: str, when: str, channel: str = "letter") -> Happening:
    return ASKED, when, {"kind": kind, "channel": channel}


def open_due(kind: str, *happened: Happening) -> str:
    [owed] = [each for each in fold(*happened) if each.standard == LAW[kind] and each.open]
    return told(owed.due_at).removesuffix(" 23:59:59")


@pytest.mark.parametrize(
    ("kind", "happened", "due"),
    [
        # a Scottish holiday, Monday 30 November, does not count
        (FOI, [asked(FOI, "Monday 2026-11-02 10:00")], "Tuesday 2026-12-01"),
        # from the notice of a fee to its payment, both days included, nothing counts: three working days
        (FOI, [asked(FOI, "Monday 2026-09-07 10:00"), told_need(FOI, "fee", "Wednesday 2026-09-09 10:00"),
               met_need(FOI, "fee", "Friday 2026-09-11 10:00")], "Thursday 2026-10-08"),
        # a clarification that was needed makes the day it came the day of receipt
        (FOI, [asked(FOI, "Monday 2026-09-07 10:00"),
               told_need(FOI, "clarification", "Wednesday 2026-09-09 10:00"),
               met_need(FOI, "clarification", "Monday 2026-09-21 23:30")], "Monday 2026-10-19"),
        # the public interest is weighed until the date that the notice gives
        (FOI, [asked(FOI, "Monday 2026-09-07 10:00"),
               extended(FOI, "Monday 2026-10-05 16:00", respond_by="2026-10-20")], "Tuesday 2026-10-20"),
        # told a day too late, it gives nothing
        (FOI, [asked(FOI, "Monday 2026-09-07 10:00"),
               extended(FOI, "Tuesday 2026-10-06 09:00", respond_by="2026-10-20")], "Monday 2026-10-05"),
        (EIR, [asked(EIR, "Monday 2026-09-07 10:00"),
               extended(EIR, "Monday 2026-09-14 10:00", working_days=20)], "Monday 2026-11-02"),
        (SAR, [asked(SAR, "Wednesday 2026-01-28 10:00")], "Monday 2026-03-02"),  # the 28th is a Saturday
        # two months more make three from the receipt, not two from where a weekend had moved the day
        (SAR, [asked(SAR, "Wednesday 2026-01-28 10:00"), extended(SAR, "Friday 2026-02-06 10:00", months=2)],
         "Tuesday 2026-04-28"),
        # the month begins with the proof of identity, and with the fee where one is due
        (SAR, [asked(SAR, "Monday 2026-02-02 10:00"), told_need(SAR, "identity", "Tuesday 2026-02-03 10:00"),
               met_need(SAR, "identity", "Tuesday 2026-02-10 10:00")], "Tuesday 2026-03-10"),
        (SAR, [asked(SAR, "Monday 2026-02-02 10:00"), told_need(SAR, "fee", "Tuesday 2026-02-03 10:00"),
               met_need(SAR, "fee", "Wednesday 2026-02-11 10:00")], "Wednesday 2026-03-11"),
        # seven days waiting for a clarification are given back
        (SAR, [asked(SAR, "Monday 2026-02-02 10:00"),
               told_need(SAR, "clarification", "Tuesday 2026-02-03 10:00"),
               met_need(SAR, "clarification", "Tuesday 2026-02-10 10:00")], "Monday 2026-03-09"),
        # and put the end of all three months off as well
        (SAR, [asked(SAR, "Monday 2026-02-02 10:00"),
               told_need(SAR, "clarification", "Tuesday 2026-02-03 10:00"),
               met_need(SAR, "clarification", "Tuesday 2026-02-10 10:00"),
               extended(SAR, "Wednesday 2026-02-11 10:00", months=2)], "Monday 2026-05-11"),
    ],
)  # fmt: skip
def test_each_law_has_its_own_way_of_counting(kind: str, happened: list[Happening], due: str) -> None:
    """The last day, with its weekday; 9 May 2026 is a Saturday, so it is the Monday after."""
    assert open_due(kind, *happened) == due


def test_while_something_is_needed_no_time_runs() -> None:
    """A paused clock is running and rings for nobody; one that will count anew has ended."""
    waiting = fold(asked(SAR, "Monday 2026-02-02 10:00"),
                   told_need(SAR, "clarification", "Tuesday 2026-02-03 10:00"))  # fmt: skip
    assert only(waiting, LAW[SAR]).state(london("Monday 2026-06-01 10:00")) == "running"
    assert only(waiting, LAW[SAR]).rungs == ()
    ended = fold(asked(FOI, "Monday 2026-02-02 10:00"),
                 told_need(FOI, "clarification", "Tuesday 2026-02-03 10:00"))  # fmt: skip
    assert only(ended, LAW[FOI]).state(london("Monday 2026-06-01 10:00")) == "cancelled"


@pytest.mark.parametrize(
    ("when", "channel", "expected"),
    [
        ("Thursday 2026-06-18 10:00", "letter", {"response": "Thursday 2026-07-02"}),
        ("Friday 2026-06-19 10:00", "letter",
         {"response": "Friday 2026-07-03", "data-protection-complaint.acknowledgement": "Sunday 2026-07-19"}),
        ("Monday 2026-11-02 10:00", "email",
         {"response": "Monday 2026-11-16", "email.acknowledgement": "Wednesday 2026-11-04",
          "data-protection-complaint.acknowledgement": "Wednesday 2026-12-02"}),
    ],
)  # fmt: skip
def test_a_complaint_about_personal_data_is_acknowledged_within_thirty_days(
    when: str, channel: str, expected: Mapping[str, str]
) -> None:
    """Since the law asks for it; the council's own promise of an answer holds for it too."""
    found = fold(asked(DPC, when, channel))
    dates = {
        each.standard.removeprefix("enquiries."): told(each.due_at).removesuffix(" 23:59:59")
        for each in found
    }
    assert dates == expected


def test_a_letter_after_the_answer_is_owed_another() -> None:
    """Ten working days from when it came."""
    found = fold(
        ("enquiries.enquiry-received", "Monday 2026-02-02 10:00", {"channel": "email"}),
        ("enquiries.enquiry-answered", "Tuesday 2026-02-03 10:00"),
        ("enquiries.enquiry-reopened", "Monday 2026-02-09 10:00", {"channel": "email"}),
    )
    [owed] = [each for each in found if each.open]
    assert told(owed.due_at) == "Monday 2026-02-23 23:59:59"
