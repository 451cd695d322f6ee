"""Notices to staff about a guarded case: whom they go to, also where the case was brought over."""

from typing import Any

import pytest

from shared.app_state import AppState
from tests.services.notifications.consuming import Case, ago, consume, notices
from tests.services.notifications.posting import claimed

DAMAGE = {"damage": 1, "our_repair_responsibility": True, "home_known": False, "imported": False}


def a_case(**facts: Any) -> Case:
    case = Case("CAS")
    opened = {"priority": 2, "department": "asb", "resident": "sam", "needs_scope": "asb", "team": []}
    case.event("asb.case-opened", ago(days=40), **{**opened, "kept_from": [], "imported": False, **facts})
    return case


async def told(resources: AppState, case: Case) -> set[tuple[str, str]]:
    rows = await notices(resources, case.reference)
    return {(row.kind, row.audience) for row in rows if row.kind != "acknowledgement"}


@pytest.mark.parametrize(
    ("type", "facts", "expected", "of_imported"),
    [
        ("asb.glass-broken", {"by": "bo"}, ("glass_broken", "manager"), True),
        ("asb.damage-reported", DAMAGE, ("no_home", "department"), True),
        ("asb.incident-reported", {"priority": 1}, ("priority_one", "department"), False),
        ("asb.incident-reported", {"priority": 2}, ("incident", "department"), False),
        ("asb.priority-raised", {"priority": 1}, ("priority_one", "department"), False),
        ("asb.risk-assessed", {"score": "high", "high_risk": True}, ("high_risk", "manager"), False),
        ("asb.case-reopened", {"high_risk": True}, ("high_risk", "manager"), False),
    ],
)
@pytest.mark.parametrize("imported", [False, True])
@pytest.mark.parametrize("together", [False, True])
async def test_staff_are_told_of_access_to_imported_cases_too(
    resources: AppState,
    type: str,
    facts: dict[str, Any],
    expected: tuple[str, str],
    *,
    of_imported: bool,
    imported: bool,
    together: bool,
) -> None:
    """Whether the opening came in the same transaction or before; nobody outside is ever written to."""
    case = a_case(imported=imported)
    case.event(type, ago(minutes=1), **facts)
    for events in [case.history] if together else [[event] for event in case.history]:
        await consume(resources, *events)
    assert await told(resources, case) == ({expected} if of_imported or not imported else set())
    if imported:
        assert "resident" not in {row.audience for row in await notices(resources, case.reference)}


async def test_a_glass_broken_before_the_opening_is_heard_of_is_told_after_it(resources: AppState) -> None:
    """Messages overtake one another."""
    case = a_case(imported=True)
    broken = case.event("asb.glass-broken", ago(minutes=1), by="bo")
    await consume(resources, broken)
    assert await told(resources, case) == set()
    await consume(resources, case.history[0])
    assert await told(resources, case) == {("glass_broken", "manager")}


async def test_that_nothing_reached_somebody_waits_for_no_digest(resources: AppState) -> None:
    """The promise that it would have met is open again, and only a person can find another way."""
    case = a_case()
    case.event("asb.letter-returned", ago(minutes=1), about=1, given_up=True)
    await consume(resources, *case.history)
    at_once = {(notice.kind, notice.audience) for notice in await claimed(resources)}
    assert ("undeliverable", "department") in at_once
