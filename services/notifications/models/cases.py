"""The tables of cases: the events received of each, the case as far as it must be known, its deadlines."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Index,
    Integer,
    Text,
    Uuid,
    and_,
    func,
    not_,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column

from shared.caller import Caller, Role
from shared.cases.access import own_of, worked_by
from shared.cases.columns import AccessColumns
from shared.db.tables import INSTANT, service_metadata
from shared.standards.periods import civil_date
from shared.standards.states import State, state_of


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()


class CaseEvent(Base):
    """One fact about a case, as its owner published it."""

    __tablename__ = "case_events"
    __table_args__ = (
        # serves reconciliation; of rows that are only added, a BRIN index is small and costs nothing
        Index("ix_case_events_received_at", "received_at", postgresql_using="brin"),
        # serves figures.queries.indicator
        Index("ix_case_events_type", "type", "occurred_at"),
    )

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid)
    type: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(INSTANT, server_default=func.now())


class WatchedCase(AccessColumns, Base):
    """A case as far as notifications must know it; its row is the lock for all work on the case."""

    __tablename__ = "cases"
    __table_args__ = (
        # serves figures.queries.without_promises
        Index("ix_cases_without_promises", "reference", postgresql_where=text("without_promises")),
        # serves reconciliation.queries.disputed
        Index("ix_cases_disputed_at", "disputed_at", postgresql_where=text("disputed_at IS NOT NULL")),
    )

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    service: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    department: Mapped[str | None] = mapped_column(Text)
    resident: Mapped[str | None] = mapped_column(Text)
    imported: Mapped[bool]
    # of a kind that always has promises, and has none: an alarm
    without_promises: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # since when another event is known in the place of one received, until its owner's history is here
    disputed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # since when its owner has no such case; its events stay, and nothing is promised
    lost_at: Mapped[datetime | None] = mapped_column(INSTANT)

    @classmethod
    def visible_to(cls, caller: Caller) -> ColumnElement[bool]:
        """The cases a caller may see: officers those that they work, residents their own."""
        own = own_of(cls, caller)
        return or_(own, worked_by(cls, caller)) if caller.is_a(Role.OFFICER) else own


WORKLIST_ORDER = (text("(NOT high_risk)"), text("due_at"), text("reference"))


class WatchedDeadline(AccessColumns, Base):
    """A promise about a case. Whether it is met, late or breached follows from its times and the clock."""

    __tablename__ = "deadlines"
    __table_args__ = (
        # serves sweep: cost grows with what is due, not with what is open
        Index("ix_deadlines_next_rung_at", "next_rung_at", postgresql_where=text("next_rung_at IS NOT NULL")),
        # serves due_before of GET /v1/deadlines, and figures.queries.due_within_an_hour
        Index("ix_deadlines_due_at", "due_at", "reference"),
        # serves GET /v1/deadlines
        Index("ix_deadlines_order", *WORKLIST_ORDER, "standard", "started_by"),
        # serves worklist.queries.rows and counts: one entry for each open case, in the order they are shown
        Index("ix_deadlines_worklist", *WORKLIST_ORDER, postgresql_where=text("on_worklist")),
        # serves them for one handler
        Index(
            "ix_deadlines_handler",
            "handler",
            *WORKLIST_ORDER,
            postgresql_where=text("on_worklist AND handler IS NOT NULL"),
        ),
        # serves performance
        Index("ix_deadlines_started_at", "started_at"),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    standard: Mapped[str] = mapped_column(Text, primary_key=True)
    started_by: Mapped[int] = mapped_column(Integer, primary_key=True)
    regime: Mapped[str] = mapped_column(Text)
    service: Mapped[str] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)
    # the subject of the officer who deals with its case, empty where only their name is known; null: nobody
    handler: Mapped[str | None] = mapped_column(Text)
    high_risk: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # the one of its case that is to be kept next, unless the case is imported; see recalculate
    on_worklist: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # the day from which its version of the standard is in force, and its period; null: older than these
    version: Mapped[date | None] = mapped_column(Date)
    period: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(INSTANT)
    due_at: Mapped[datetime] = mapped_column(INSTANT)
    met_at: Mapped[datetime | None] = mapped_column(INSTANT)
    cancelled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    paused_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # since when it is open again, as the letter that would have met it did not arrive
    reopened_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # each {name, at, tell}, in order of time
    rungs: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    rungs_fired: Mapped[list[str]] = mapped_column(ARRAY(Text))
    next_rung_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # each {from, to, because}
    moves: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    @property
    def version_day(self) -> date:
        """A day on which the version of the standard that it stands under is in force."""
        return self.version or civil_date(self.started_at)

    @property
    def key(self) -> tuple[str, int]:
        """The identity of the promise within its case."""
        return self.standard, self.started_by

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done about it, in time or late."""
        return self.met_at is None and self.cancelled_at is None

    def steps_due(self, now: datetime) -> set[str]:
        """The steps of its ladder whose instant has come; a paused or settled promise has no later ones."""
        return {rung["name"] for rung in self.rungs if datetime.fromisoformat(rung["at"]) <= now}

    def state(self, now: datetime) -> State:
        """The state of the promise at that instant; see `state_of`."""
        return state_of(
            due_at=self.due_at,
            met_at=self.met_at,
            cancelled_at=self.cancelled_at,
            paused_at=self.paused_at,
            now=now,
        )

    def sorting_key(self) -> tuple[str, str, str, str, int]:
        """The sorting key of a page of deadlines: high risk first, then the next due."""
        is_calm = str(int(not self.high_risk))
        return is_calm, self.due_at.isoformat(), self.reference, self.standard, self.started_by


def _in_time(instant: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return func.date_trunc("second", instant) <= WatchedDeadline.due_at


_row = WatchedDeadline
_ended = or_(_row.met_at.is_not(None), _row.cancelled_at.is_not(None))
_fell_away = and_(_row.met_at.is_(None), _row.cancelled_at.is_not(None))
_runs = or_(_row.paused_at.is_not(None), _in_time(func.now()))

STATES: Mapping[State, ColumnElement[bool]] = {
    "running": and_(not_(_ended), _runs),
    "met": and_(_row.met_at.is_not(None), _in_time(_row.met_at)),
    "late": and_(_row.met_at.is_not(None), not_(_in_time(_row.met_at))),
    "breached": or_(and_(not_(_ended), not_(_runs)), and_(_fell_away, not_(_in_time(_row.cancelled_at)))),
    "cancelled": and_(_fell_away, _in_time(_row.cancelled_at)),
}
"""`WatchedDeadline.state` for many at once, as conditions; a test holds the two to one another."""
