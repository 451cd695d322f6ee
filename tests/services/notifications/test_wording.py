"""What notices say."""

from datetime import UTC, datetime

import pytest

from services.notifications.policy import Kind
from services.notifications.wording import (
    CALLED_OFF,
    RIGHTS,
    About,
    Promise,
    Visit,
    about_a_deadline,
    acknowledgement,
    at_once,
    in_the_residents_place,
    new_dates,
    spoken,
    to_the_resident,
    visit,
)
from shared.standards.catalogue import Catalogue
from shared.standards.vocabulary import Vocabulary

SAFE = Promise(
    "repairs.emergency.made-safe",
    "We will make it safe within 4 hours.",
    "Housing Service Standards, section 6",
    datetime(2025, 12, 5, 16, 55, tzinfo=UTC),
)
CASE = About("REP-7K3M-Q9TX", "Pat Smith", "repairs")


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2025, 12, 5, 16, 55, tzinfo=UTC), "Friday 5 December 2025 at 16:55"),
        (datetime(2025, 7, 31, 22, 59, 59, tzinfo=UTC), "Thursday 31 July 2025 at 23:59"),
        (datetime(2025, 7, 31, 23, 0, tzinfo=UTC), "Friday 1 August 2025 at 00:00"),
        (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "Sunday 25 October 2026 at 01:30 (before the clocks go back)",
        ),
        (
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            "Sunday 25 October 2026 at 01:30 (after the clocks go back)",
        ),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "Sunday 25 October 2026 at 02:00"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "Sunday 28 March 2027 at 02:00"),
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), "Tuesday 29 February 2028 at 12:00"),
    ],
)
def test_an_instant_is_said_as_in_london(instant: datetime, words: str) -> None:
    """In summer London is an hour ahead of UTC, and people read their own clocks, even if these go back."""
    assert spoken(instant) == words


def test_an_acknowledgement_says_reference_handler_and_every_date() -> None:
    """Section 3: who deals with it; and what we promise by when."""
    message = acknowledgement(CASE, [SAFE], "Havering Council")
    assert "REP-7K3M-Q9TX" in message.subject
    for said in ("REP-7K3M-Q9TX", "Pat Smith of the repairs team", "Friday 5 December 2025 at 16:55"):
        assert said in message.text
    assert message.text.endswith("Yours, Havering Council")


def test_as_long_as_nobody_is_named_the_team_deals_with_it() -> None:
    """No case is nobody's."""
    message = acknowledgement(About("REP-7K3M-Q9TX", None, "repairs"), [], "Havering Council")
    assert "Your case is with the repairs team." in message.text


@pytest.mark.parametrize(
    ("kind", "subject", "opening"),
    [
        (Kind.REMINDER, "Due soon", "This promise comes due on Friday 5 December 2025 at 16:55."),
        (Kind.BREACH, "Overdue", "has not been kept"),
        (Kind.ESCALATION, "Still overdue", "still has not been kept"),
        (Kind.WITHDRAWAL, "No longer overdue", "It was not."),
    ],
)
def test_a_departments_notice_names_case_promise_and_standard(kind: Kind, subject: str, opening: str) -> None:
    """Whoever reads it needs to look nothing up."""
    message = about_a_deadline(kind, CASE, SAFE, [])
    assert message.subject == f"{subject}: REP-7K3M-Q9TX, repairs.emergency.made-safe"
    for said in (opening, "Pat Smith", SAFE.promise, SAFE.source):
        assert said in message.text
    assert "stands for" not in message.text


def test_a_notice_after_an_outage_says_what_it_stands_for() -> None:
    """Nobody wonders why they were never reminded."""
    message = about_a_deadline(Kind.BREACH, CASE, SAFE, ["reminder"])
    assert "stands for earlier notices that could not be sent: reminder." in message.text


def test_a_letter_not_to_be_sent_says_so_first_and_holds_what_was_meant() -> None:
    """The department must see at a glance that this may not be forwarded to the resident."""
    meant = acknowledgement(CASE, [SAFE], "Havering Council")
    message = in_the_residents_place(CASE, meant)
    assert message.subject == "Do not write to the resident: REP-7K3M-Q9TX"
    assert message.text.startswith("It is not safe to write to the resident")
    assert "> Your reference is REP-7K3M-Q9TX." in message.text
    assert "Friday 5 December 2025 at 16:55" in message.text


def test_a_new_date_comes_with_its_reason() -> None:
    """Whoever was told a date is told the new one, and why it changed."""
    message = new_dates(CASE, [SAFE], ["2025-12-05 was proclaimed a bank holiday"], "Havering Council")
    assert "That is now by Friday 5 December 2025 at 16:55." in message.text
    assert "It changed because 2025-12-05 was proclaimed a bank holiday." in message.text


VISIT = {
    "starts_at": "2025-12-05T09:00:00+00:00",
    "ends_at": "2025-12-05T12:00:00+00:00",
    "contractor": "Fixit",
}


def test_an_appointment_is_told_with_its_window_and_who_comes() -> None:
    """Section 5: we keep appointments, and show our identification."""
    booked = visit(Kind.APPOINTMENT_BOOKED, CASE, Visit.of(VISIT), "Havering Council")
    assert "is on Friday 5 December 2025 between 09:00 and 12:00." in booked.text
    assert "Fixit will come, and will show you identification." in booked.text
    assert "takes the place" not in booked.text
    moved = VISIT | {"instead_of": "2025-12-04T09:00:00+00:00"}
    told = visit(Kind.APPOINTMENT_BOOKED, CASE, Visit.of(moved), "Havering Council")
    assert "It takes the place of the one on Thursday 4 December 2025 at 09:00." in told.text


@pytest.mark.parametrize("because", Vocabulary.bundled().facts_of("repairs.appointment-cancelled")["because"])
def test_a_visit_called_off_says_what_follows(because: str) -> None:
    """Each reason has its sentence; no resident waits in for nobody."""
    message = visit(
        Kind.APPOINTMENT_CANCELLED, CASE, Visit.of(VISIT | {"because": because}), "Havering Council"
    )
    assert "It has been cancelled." in message.text
    assert CALLED_OFF[because] in message.text


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "words"),
    [
        (
            "2026-11-27T22:00:00+00:00",
            "2026-11-28T01:00:00+00:00",
            "between 22:00 on Friday 27 November and 01:00 on Saturday 28 November 2026",
        ),
        (
            "2026-12-31T23:00:00+00:00",
            "2027-01-01T01:00:00+00:00",
            "between 23:00 on Thursday 31 December 2026 and 01:00 on Friday 1 January 2027",
        ),
        (
            "2026-10-24T22:00:00+00:00",
            "2026-10-25T00:30:00+00:00",
            "between 23:00 on Saturday 24 October"
            " and 01:30 (before the clocks go back) on Sunday 25 October 2026",
        ),
        (
            "2026-10-25T00:30:00+00:00",
            "2026-10-25T01:30:00+00:00",
            "on Sunday 25 October 2026"
            " between 01:30 (before the clocks go back) and 01:30 (after the clocks go back)",
        ),
        (
            "2027-03-27T23:30:00+00:00",
            "2027-03-28T01:30:00+00:00",
            "between 23:30 on Saturday 27 March and 02:30 on Sunday 28 March 2027",
        ),
        (
            "2028-02-28T23:00:00+00:00",
            "2028-02-29T01:00:00+00:00",
            "between 23:00 on Monday 28 February and 01:00 on Tuesday 29 February 2028",
        ),
    ],
    ids=["over midnight", "over New Year", "clocks back", "in the hour twice", "clocks forward", "leap day"],
)
def test_a_visit_by_night_is_said_so_that_one_knows_when_to_be_in(
    starts_at: str, ends_at: str, words: str
) -> None:
    """Both days are named where there are two, and of two times that are shown alike which is meant."""
    night = VISIT | {"starts_at": starts_at, "ends_at": ends_at}
    coming = visit(Kind.APPOINTMENT_BOOKED, CASE, Visit.of(night), "Havering Council")
    assert f"Your appointment for REP-7K3M-Q9TX is {words}." in coming.text
    nobody = visit(Kind.APPOINTMENT_CANCELLED, CASE, Visit.of(night), "Havering Council")
    assert f"Your appointment for REP-7K3M-Q9TX was {words}." in nobody.text


@pytest.mark.parametrize(
    ("kind", "opening", "right"),
    [
        (Kind.BREACH, "We are sorry: we did not keep a promise", True),
        (Kind.ESCALATION, "still not done", True),
        (Kind.WITHDRAWAL, "that letter counts no more", False),
        (Kind.REMINDER, "due on Friday 5 December 2025", False),
    ],
)
def test_a_resident_is_told_of_a_broken_promise_in_their_own_words(
    kind: Kind, opening: str, right: bool
) -> None:
    """The right to repair: they may ask for another contractor, and hear it from us."""
    promise = Promise("repairs.right-to-repair", "We will complete it.", "SI 1994/133", SAFE.due_at)
    message = to_the_resident(kind, CASE, promise, "Havering Council")
    assert opening in message.text
    assert ("another contractor" in message.text) is right
    assert "REP-7K3M-Q9TX" in message.text
    assert "Standard:" not in message.text


def test_rights_are_of_standards_that_there_are() -> None:
    """A misspelt standard would keep a tenant from hearing of their right."""
    assert RIGHTS.keys() <= {row.id for row in Catalogue.load().standards}


@pytest.mark.parametrize("kind", [Kind.EMERGENCY, Kind.FLAGGED])
def test_what_cannot_wait_names_the_case_and_its_dates(kind: Kind) -> None:
    """Whoever is rung at night needs to look nothing up."""
    message = at_once(kind, CASE, [SAFE])
    assert "REP-7K3M-Q9TX" in message.subject
    assert "Promised by Friday 5 December 2025 at 16:55: We will make it safe within 4 hours." in message.text
