"""The tables of changes that are planned for, and of comparisons with the owners."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Integer,
    LargeBinary,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models.cases import Base
from shared.db.tables import INSTANT


class CalendarChange(Base):
    """A change of calendar, until every open deadline it touches has been planned again."""

    __tablename__ = "calendar_changes"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # see ChangedDay.to_row
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(INSTANT)
    planned_at: Mapped[datetime | None] = mapped_column(INSTANT)


class DiscardedLetter(Base):
    """A dead letter that was discarded, with who did it and why."""

    __tablename__ = "discarded_letters"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    letter_id: Mapped[str] = mapped_column(Text)
    queue: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    failed_with: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    discarded_by: Mapped[str] = mapped_column(Text)
    discarded_at: Mapped[datetime] = mapped_column(INSTANT)


class StandardsChange(Base):
    """The standards by which all open cases were derived at one time; the latest are in use."""

    __tablename__ = "standards_changes"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    derived_at: Mapped[datetime] = mapped_column(INSTANT)


class Reconciliation(Base):
    """One comparison of what the owners have with the events received here."""

    __tablename__ = "reconciliations"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    started_at: Mapped[datetime] = mapped_column(INSTANT)
    finished_at: Mapped[datetime] = mapped_column(INSTANT)
    checked: Mapped[int]
    # each {reference, service, owner_version, heard_version, finding}
    missing: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    # services that could not be asked
    unasked: Mapped[list[str]] = mapped_column(ARRAY(Text))
