"""Housekeeping: what is kept for a time only is deleted once that is over, in small transactions."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from shared.app_state import AppState
from shared.db import stored_answers
from shared.db.transaction import transaction
from shared.messaging import inbox

EVERY_SECONDS = 3600.0
ROWS = 5000
"""The most that one transaction deletes: a long one holds up the vacuum of all that changes meanwhile."""

Step = Callable[[AsyncSession], Awaitable[int]]

Forget = Callable[[AsyncSession, AppState, int], Awaitable[int]]
"""A service's own step: deletes so many rows at most whose time is over, and returns how many."""


async def run(state: AppState, own: Sequence[Forget] = ()) -> None:
    """Do it again and again, until cancelled."""
    while True:
        await do(state, own)
        await asyncio.sleep(EVERY_SECONDS)


async def do(state: AppState, own: Sequence[Forget] = ()) -> None:
    """Delete stored answers (IDEMPOTENCY_HOURS), inbox notes (INBOX_DAYS) and own rows whose time is over."""
    noted = timedelta(days=state.settings.inbox_days)
    await _by_parts(state, lambda session: stored_answers.forget_expired(session, state.clock(), ROWS))
    await _by_parts(state, lambda session: inbox.forget(session, noted, ROWS))
    for forget in own:
        await _by_parts(state, partial(_step, forget, state))


async def _step(forget: Forget, state: AppState, session: AsyncSession) -> int:
    return await forget(session, state, ROWS)


async def _by_parts(state: AppState, step: Step) -> None:
    deleted = ROWS
    while deleted == ROWS:
        async with transaction(state.database) as session:
            deleted = await step(session)
