"""A correction of the calendar is previewed: it shows what entering it would do, and does nothing."""

from datetime import date

import httpx
import pytest

from services.notifications.deadlines.calendar_changes import plan_again
from services.notifications.policy import Kind
from shared.app_state import AppState
from shared.clock import Clock
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, deadlines, notices
from tests.services.notifications.deadlines.test_calendar_changes import (
    DUE,
    DUE_WITH_CLOSURE,
    OURS,
    acknowledge,
    due,
    repair,
    spoken,
    watched,
)
from tests.services.repairs.reporting import london

CLOSURES = "/v1/calendar/closures"
CHRISTMAS_EVE = {"date": date(2026, 12, 24).isoformat(), "reason": "party"}  # a Thursday
NOTHING = {"promises": 0, "residents": 0, "standards": []}


@pytest.fixture
def clock() -> Clock:
    """These stories play on the day of the reports."""
    return lambda: london("Tuesday 2026-12-22 15:00")


async def told_of_moves(resources: AppState, *cases: Case) -> list[str]:
    """The cases whose resident is owed a letter about new dates."""
    kinds = {case.reference: [row.kind for row in await notices(resources, case.reference)] for case in cases}
    return [reference for reference, found in kinds.items() if Kind.NEW_DATES in found]


async def test_a_preview_says_what_the_closure_then_does(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Four repairs: two residents have our letter, one has not, and one was moved over from an old system."""
    cases = [repair(), repair(), repair(), repair(imported=True)]
    told, another, *_ = cases
    settled = repair()
    settled.event("repairs.repair-completed", london("Tuesday 2026-12-22 12:00"))
    await watched(resources, *cases, settled)
    for case in (told, another, settled):
        await acknowledge(resources, case)

    keeper = callers.officer(scopes=["calendar"])
    answer = await notifications.post(f"{CLOSURES}?dry_run=true", json=CHRISTMAS_EVE, headers=keeper)
    assert answer.status_code == 200
    assert answer.json() == {
        "promises": 4,
        "residents": 2,
        "standards": [{"standard": OURS, "promises": 4, "residents": 2}],
    }
    assert (await notifications.get("/v1/calendar", headers=keeper)).json()["closures"] == []
    assert await plan_again(resources) == 0
    assert {await due(resources, case) for case in cases} == {DUE}

    entered = await notifications.post(CLOSURES, json=CHRISTMAS_EVE, headers=keeper)
    assert entered.status_code == 201
    await plan_again(resources)
    moved = [
        (row.standard, spoken(row.due_at))
        for case in (*cases, settled)
        for row in (await deadlines(resources, case.reference)).values()
        if row.moves
    ]
    assert moved == [(OURS, DUE_WITH_CLOSURE)] * 4
    assert await told_of_moves(resources, *cases, settled) == [told.reference, another.reference]

    back = f"{CLOSURES}/{CHRISTMAS_EVE['date']}/withdrawal?dry_run=true"
    answer = await notifications.post(back, json={"reason": "no party"}, headers=keeper)
    assert (answer.json()["promises"], answer.json()["residents"]) == (4, 2)


async def test_a_preview_counts_a_resident_of_two_cases_once(
    notifications: httpx.AsyncClient, resources: AppState, callers: Callers
) -> None:
    """Two repairs of one account; and a day that nothing runs over moves nothing."""
    cases = [repair(resident="sam"), repair(resident="sam")]
    await watched(resources, *cases)
    for case in cases:
        await acknowledge(resources, case)
    keeper = callers.officer(scopes=["calendar"])
    answer = await notifications.post(f"{CLOSURES}?dry_run=true", json=CHRISTMAS_EVE, headers=keeper)
    assert (answer.json()["promises"], answer.json()["residents"]) == (2, 1)
    in_summer = {"date": "2027-07-01", "reason": "party"}  # a Thursday
    answer = await notifications.post(f"{CLOSURES}?dry_run=true", json=in_summer, headers=keeper)
    assert answer.json() == NOTHING


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (CLOSURES, {"date": "2026-12-26", "reason": "a Saturday"}, 422),
        (CLOSURES, {"date": "2026-12-21", "reason": "yesterday"}, 422),
        (f"{CLOSURES}/2026-12-24/withdrawal", {"reason": "never entered"}, 404),
    ],
    ids=["no working day", "passed", "never entered"],
)
async def test_a_preview_refuses_what_would_be_refused(
    notifications: httpx.AsyncClient, callers: Callers, path: str, body: dict[str, str], status: int
) -> None:
    """Nobody plans with a preview of what cannot be done."""
    keeper = callers.officer(scopes=["calendar"])
    refused = await notifications.post(f"{path}?dry_run=true", json=body, headers=keeper)
    assert refused.status_code == status
