"""Dates of the settling-in visit, and rules of who is written to: tables that a reader can check."""

from typing import Any

import pytest

from services.residents import policy
from services.residents.policy import LIFECYCLE, Needs, Situation, Status
from shared.caller import OFFICER, RESIDENT
from tests.shared.standards.histories import fold, london, only, told

STANDARD = "residents.settling-in-visit"
STARTED, VISITED = "residents.tenancy-started", "residents.settling-in-visit-completed"
ENDED = "residents.tenancy-ended"


@pytest.mark.parametrize(
    ("started_on", "care_leaver", "due"),
    [
        ("Monday 2026-11-02", False, "Monday 2026-11-23 23:59:59"),
        ("Monday 2026-11-02", True, "Monday 2026-11-16 23:59:59"),
        # weeks count every day: no weekend, no bank holiday and no Christmas moves the date
        ("Saturday 2026-11-07", False, "Saturday 2026-11-28 23:59:59"),
        ("Friday 2026-12-11", True, "Friday 2026-12-25 23:59:59"),
        # across the night on which the clocks go back
        ("Sunday 2026-10-11", True, "Sunday 2026-10-25 23:59:59"),
        # the leap day
        ("Thursday 2024-02-08", False, "Thursday 2024-02-29 23:59:59"),
    ],
)
def test_the_visit_is_promised_from_the_first_day(started_on: str, care_leaver: bool, due: str) -> None:
    """Three weeks of it, two for a care leaver, whenever the tenancy came to be recorded (section 8)."""
    facts = {"started_on": started_on.rpartition(" ")[2], "care_leaver": care_leaver}
    for recorded in (f"{started_on} 00:00", f"{started_on} 16:55"):
        assert told(only(fold((STARTED, recorded, facts)), STANDARD).due_at) == due


NOT_A_CARE_LEAVER = {"started_on": "2026-11-02", "care_leaver": False}


@pytest.mark.parametrize(
    ("happened", "at", "now", "state"),
    [
        (VISITED, "Monday 2026-11-23 23:59", "Tuesday 2026-11-24 09:00", "met"),
        (VISITED, "Tuesday 2026-11-24 00:00", "Tuesday 2026-11-24 09:00", "late"),
        (VISITED, "Monday 2026-11-02 09:00", "Monday 2026-11-02 10:00", "met"),
        (ENDED, "Friday 2026-11-20 12:00", "Wednesday 2026-11-25 09:00", "cancelled"),
        (ENDED, "Tuesday 2026-11-24 12:00", "Wednesday 2026-11-25 09:00", "breached"),
    ],
)
def test_the_promise_is_kept_broken_or_falls_away(happened: str, at: str, now: str, state: str) -> None:
    """A tenancy that ends ends its clock; what was due before was broken."""
    facts = {"support_plan_made": True} if happened == VISITED else {}
    started = STARTED, "Monday 2026-11-02 00:00", NOT_A_CARE_LEAVER
    deadline = only(fold(started, (happened, at, facts)), STANDARD)
    assert deadline.state(london(now)) == state


@pytest.mark.parametrize(
    ("status", "officers", "residents"),
    [
        (
            Status.STARTED,
            "contact end joint-tenants settling-in-visit settling-in-visit/booking support-plan "
            "support-plan/request visiting-in-pairs vulnerability",
            "contact support-plan/request vulnerability",
        ),
        (
            Status.VISITED,
            "contact end joint-tenants support-plan support-plan/request visiting-in-pairs vulnerability",
            "contact support-plan/request vulnerability",
        ),
        (Status.ENDED, "contact visiting-in-pairs vulnerability", "contact vulnerability"),
    ],
)
def test_what_a_tenancy_allows(status: Status, officers: str, residents: str) -> None:
    """What is kept of a person stays theirs to correct, also when the tenancy has ended."""
    situation = Situation(status=status, plan_is_asked_for=False)
    assert sorted(LIFECYCLE.allowed(OFFICER, situation)) == officers.split()
    assert sorted(LIFECYCLE.allowed(RESIDENT, situation)) == residents.split()
    asked = Situation(status=status, plan_is_asked_for=True)
    assert "support-plan/request" not in LIFECYCLE.allowed(OFFICER, asked)


ADA, BEN, UNSAFE = {"name": "Ada"}, {"name": "Ben", "safe_to_contact": True}, {"safe_to_contact": False}


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([ADA], ADA),
        ([ADA, BEN], ADA),
        ([BEN, ADA], BEN),
        ([ADA, UNSAFE], UNSAFE),
        ([UNSAFE, ADA], UNSAFE),
    ],
)
def test_who_is_written_to(contacts: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    """The first tenant, and nobody where one of them must not be: the other may open the letter."""
    assert policy.written_to(contacts) == expected


def test_what_one_of_a_household_needs_a_visitor_knows() -> None:
    """Everybody's access needs, each once; nobody lives in an empty home."""
    one = Needs(vulnerable=False, access_needs="Ring twice.", safe_to_contact=True, visit_in_pairs=True)
    other = Needs(vulnerable=True, access_needs="Key safe.", safe_to_contact=False, visit_in_pairs=False)
    together = Needs(
        vulnerable=True,
        access_needs="Ring twice.\nKey safe.",
        safe_to_contact=False,
        visit_in_pairs=True,
    )
    assert Needs.of_household([one, other, one]) == together
    assert Needs.of_household([]) == Needs(
        vulnerable=False, access_needs=None, safe_to_contact=True, visit_in_pairs=False
    )
