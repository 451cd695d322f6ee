"""Worker that recalculates the register's next service dates when the standards or the calendar change.

A closure day may move a date that is counted in working days, and a council may put another regime file in
place; so every date is worked out again when the service starts, and whenever the calendar has changed.
"""

import asyncio

from services.repairs.appliances import queries, service
from shared.app_state import AppState
from shared.telemetry import get_logger
from shared.work import unit_of_work

log = get_logger(__name__)

POLL_SECONDS = 5.0
AT_ONCE = 200


async def run(state: AppState) -> None:
    """Plan again after each change until cancelled."""
    planned_with: int | None = None
    while True:
        version = state.calendar_version
        if version != planned_with:
            await plan_all(state)
            planned_with = version
        await asyncio.sleep(POLL_SECONDS)


async def plan_all(state: AppState) -> None:
    """Work out the next date of every appliance on the register, one batch in each unit of work."""
    after, count = "", 0
    while True:
        async with unit_of_work(state) as work:
            await queries.lock_register(work)
            rows = await queries.batch_for_update(work, after, AT_ONCE)
            await service.plan(work, rows)
        count += len(rows)
        if len(rows) < AT_ONCE:
            break
        after = rows[-1].reference
    if count:
        log.info("the register was planned", extra={"count": count})
