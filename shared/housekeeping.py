"""Housekeeping: what is kept for a time only is deleted once that is over, in small transactions."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from shared.app_state import AppState
from shared.db import stored_answers
from shared.db.transaction import transaction
from shared.messaging import inbox

EVERY_SECONDS = 3600.0
ROWS = 5000
"""The most that one transaction deletes: a long one holds up the vacuum of all that changes meanwhile."""

Step = Callable[[AsyncSession], Awaitable[int]]


async def run(state: AppState) -> None:
    """Do it again and again, until cancelled."""
    while True:
        await do(state)
        await asyncio.sleep(EVERY_SECONDS)


async def do(state: AppState) -> None:
    """Delete stored answers (IDEMPOTENCY_HOURS) and the inbox's notes (INBOX_DAYS) whose time is over."""
    noted = timedelta(days=state.settings.inbox_days)
    await _by_parts(state, lambda session: stored_answers.forget_expired(session, state.clock(), ROWS))
    await _by_parts(state, lambda session: inbox.forget(session, noted, ROWS))


async def _by_parts(state: AppState, step: Step) -> None:
    deleted = ROWS
    while deleted == ROWS:
        async with transaction(state.database) as session:
            deleted = await step(session)
