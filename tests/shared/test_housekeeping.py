"""What is kept for a time is deleted once that is over, and nothing before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, update

from shared import housekeeping
from shared.app_state import AppState
from shared.db.tables import idempotency_keys, inbox
from shared.db.transaction import transaction
from shared.messaging.inbox import unseen
from tests.shared.messaging.facts import event


async def notes(state: AppState) -> int:
    """The number of events that the inbox knows."""
    async with transaction(state.database) as session:
        return int(await session.scalar(select(func.count()).select_from(inbox)) or 0)


async def age(state: AppState, days: float) -> None:
    """Make every note of the inbox so much older."""
    async with transaction(state.database) as session:
        await session.execute(update(inbox).values(received_at=inbox.c.received_at - timedelta(days=days)))


async def test_the_inbox_knows_an_event_for_thirty_days(state: AppState) -> None:
    """By INBOX_DAYS; a copy that comes within that time is dropped."""
    told = event()
    async with transaction(state.database) as session:
        assert await unseen(session, "q", [told]) == [told]
    await age(state, 29.9)
    await housekeeping.do(state)
    async with transaction(state.database) as session:
        assert await unseen(session, "q", [told]) == []
    await age(state, 0.2)
    await housekeeping.do(state)
    assert await notes(state) == 0


async def test_what_is_over_is_deleted_in_small_transactions(
    state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much has gathered."""
    monkeypatch.setattr(housekeeping, "ROWS", 10)
    rows = [{"queue": "q", "event_id": uuid4()} for _ in range(35)]
    async with transaction(state.database) as session:
        await session.execute(insert(inbox), rows)
    await age(state, 31)
    await housekeeping.do(state)
    assert await notes(state) == 0


async def test_an_answer_is_deleted_when_its_time_is_over(state: AppState) -> None:
    """One that is kept for good never is."""
    now = state.clock()
    row = {"caller": "c", "fingerprint": b"f", "status": 201, "headers": {}, "body": "{}", "created_at": now}
    ends = {"past": now - timedelta(seconds=1), "to come": now + timedelta(hours=1), "never": None}
    rows = [{**row, "key": key, "expires_at": end} for key, end in ends.items()]
    async with transaction(state.database) as session:
        await session.execute(insert(idempotency_keys), rows)
    await housekeeping.do(state)
    async with transaction(state.database) as session:
        assert set(await session.scalars(select(idempotency_keys.c.key))) == {"to come", "never"}
