"""Figures that notifications adds to the status page; they are metrics too."""

import asyncio
from datetime import timedelta

from services.notifications.figures import queries
from shared.messaging.broker import Broker, BrokerAway
from shared.telemetry import CASES_WITHOUT_PROMISES, OLDEST_OWED_NOTICE
from shared.work import UnitOfWork

BACKLOG_SECONDS = 0.5  # the gateway waits for a second
ROLLOUT = timedelta(minutes=1)
"""By then every service counts with a calendar that was announced, or it lags."""


async def status_figures(work: UnitOfWork) -> dict[str, float | None]:
    """Ages and counts of what waits, and of what is wrong."""
    owed_notice = await queries.oldest_owed_notice_seconds(work)
    without_promises = await queries.without_promises(work)
    OLDEST_OWED_NOTICE.labels(work.state.service).set(owed_notice)
    CASES_WITHOUT_PROMISES.set(without_promises)
    return {
        "oldest_owed_notice_seconds": owed_notice,
        "cases_without_promises": without_promises,
        "consumer_backlog": await _backlog(work.state.broker, work.state.service),
        "deadlines_due_next_hour": await queries.due_within_an_hour(work),
        "disputed_cases": await queries.how_many_disputed(work),
        "calendar_version_due": await queries.calendar_version_at(work, work.now - ROLLOUT),
    }


async def _backlog(broker: Broker, queue: str) -> int | None:
    """None when the broker does not say so soon: who asks how we are must not wait for it, nor we hold on."""
    if not broker.is_connected():
        return None
    try:
        async with asyncio.timeout(BACKLOG_SECONDS):
            return await broker.backlog(queue)
    except (BrokerAway, TimeoutError):
        return None
