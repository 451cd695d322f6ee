"""Receipts that never came are asked for at GOV.UK Notify, some at a time; old attempts are forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, update

from services.notifications.models import LetterAttempt
from services.notifications.notices import asking
from services.notifications.notices.channels import Form
from services.notifications.notices.channels.notify import Notify
from services.notifications.notices.queries import attempts
from services.notifications.policy import Attempt
from shared.app_state import AppState
from shared.db.transaction import transaction
from tests.services.notifications.notify_server import INTERNAL_ERROR, KEY, NotifyServer

ENDED_AT = "2026-11-27T23:40:00.000000Z"  # a Friday
HOURS, DAYS = timedelta(hours=5), timedelta(days=8)


@pytest.fixture
def notify(server: NotifyServer) -> Iterator[Notify]:
    channel = Notify(KEY, server.url, {Form.EMAIL: "x"}, threads=2, per_minute=3000)
    yield channel
    channel.close()


async def sent(state: AppState, server: NotifyServer, became: str = "sending", **changes: Any) -> str:
    """An attempt that Notify has taken and is silent about; returns its receipt."""
    message = {"id": str(uuid4()), "status": became, "created_at": ENDED_AT, "completed_at": ENDED_AT}
    server.messages.append(message)
    values = {
        "letter": uuid4(),
        "number": 1,
        "reference": "REP-7K3M-Q9TX",
        "channel": Notify.name,
        "form": "email",
        "status": Attempt.SENT,
        "status_at": func.now() - HOURS,
        "began_at": func.now() - HOURS,
        "asked_at": func.now() - HOURS,
        "receipt": message["id"],
    }
    async with transaction(state.database) as session:
        await session.execute(insert(LetterAttempt).values(values | changes))
    return message["id"]


async def statuses(state: AppState) -> dict[str, tuple[str, str | None]]:
    """By receipt, the status of each attempt and why it failed."""
    async with transaction(state.database) as session:
        rows = await session.scalars(select(LetterAttempt))
        return {str(row.receipt): (row.status, row.reason) for row in rows}


async def test_a_lost_receipt_is_asked_for(resources: AppState, server: NotifyServer, notify: Notify) -> None:
    """Once: what is told is as good as a receipt, and of what is still under way there is no news."""
    delivered = await sent(resources, server, "delivered")
    failed = await sent(resources, server, "permanent-failure")
    under_way = await sent(resources, server, "sending")
    assert await asking.ask_for_receipts(resources, notify) == 2
    assert await statuses(resources) == {
        delivered: ("delivered", "delivered"),
        failed: ("failed", "permanent-failure"),
        under_way: ("sent", "sending"),
    }
    assert await asking.ask_for_receipts(resources, notify) == 0
    assert sorted(server.asked) == sorted([delivered, failed, under_way])


async def test_nobody_asks_too_early_too_late_or_of_another_channel(
    resources: AppState, server: NotifyServer, notify: Notify
) -> None:
    """A receipt may still come; Notify keeps a message for a week; what has ended needs no question."""
    await sent(resources, server, asked_at=func.now() - timedelta(hours=3))
    await sent(resources, server, began_at=func.now() - DAYS)
    await sent(resources, server, channel="mailbox")
    await sent(resources, server, status=Attempt.DELIVERED)
    assert await asking.ask_for_receipts(resources, notify) == 0
    assert server.asked == []


async def test_only_so_many_are_asked_for_at_once(
    resources: AppState, server: NotifyServer, notify: Notify
) -> None:
    """Those that are silent for the longest first, and the others in the next pass."""
    receipts = [
        await sent(resources, server, asked_at=func.now() - HOURS - timedelta(minutes=minutes))
        for minutes in (1, 3, 2)
    ]
    await asking.ask_for_receipts(resources, notify, most=2)
    assert sorted(server.asked) == sorted(receipts[1:])
    await asking.ask_for_receipts(resources, notify, most=2)
    assert server.asked[2:] == receipts[:1]


async def test_what_cannot_be_asked_now_is_asked_after_another_silence(
    resources: AppState, server: NotifyServer, notify: Notify
) -> None:
    """Nor is anything lost by a message that Notify no longer knows."""
    receipt = await sent(resources, server, "delivered")
    server.refuses.append(INTERNAL_ERROR)
    assert await asking.ask_for_receipts(resources, notify) == 0
    async with transaction(resources.database) as session:
        await session.execute(update(LetterAttempt).values(asked_at=func.now() - HOURS))
    kept, server.messages = server.messages, []
    assert await asking.ask_for_receipts(resources, notify) == 0
    async with transaction(resources.database) as session:
        await session.execute(update(LetterAttempt).values(asked_at=func.now() - HOURS))
    server.messages = kept
    assert await asking.ask_for_receipts(resources, notify) == 1
    assert (await statuses(resources))[receipt] == ("delivered", "delivered")


async def test_attempts_are_kept_as_long_as_letters(resources: AppState, server: NotifyServer) -> None:
    """So many at once are deleted, none earlier."""
    kept = timedelta(days=resources.settings.letters_kept_days)
    for _ in range(3):
        await sent(resources, server, began_at=func.now() - kept - HOURS)
    young = await sent(resources, server, began_at=func.now() - kept + HOURS)
    async with transaction(resources.database) as session:
        assert await attempts.forget(session, resources, 2) == 2
        assert await attempts.forget(session, resources, 2) == 1
        assert await attempts.forget(session, resources, 2) == 0
    assert set(await statuses(resources)) == {young}
