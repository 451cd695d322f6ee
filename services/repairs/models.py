"""The tables of repairs, and the moves that guard a repair's status."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.repairs import policy
from services.repairs.policy import Status, Update
from shared.casework import CaseColumns
from shared.errors import MoveNotAllowed
from shared.tables import INSTANT, service_metadata


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()


class Repair(CaseColumns, Base):
    """A repair, from report to completion."""

    __tablename__ = "repairs"
    __table_args__ = (
        # serve queries.listed: everybody's, a resident's, a firm's
        Index("ix_repairs_received_at", text("received_at DESC"), text("reference DESC")),
        Index("ix_repairs_reported_by", "reported_by"),
        Index("ix_repairs_contractor", "contractor", postgresql_where=text("contractor IS NOT NULL")),
    )

    fault: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger)
    description: Mapped[str] = mapped_column(Text)
    property: Mapped[dict[str, Any]] = mapped_column(JSONB)
    vulnerable: Mapped[bool]
    other_working_toilet: Mapped[bool | None]
    caused_by_resident: Mapped[bool]
    handyperson: Mapped[bool]
    contractor: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)

    def take(self, update: Update, at: datetime) -> None:
        """Move by an update that happened at `at`; raises MoveNotAllowed for one after the repair's end.

        An update from before the end is history that came late, and welcome.
        """
        if self.ended_at is not None and (self.status == Status.CANCELLED or at > self.ended_at):
            raise MoveNotAllowed(f"The repair is {self.status}.", policy.acts_allowed(Status(self.status)))
        self.status = policy.status_after(Status(self.status), update)
        if update is Update.COMPLETED:
            self.ended_at = min(at, self.ended_at or at)

    def assign(self, contractor: str) -> None:
        """Give the job to a firm; raises MoveNotAllowed once the repair has ended."""
        if Status(self.status) in policy.ENDED:
            raise MoveNotAllowed(f"The repair is {self.status}.", policy.acts_allowed(Status(self.status)))
        self.contractor = contractor


class JobUpdate(Base):
    """What a contractor told of a job, with the time it happened and the time it reached us."""

    __tablename__ = "job_updates"
    # an update that is sent again (a phone that lost signal) is the same update
    __table_args__ = (UniqueConstraint("reference", "type", "occurred_at"),)

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"))
    type: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_by: Mapped[str] = mapped_column(Text)
    operative: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
