"""The tables of appliances: the register, and the services that each has had."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.appliances.policy import ApplianceStatus, Told
from services.repairs.case.models import Base
from shared.cases.columns import PropertyColumns, case_indexes, property_indexes
from shared.db.tables import INSTANT
from shared.standards.periods import close_of

NEVER = "'infinity'::timestamp with time zone"
DUE = f"COALESCE(next_due_at, {NEVER})"
"""The order of due dates: an appliance without a next service is the last in it."""
ON_THE_REGISTER = text(f"status = '{ApplianceStatus.REGISTERED}'")


class Appliance(PropertyColumns, Base):
    """A heating appliance or smoke alarm, serviced yearly until it is removed.

    `next_due_at` is the date of its next service as its events give it: it is stored so that the lists can be
    answered, and is None where no standard promises a service.
    """

    __tablename__ = "appliances"
    __table_args__ = (
        *case_indexes("appliances"),
        *property_indexes("appliances"),
        # serves queries.registered
        Index("ix_appliances_kind_home", "kind", "home", postgresql_where=ON_THE_REGISTER),
        # serve queries.listed by kind, by due date, and in the order of due dates
        Index("ix_appliances_kind", "kind", "received_at", "reference", postgresql_where=ON_THE_REGISTER),
        Index(
            "ix_appliances_next_due_at",
            text(DUE),
            text("reference"),
            postgresql_where=ON_THE_REGISTER,
        ),
    )

    kind: Mapped[str] = mapped_column(Text)
    home: Mapped[str] = mapped_column(Text)
    # where in the home, for those that have several of a kind
    location: Mapped[str | None] = mapped_column(Text)
    last_serviced_on: Mapped[date | None] = mapped_column(Date)
    next_due_at: Mapped[datetime | None] = mapped_column(INSTANT)
    removed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    removed_because: Mapped[str | None] = mapped_column(Text)


class ApplianceService(Base):
    """A service that an appliance had, as it was reported."""

    __tablename__ = "appliance_services"

    # the same service reported twice is one service
    reference: Mapped[str] = mapped_column(Text, ForeignKey("appliances.reference"), primary_key=True)
    serviced_on: Mapped[date] = mapped_column(Date, primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_by: Mapped[str] = mapped_column(Text)
    certificate: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)

    @property
    def told(self) -> Told:
        """The report of it, besides its day."""
        # without an hour it was noted at the end of its day, or on the day itself when it was told
        at = self.occurred_at
        hour = None if at in {self.recorded_at, close_of(self.serviced_on)} else at
        return {"occurred_at": hour, "certificate": self.certificate, "notes": self.notes}
