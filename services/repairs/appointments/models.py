"""The tables of appointments: the slots that may be booked, and the visits that were."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.repairs.case.models import Base
from shared.db.tables import INSTANT
from shared.text import compared


class Slot(Base):
    """A window of time in which a firm can make a number of visits of one trade."""

    __tablename__ = "slots"
    __table_args__ = (
        # the last word on overbooking, after queries.take_place
        CheckConstraint("booked BETWEEN 0 AND capacity", name="not_overbooked"),
        # serves queries.offered_to_each
        Index(
            "ix_slots_free",
            "trade",
            "starts_at",
            postgresql_where=text("withdrawn_at IS NULL AND booked < capacity"),
        ),
        # serves queries.slots
        Index("ix_slots_starts_at", "starts_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    contractor: Mapped[str] = mapped_column(Text)
    # as firms are compared
    contractor_key: Mapped[str] = mapped_column(Text)
    trade: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(INSTANT)
    ends_at: Mapped[datetime] = mapped_column(INSTANT)
    capacity: Mapped[int] = mapped_column(SmallInteger)
    booked: Mapped[int] = mapped_column(SmallInteger, default=0)
    published_at: Mapped[datetime] = mapped_column(INSTANT)
    published_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(INSTANT)

    @validates("contractor")
    def _note_firm(self, _: str, contractor: str) -> str:
        self.contractor_key = compared(contractor)
        return contractor


class Appointment(Base):
    """A visit agreed with the resident; a repair has one that stands, and those that it replaced.

    `slot_id` is null for a visit that was agreed on site in no slot, for which no place was taken.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        # serves queries.standing
        Index(
            "uq_appointments_standing", "reference", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        # serves queries.has_visit_on
        Index("ix_appointments_starts_at", "starts_at", postgresql_where=text("ended_at IS NULL")),
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"))
    slot_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("slots.id"))
    contractor: Mapped[str | None] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(INSTANT)
    ends_at: Mapped[datetime] = mapped_column(INSTANT)
    booked_at: Mapped[datetime] = mapped_column(INSTANT)
    booked_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_because: Mapped[str | None] = mapped_column(Text)
