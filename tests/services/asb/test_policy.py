"""Rules of a case as tables: its priority, the threshold of a case review, and what tells the same people."""

from datetime import date

import pytest

from services.asb.events import Priority
from services.asb.policy import (
    Category,
    digests_of_people,
    is_hate,
    priority_of,
)
from services.asb.policy.sides import Sides, are_against_each_other
from services.asb.policy.threshold import Reported, Threshold, missing_reasons
from shared.standards.periods import Period
from tests.shared.standards.histories import CALENDAR

ONE, TWO = Priority.VIOLENCE_OR_HATE, Priority.OTHER
THRESHOLD = Threshold(3, Period.parse("1 month"), Period.parse("6 months"))
HOME = {"uprn": "12", "address": "1 High Street", "postcode": "RM1 1AA"}


@pytest.mark.parametrize(
    ("category", "hate_incident", "priority", "is_hate_incident"),
    [
        ("violence", False, ONE, False),
        ("racial_harassment", False, ONE, True),
        ("hate_crime", False, ONE, True),
        ("domestic_abuse", False, ONE, False),
        ("noise", False, TWO, False),
        ("harassment", False, TWO, False),
        ("vandalism", False, TWO, False),
        ("drugs", False, TWO, False),
        ("pets", False, TWO, False),
        ("rubbish", False, TWO, False),
        ("vehicles", False, TWO, False),
        ("other", False, TWO, False),
        ("rubbish", True, ONE, True),
    ],
)
def test_priority_follows_from_the_category_or_a_hate_incident(
    category: str, hate_incident: bool, priority: Priority, is_hate_incident: bool
) -> None:
    """Rubbish at a door is a hate incident if anybody perceives it so."""
    assert priority_of(Category(category), hate_incident) is priority
    assert is_hate(Category(category), hate_incident) is is_hate_incident


@pytest.mark.parametrize(
    ("happened_on", "reported_on", "applied_on", "qualifies"),
    [
        ("2026-01-31", "2026-02-28", "2026-08-28", True),  # the last day of both periods
        ("2026-01-31", "2026-03-01", "2026-03-01", False),  # reported a day late
        ("2026-01-31", "2026-02-28", "2026-08-29", False),  # applied for a day late
        ("2026-05-04", "2026-05-04", "2026-05-04", True),  # all on one day
        ("2026-05-04", "2026-06-04", "2026-12-04", True),
    ],
)
def test_a_report_qualifies_by_two_windows(
    happened_on: str, reported_on: str, applied_on: str, qualifies: bool
) -> None:
    """Reported within a month of the incident, and applied for within six of the report (section 104)."""
    incident = Reported(date.fromisoformat(happened_on), date.fromisoformat(reported_on))
    found = THRESHOLD.qualifying([incident], date.fromisoformat(applied_on), CALENDAR)
    assert found == int(qualifies)


@pytest.mark.parametrize(("qualifying", "missing"), [(0, ["harm"]), (2, ["harm"]), (3, []), (7, [])])
def test_below_the_threshold_every_reason_is_needed(qualifying: int, missing: list[str]) -> None:
    """Persistence, harm and the adequacy of the response; at three reports nothing is decided."""
    reasons = {"persistence": "Weekly.", "harm": None, "adequacy": "Little."}
    assert missing_reasons(qualifying, THRESHOLD, reasons) == missing


def test_the_same_people_are_known_by_digests_alone() -> None:
    """However they are spelt, and nothing of them can be read."""
    one = digests_of_people(HOME, [{"name": "Robin  O'Loud"}], "sam")
    other = digests_of_people({**HOME, "uprn": "13"}, [{"name": "ROBIN O’LOUD"}], "alex")
    assert len({*one} & {*other}) == 2  # the address and the name
    assert not any("robin" in digest or "high" in digest for digest in one)
    assert digests_of_people(None, (), None) == []


AT_3 = {"address": "3 High Street", "postcode": "RM1 1AA"}


def sides(
    *alleged: dict[str, str], name: str | None = None, home: dict[str, str] | None = None, token: str = "ada"
) -> Sides:
    return Sides(name=name, identities=frozenset({token}), home=home, alleged=alleged)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (sides({"name": "Robin O'Loud"}), sides(name="O’LOUD, Robin"), True),
        (sides({"subject": "robin"}), sides(token="https://sign-in\nrobin"), True),
        (sides({"subject": "robin"}, token="ada"), sides({"subject": "robin"}, token="bo"), False),
        (sides({"name": "Robin Loud"}), sides(name="Robin Quiet"), False),
        (sides({"description": "Tall."}), sides(name="Tall.", token="robin"), False),
        # each is said to live where the other reports from
        (
            sides({"address": "3 high street"}, home=HOME),
            sides({"address": "1 High Street RM1 1AA"}, home=AT_3),
            True,
        ),
        # one alone may be a victim who lives with the person whom the neighbours complain of
        (
            sides({"address": "3 High Street"}, home=HOME),
            sides({"address": "3 High Street"}, home=AT_3),
            False,
        ),
        (sides({"address": "3 High Street"}, home=HOME), sides(home=AT_3), False),
        (sides(), sides(), False),
    ],
)
def test_two_reports_are_against_each_other_as_far_as_they_tell(
    one: Sides, other: Sides, expected: bool
) -> None:
    """By the name or the token of one side's reporter, or by both homes; either way round."""
    assert are_against_each_other(one, other) is expected
    assert are_against_each_other(other, one) is expected
