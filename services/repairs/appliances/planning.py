"""Keeps the dates of the register true when what they are counted with changes.

A closure day may move a date that is counted in working days, and a council may put another regime file in
place; so every date is worked out again when the service starts, and whenever the calendar has changed.
"""

import asyncio

from services.repairs.appliances import queries, service
from shared.app_state import AppState
from shared.db.transaction import transaction
from shared.telemetry import get_logger

log = get_logger(__name__)

POLL_SECONDS = 5.0
AT_ONCE = 200


async def run(resources: AppState) -> None:
    """Plan again after each change until cancelled."""
    planned_with: int | None = None
    while True:
        version = resources.calendar_version
        if version != planned_with:
            await plan_all(resources)
            planned_with = version
        await asyncio.sleep(POLL_SECONDS)


async def plan_all(resources: AppState) -> None:
    """Work out the next date of every appliance on the register, some in each transaction."""
    after, count = "", 0
    while True:
        async with transaction(resources.database) as session:
            rows = await queries.some_for_update(session, after, AT_ONCE)
            await service.plan(session, resources, rows)
        count += len(rows)
        if len(rows) < AT_ONCE:
            break
        after = rows[-1].reference
    if count:
        log.info("the register was planned", extra={"count": count})
