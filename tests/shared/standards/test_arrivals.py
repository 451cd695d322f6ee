"""An acknowledgement or reply meets its promise only when its letter arrived."""

from collections.abc import Sequence

import pytest

from tests.shared.standards.histories import Happening, fold, london, only

RECEIVED: Happening = ("complaints.complaint-received", "Monday 2025-12-01 10:00", {"ombudsman": "housing"})
AT_STAGE_1 = {"stage": 1, "ombudsman": "housing"}
ACKNOWLEDGED: Happening = ("complaints.complaint-acknowledged", "Tuesday 2025-12-02 10:00", AT_STAGE_1)
CONTACT, REPLY = "complaints.stage-1.contact", "complaints.code.stage-1.response"
NOON = london("Monday 2025-12-15 12:00")


def returned(at: str, about: int = 2) -> Happening:
    return "complaints.letter-returned", at, {"about": about, "given_up": True}


def arrived(at: str, about: int = 2) -> Happening:
    return "complaints.letter-arrived", at, {"about": about}


@pytest.mark.parametrize(
    ("afterwards", "met", "state", "reopened"),
    [
        ((), "Tuesday 2025-12-02 10:00", "met", None),
        ((returned("Wednesday 2025-12-03 09:00"),), None, "breached", "Wednesday 2025-12-03 09:00"),
        ((returned("Wednesday 2025-12-03 09:00", about=1),), "Tuesday 2025-12-02 10:00", "met", None),
        (
            (returned("Wednesday 2025-12-03 09:00"), arrived("Thursday 2025-12-04 09:00")),
            "Thursday 2025-12-04 09:00",
            "met",
            None,
        ),
        (
            (returned("Wednesday 2025-12-03 09:00"), arrived("Tuesday 2025-12-09 09:00")),
            "Tuesday 2025-12-09 09:00",
            "late",
            None,
        ),
        (
            (
                returned("Wednesday 2025-12-03 09:00"),
                arrived("Thursday 2025-12-04 09:00"),
                returned("Friday 2025-12-05 09:00"),
            ),
            None,
            "breached",
            "Friday 2025-12-05 09:00",
        ),
        (
            (
                returned("Wednesday 2025-12-03 09:00"),
                ("complaints.complaint-acknowledged", "Thursday 2025-12-04 10:00", AT_STAGE_1),
            ),
            "Thursday 2025-12-04 10:00",
            "met",
            None,
        ),
    ],
    ids=[
        "nobody says otherwise",
        "it came back",
        "another letter came back",
        "it arrived in time after all",
        "it arrived too late",
        "it came back again",
        "it was acknowledged once more",
    ],
)
def test_a_letter_that_came_back_meets_nothing(
    afterwards: Sequence[Happening], met: str | None, state: str, reopened: str | None
) -> None:
    """The promise is open from then on as if nothing had been sent, and met when a letter arrives."""
    deadline = only(fold(RECEIVED, ACKNOWLEDGED, *afterwards), CONTACT)
    assert deadline.state(NOON) == state
    assert deadline.met_at == (london(met) if met else None)
    assert deadline.reopened_at == (london(reopened) if reopened else None)


def test_it_says_why_it_is_open_again() -> None:
    """In words that can be read out."""
    deadline = only(fold(RECEIVED, ACKNOWLEDGED, returned("Wednesday 2025-12-03 09:00")), CONTACT)
    assert "We wrote to you, but our letter came back" in deadline.because


def test_what_the_act_began_goes_on() -> None:
    """The Code counts the reply from the acknowledgement, whether or not its letter arrived."""
    assert only(fold(RECEIVED, ACKNOWLEDGED, returned("Wednesday 2025-12-03 09:00")), REPLY).open


def test_what_was_done_in_a_home_is_done_whatever_becomes_of_the_letter() -> None:
    """A repair is not undone by a letter about it that came back."""
    report: Happening = ("repairs.repair-reported", "Monday 2025-12-01 08:00", {"priority": 3})
    done: Happening = ("repairs.repair-completed", "Tuesday 2025-12-02 09:00")
    lost: Happening = (
        "repairs.letter-returned",
        "Wednesday 2025-12-03 09:00",
        {"about": 2, "given_up": True},
    )
    assert only(fold(report, done, lost), "repairs.priority-3.completed").state(NOON) == "met"


@pytest.mark.parametrize("service", ["repairs", "asb", "complaints", "enquiries", "estates", "residents"])
def test_whoever_was_not_reached_is_a_task_until_they_are(service: str) -> None:
    """On the department's worklist, by the next working day, until somebody corrects how to reach them."""
    lost: Happening = (
        f"{service}.letter-returned",
        "Friday 2025-12-05 09:00",
        {"about": 1, "given_up": True},
    )
    promise = f"{service}.letter.reached-otherwise"
    assert only(fold(lost), promise).due_at == london("Monday 2025-12-08 23:59:59")
    corrected: Happening = (f"{service}.contact-corrected", "Friday 2025-12-05 15:00")
    assert only(fold(lost, corrected), promise).state(NOON) == "met"


@pytest.mark.parametrize(
    ("reached_at", "state"),
    [("Wednesday 2025-12-03 10:00", "met"), ("Tuesday 2025-12-02 23:00", None)],
    ids=["after it was given up on", "before, as its provider says later"],
)
def test_whoever_a_letter_reached_after_all_is_nobodys_task(reached_at: str, state: str | None) -> None:
    """Also of a letter by which an act was done; what had arrived before was never to be given up on."""
    history = (RECEIVED, ACKNOWLEDGED, returned("Wednesday 2025-12-03 09:00"), arrived(reached_at))
    promised = {one.standard: one for one in fold(*history)}
    task = promised.get("complaints.letter.reached-otherwise")
    assert (task and task.state(NOON)) == state
    assert promised[CONTACT].met_at == london(reached_at)


def test_a_letter_that_leaves_in_another_form_is_nobodys_task() -> None:
    """It came back by email, and is on its way by post."""
    lost: Happening = (
        "complaints.letter-returned",
        "Friday 2025-12-05 09:00",
        {"about": 1, "given_up": False},
    )
    assert fold(lost) == []


ENQUIRY: Happening = ("enquiries.enquiry-received", "Monday 2025-12-01 10:00", {"channel": "email"})
HOLDING: Happening = (
    "enquiries.holding-reply-sent",
    "Thursday 2025-12-11 10:00",
    {"respond_by": "2026-01-30"},
)
HOLDING_RETURNED: Happening = (
    "enquiries.letter-returned",
    "Friday 2025-12-12 10:00",
    {"about": 2, "given_up": True},
)


@pytest.mark.parametrize(
    ("afterwards", "due", "reopened"),
    [
        ((), "Friday 2026-01-30", None),
        ((HOLDING_RETURNED,), "Monday 2025-12-15", "Friday 2025-12-12 10:00"),
        (
            (
                HOLDING_RETURNED,
                ("enquiries.letter-arrived", "Monday 2025-12-15 09:00", {"about": 2}),
            ),
            "Friday 2026-01-30",
            None,
        ),
        (
            (
                HOLDING_RETURNED,
                ("enquiries.letter-arrived", "Wednesday 2025-12-17 09:00", {"about": 2}),
            ),
            "Monday 2025-12-15",
            None,
        ),
    ],
    ids=["nobody says otherwise", "it came back", "it arrived in time after all", "it arrived too late"],
)
def test_a_holding_reply_that_came_back_gives_no_more_time(
    afterwards: Sequence[Happening], due: str, reopened: str | None
) -> None:
    """Nobody was told of the new date, so the old one stands, and a promise that is broken stays so."""
    deadline = only(fold(ENQUIRY, HOLDING, *afterwards), "enquiries.response")
    assert f"{deadline.due_at:%A %Y-%m-%d}" == due
    assert deadline.reopened_at == (london(reopened) if reopened else None)
