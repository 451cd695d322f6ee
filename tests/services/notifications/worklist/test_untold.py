"""Tasks of what nobody of the staff could be told, among all else on the worklist."""

from typing import Any

import httpx

from services.notifications.policy import Kind
from shared.app_state import AppState
from tests.services.callers import Callers
from tests.services.notifications.consuming import Case, ago, consume, emergency

WORKLIST = "/v1/worklist"
TRIED = ["department by email", "manager by email"]


def untold(case: Case, *, minutes: float, kind: str = "emergency", at_once: bool = True) -> None:
    case.event("repairs.staff-not-told", ago(minutes=minutes), kind=kind, tried=TRIED, at_once=at_once)


async def listed(notifications: httpx.AsyncClient, callers: Callers) -> dict[str, dict[str, Any]]:
    """The rows by the references of their cases."""
    answer = await notifications.get(WORKLIST, headers=callers.officer())
    return {row["reference"]: row for row in answer.json()["items"]}


async def test_a_case_that_was_brought_over_is_on_the_list_for_it_alone(
    resources: AppState, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """Nobody promises anything about it anew; but somebody must know who opened it in an emergency, say."""
    case, other = emergency(ago(days=9), imported=True), emergency(ago(days=9), imported=True)
    untold(case, minutes=5)
    await consume(resources, *case.history, *other.history)
    assert [*(await listed(notifications, callers))] == [case.reference]
    path = f"{WORKLIST}/{case.reference}/told"
    assert (await notifications.post(path, headers=callers.officer())).status_code == 201
    assert await listed(notifications, callers) == {}


async def test_the_row_says_so_whatever_is_promised_next(
    resources: AppState, notifications: httpx.AsyncClient, callers: Callers
) -> None:
    """What is late already stays the next promise; several that failed are one row."""
    case = emergency(ago(hours=5))
    untold(case, minutes=10)
    untold(case, minutes=5, kind=Kind.BREACH, at_once=False)
    await consume(resources, *case.history)
    [row] = (await listed(notifications, callers)).values()
    assert row["group"] == "late"
    assert row["next_deadline"]["standard"] == "repairs.emergency.made-safe"
    assert (row["untold"]["kinds"], row["untold"]["tried"]) == (["emergency", "breach"], TRIED)
    case.event("repairs.operative-en-route", ago(minutes=1))
    await consume(resources, *case.history)
    [row] = (await listed(notifications, callers)).values()
    assert row["untold"] is None
