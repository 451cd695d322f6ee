"""What nobody of the staff could be told is a task of the department, until somebody sees to it."""

import pytest

from tests.shared.standards.histories import Happening, fold, london, only

AT = "Friday 2025-12-05 17:30"
ACTS = {
    "repairs": "repair-assigned",
    "asb": "victim-contacted",
    "complaints": "complaint-triaged",
    "enquiries": "enquiry-assigned",
    "estates": "issue-attended",
    "residents": "welfare-case-assigned",
}


def untold(service: str, *, at_once: bool) -> Happening:
    facts = {"kind": "emergency", "tried": ["department by email"], "at_once": at_once}
    return f"{service}.staff-not-told", AT, facts


@pytest.mark.parametrize("service", ACTS)
@pytest.mark.parametrize(
    ("at_once", "due"), [(True, "Friday 2025-12-05 18:00"), (False, "Friday 2025-12-05 21:30")]
)
def test_it_is_due_soon_at_any_hour(service: str, at_once: bool, due: str) -> None:
    """Nobody knows of it, so no office hours are waited for."""
    assert only(fold(untold(service, at_once=at_once)), f"{service}.staff.told").due_at == london(due)


@pytest.mark.parametrize(("service", "act"), [*ACTS.items(), *((service, "staff-told") for service in ACTS)])
def test_it_is_seen_to_by_an_act_on_the_case_or_by_whoever_says_so(service: str, act: str) -> None:
    """What follows it alone: who acted before did not know."""
    promise, seen_to = f"{service}.staff.told", (f"{service}.{act}", "Friday 2025-12-05 17:50")
    assert only(fold(untold(service, at_once=True), seen_to), promise).state(london(AT)) == "met"
    before = (f"{service}.{act}", "Friday 2025-12-05 17:20")
    assert only(fold(before, untold(service, at_once=True)), promise).open
