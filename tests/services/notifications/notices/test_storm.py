"""A storm of routine letters delays no emergency: what cannot wait has a lane of its own."""

import asyncio
import os
from datetime import timedelta
from time import monotonic
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text, update

from services.notifications.models import Notice
from services.notifications.notices import delivery
from services.notifications.policy import Delivery, Urgency
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.callers import Callers
from tests.services.notifications.posting import a_reported_repair
from tests.support.eventually import eventually

# with STORM_NOTICES=10000 it is the storm that a register of overdue cases brings
ROUTINE = int(os.environ.get("STORM_NOTICES", "300"))
MOST_SECONDS = 30.0
"""The longest that an emergency may wait, however many letters are owed before it."""

CLONE = """
INSERT INTO {table} SELECT (jsonb_populate_record(one, {others})).*
FROM {table} one, generate_series(1, {count}) number WHERE one.reference = '{reference}'
"""
OTHERS = "jsonb_build_object('reference', 'REP-STORM-' || number) || {more}"


async def cloned(state: AppState, table: str, reference: str, more: str = "'{}'::jsonb") -> None:
    """Let there be as many rows like those of a case, each of a case of its own."""
    others = OTHERS.format(more=more)
    statement = CLONE.format(table=table, others=others, count=ROUTINE, reference=reference)
    async with transaction(state.database) as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        await session.execute(text(statement))


async def change(resources: AppState, those: Urgency, **values: Any) -> None:
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).where(Notice.urgency == those).values(**values))


async def waiting(resources: AppState, urgency: Urgency) -> int:
    """The notices as urgent as that which are still to leave."""
    owed = Notice.status == Delivery.PENDING, Notice.urgency == urgency
    async with transaction(resources.database) as session:
        return await session.scalar(select(func.count()).where(*owed)) or 0


@pytest.mark.usefixtures("owner")
async def test_an_emergency_leaves_while_a_storm_is_delivered(
    resources: AppState, repairs_state: AppState, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """It is owed when the storm has begun, and gone before that is over."""
    usual = await a_reported_repair(resources, repairs, callers)
    await cloned(repairs_state, "repairs", usual)
    for table in ("cases", "case_events", "deadlines"):
        await cloned(resources, table, usual)
    await cloned(resources, "notices", usual, "jsonb_build_object('id', gen_random_uuid())")
    older = Notice.created_at - timedelta(minutes=1)
    await change(resources, Urgency.SOON, urgency=Urgency.IN_TURN, created_at=older)
    await a_reported_repair(resources, repairs, callers, fault="loss-of-gas")
    later = func.now() + timedelta(seconds=50)
    await change(resources, Urgency.AT_ONCE, created_at=older, next_attempt_at=later)
    await change(resources, Urgency.SOON, urgency=Urgency.IN_TURN)
    worker = asyncio.create_task(delivery.run(resources))

    async def has_begun() -> bool:
        return await waiting(resources, Urgency.IN_TURN) <= ROUTINE - 50

    async def is_told() -> bool:
        return not await waiting(resources, Urgency.AT_ONCE)

    try:
        await eventually(has_begun, seconds=60)
        owed = monotonic()
        await change(resources, Urgency.AT_ONCE, next_attempt_at=func.now())
        await eventually(is_told, seconds=MOST_SECONDS)
        delay, left = monotonic() - owed, await waiting(resources, Urgency.IN_TURN)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    print(f"of {ROUTINE} letters {left} were still to leave; the emergency waited {delay:.2f} s")
    assert left > 0
    assert delay < MOST_SECONDS
