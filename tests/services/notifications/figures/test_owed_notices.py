"""The age of the oldest notice that is owed, for those who watch."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, update

from services.notifications.models import Notice
from services.notifications.policy import Delivery
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.notifications.consuming import ago, consume, emergency
from tests.shared.http.scraping import sample


async def owed(notifications: httpx.AsyncClient) -> float:
    """The figure of the status, which the metrics show too."""
    figure = float((await notifications.get("/internal/status")).json()["oldest_owed_notice_seconds"])
    shown = await sample(notifications, "oldest_owed_notice_seconds", service="notifications")
    assert shown == pytest.approx(figure, abs=20)
    return figure


async def ten_minutes_pass(resources: AppState) -> None:
    async with transaction(resources.database) as session:
        await session.execute(update(Notice).values(created_at=func.now() - timedelta(minutes=10)))


async def test_a_notice_that_is_not_sent_shows_until_it_is(
    resources: AppState, notifications: httpx.AsyncClient
) -> None:
    """A delivery that is stuck for ten minutes is an alarm, however often it tries in them."""
    assert await owed(notifications) == 0
    await consume(resources, *emergency(ago(hours=1), priority=2).history)
    await ten_minutes_pass(resources)
    await consume(resources, *emergency(ago(minutes=1), priority=2).history)
    async with transaction(resources.database) as session:
        later = func.now() + timedelta(minutes=10)
        await session.execute(update(Notice).values(next_attempt_at=later, attempts=5))
    assert await owed(notifications) == pytest.approx(600, abs=20)
    for ended in (Delivery.SENT, Delivery.FAILED, Delivery.WITHDRAWN):
        async with transaction(resources.database) as session:
            await session.execute(update(Notice).values(status=ended))
        assert await owed(notifications) == 0


async def test_word_of_what_was_overdue_long_before_is_not_late_itself(
    resources: AppState, notifications: httpx.AsyncClient
) -> None:
    """A register loaded with last year's services brings letters that are owed from today on."""
    await consume(resources, *emergency(ago(days=300), priority=2).history)
    assert await owed(notifications) == pytest.approx(0, abs=20)
