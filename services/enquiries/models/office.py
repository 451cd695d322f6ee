"""The tables of visits, appointments and feedback."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.enquiries.models.base import Base
from shared.cases.columns import CaseColumns, case_indexes
from shared.db.tables import INSTANT


class Visit(CaseColumns, Base):
    """A visit to the office without an appointment; its handler is who saw the visitor."""

    __tablename__ = "visits"
    __table_args__ = case_indexes("visits")

    subject: Mapped[str | None] = mapped_column(Text)
    access_needs: Mapped[str | None] = mapped_column(Text)
    seen_at: Mapped[datetime | None] = mapped_column(INSTANT)
    left_at: Mapped[datetime | None] = mapped_column(INSTANT)
    passed_to: Mapped[str | None] = mapped_column(Text)
    resolved_at_first_contact: Mapped[bool | None]


class Appointment(CaseColumns, Base):
    """An appointment at the office or at home; its handler is whom it is with."""

    __tablename__ = "appointments"
    __table_args__ = case_indexes("appointments")

    subject: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(INSTANT)
    place: Mapped[str] = mapped_column(Text)
    access_needs: Mapped[str | None] = mapped_column(Text)
    private_room: Mapped[bool]
    kept: Mapped[bool | None]
    identification_shown: Mapped[bool | None]
    access_needs_met: Mapped[bool | None]
    notes: Mapped[str | None] = mapped_column(Text)


class Feedback(CaseColumns, Base):
    """Feedback or a compliment on a service, with or without a case."""

    __tablename__ = "feedback"
    __table_args__ = case_indexes("feedback")

    about: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    score: Mapped[int | None] = mapped_column(Integer)
    comment: Mapped[str | None] = mapped_column(Text)
    about_reference: Mapped[str | None] = mapped_column(Text)
    follow_up: Mapped[str | None] = mapped_column(Text)
    complaint_requested_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Improvement(Base):
    """Something that was changed because of feedback: you said, we did."""

    __tablename__ = "improvements"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    you_said: Mapped[str] = mapped_column(Text)
    we_did: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date] = mapped_column(Date)
    noted_by: Mapped[str] = mapped_column(Text)
