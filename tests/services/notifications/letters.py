"""Letters as they leave in these tests, and what happens to a repair and the calendar before they do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import httpx

from services.notifications.calendar import closures
from services.notifications.deadlines.calendar_changes import plan_again
from services.notifications.models import Notice
from services.notifications.notices.wording import by
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.caller import Caller
from shared.standards.periods import civil_date
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.notifications.consuming import ago, consume_history, deadlines, notices
from tests.services.notifications.posting import mail
from tests.services.repairs.reporting import zulu

CLERK = Caller("officer-7", frozenset({"officer"}), frozenset(), frozenset({"repairs"}), None)
ROOF, URGENT = "repairs.priority-3.completed", "repairs.priority-2.completed"
THREE_DAYS, FOUR_HOURS = "within 3 working days", "within 4 hours"
DONE = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
UNSENT = (Delivery.WITHDRAWN, "StaleNotice")


async def given_priority(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, reference: str, *priorities: int
) -> None:
    """Let an officer give a repair these priorities, one after the other, and let us hear of it."""
    for priority in priorities:
        body = {"priority": priority, "reason": "It is worse than it looked, or is not."}
        answer = await repairs.post(f"/v1/repairs/{reference}/priority", json=body, headers=callers.officer())
        assert answer.status_code == 201, answer.text
    await consume_history(resources, reference)


async def completed(
    resources: AppState, repairs: httpx.AsyncClient, callers: Callers, reference: str, **when: float
) -> None:
    update = {**DONE, **({"occurred_at": zulu(ago(**when))} if when else {})}
    await updated(resources, repairs, callers, reference, update)


async def updated(
    resources: AppState,
    repairs: httpx.AsyncClient,
    callers: Callers,
    reference: str,
    update: Mapping[str, Any],
) -> None:
    """Let an officer tell what happened on a job, and let us hear of it."""
    path = f"/v1/repairs/{reference}/updates"
    assert (await repairs.post(path, json=update, headers=callers.officer())).status_code == 201
    await consume_history(resources, reference)


def next_working_days(resources: AppState, count: int = 1) -> list[date]:
    today = civil_date(resources.clock())
    return [resources.calendar.add_working_days(today, number + 1) for number in range(count)]


async def close(resources: AppState, day: date) -> None:
    """Enter a closure, and plan again what it moves."""
    async with unit_of_work(resources, CLERK) as work:
        await closures.enter_closure(work, day, "party")
    await plan_again(resources)


async def reopen(resources: AppState, day: date) -> None:
    async with unit_of_work(resources, CLERK) as work:
        await closures.withdraw_closure(work, day, "no party")
    await plan_again(resources)


async def due(resources: AppState, reference: str, standard: str = ROOF) -> str:
    return by((await deadlines(resources, reference))[standard].due_at)


def letters(resources: AppState, subject: str) -> list[str]:
    return [letter.get_content() for letter in mail(resources) if letter["Subject"].startswith(subject)]


async def of_kind(resources: AppState, reference: str, *kinds: str) -> Sequence[Notice]:
    return [notice for notice in await notices(resources, reference) if notice.kind in kinds]


async def outcomes(resources: AppState, reference: str, *kinds: str) -> list[tuple[str, str | None]]:
    return [(notice.status, notice.reason) for notice in await of_kind(resources, reference, *kinds)]
