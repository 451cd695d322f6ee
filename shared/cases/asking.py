"""Asking another service for what no event carries: again after growing pauses, until it answers.

A row stands for each question, so that none is lost while the other service is away.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx
from sqlalchemy import ColumnElement, Index, Integer, select, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.app_state import AppState
from shared.db.leases import is_over
from shared.db.tables import INSTANT
from shared.telemetry import get_logger
from shared.work import UnitOfWork, unit_of_work

log = get_logger(__name__)

POLL_SECONDS = 1.0
MOST_AT_ONCE = 100

# How long the other service is left alone about what it cannot tell, once asked, twice asked, and so on; the
# last holds for good.
PAUSES = (
    timedelta(seconds=1),
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
)


class AskingColumns:
    """Columns of a row about which another service is asked until it has answered."""

    times_asked: Mapped[int] = mapped_column(Integer, default=0)
    asked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ask_again_at: Mapped[datetime] = mapped_column(INSTANT)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)

    def ask(self, now: datetime) -> None:
        """Note that the other service is asked now; unless it answers, it is asked again after a pause."""
        self.times_asked += 1
        self.asked_at, self.ask_again_at = now, now + pause_after(self.times_asked)


Row = TypeVar("Row", bound=AskingColumns)
Ask = Callable[[AppState, Row], Awaitable[None]]
"""Asks about a row and keeps the answer; raises httpx.HTTPError or ValueError without a usable one."""


def pause_after(times_asked: int) -> timedelta:
    """The pause before a question is asked once more, having been asked so many times."""
    return PAUSES[min(times_asked, len(PAUSES)) - 1]


def asking_index(table: str) -> Index:
    """The index that serves the questions that are due."""
    unanswered = text("answered_at IS NULL")
    return Index(f"ix_{table}_unanswered", text("asked_at NULLS FIRST"), postgresql_where=unanswered)


async def lease(work: UnitOfWork, table: type[Row], *conditions: ColumnElement[bool]) -> Sequence[Row]:
    """Lease the questions that are due and meet the conditions, each noted as asked.

    Those asked longest ago come first: the many that cannot be answered keep nobody waiting, least of all one
    never asked.
    """
    may_be_asked = is_over(table.ask_again_at, PAUSES[-1], work.now)
    due = select(table).where(table.answered_at.is_(None), may_be_asked, *conditions)
    in_turn = due.order_by(table.asked_at.asc().nulls_first()).limit(MOST_AT_ONCE)
    rows = (await work.session.scalars(in_turn.with_for_update(skip_locked=True))).all()
    for row in rows:
        row.ask(work.now)
    return rows


async def ask_due(state: AppState, table: type[Row], ask: Ask[Any], *conditions: ColumnElement[bool]) -> int:
    """Ask the questions that are due and meet the conditions, and return how many were answered."""
    async with unit_of_work(state) as work:
        rows = await lease(work, table, *conditions)
    return sum([await _is_answered(state, row, ask) for row in rows])


async def _is_answered(state: AppState, row: Any, ask: Ask[Any]) -> bool:
    try:
        await ask(state, row)
    except (httpx.HTTPError, ValueError) as unanswered:  # away, unknown there, or in words we cannot read
        about = {"worker": type(row).__name__, "error": type(unanswered).__name__}
        log.warning("another service could not be asked", extra=about)
        return False
    return True
