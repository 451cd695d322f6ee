"""Lists and figures count a deadline in the very state that its case shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, func, select

from services.notifications.models import STATES, WatchedDeadline
from shared.app_state import AppState
from shared.db.transaction import transaction

# Around the due date, with fractions of a second on both sides of it.
OFFSETS = st.integers(-3_000_000, 3_000_000).map(lambda microseconds: timedelta(microseconds=microseconds))
MAYBE = st.none() | OFFSETS


def a_deadline(due_at: datetime, **values: Any) -> WatchedDeadline:
    return WatchedDeadline(
        reference="REP-7K3M-Q9TX",
        standard="mending",
        started_by=1,
        regime="council",
        service="mending",
        started_at=due_at - timedelta(hours=4),
        due_at=due_at,
        rungs=[],
        rungs_fired=[],
        moves=[],
        **values,
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(due=OFFSETS, met=MAYBE, cancelled=MAYBE, paused=MAYBE)
async def test_the_database_and_the_rule_agree(
    resources: AppState,
    due: timedelta,
    met: timedelta | None,
    cancelled: timedelta | None,
    paused: timedelta | None,
) -> None:
    """Exactly one condition holds for every row, and it is that of its state at the database's instant."""
    async with transaction(resources.database) as session:
        now: datetime = (await session.execute(select(func.now()))).scalar_one()
        due_at = (now + due).astimezone(UTC)
        offsets = {"met_at": met, "cancelled_at": cancelled, "paused_at": paused}
        instants = {name: due_at + offset for name, offset in offsets.items() if offset is not None}
        row = a_deadline(due_at, **instants)
        session.add(row)
        await session.flush()
        holding = [
            name
            for name, condition in STATES.items()
            if await session.scalar(select(func.count()).select_from(WatchedDeadline).where(condition))
        ]
        assert holding == [row.state(now)]
        await session.execute(delete(WatchedDeadline))
