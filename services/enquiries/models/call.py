"""The tables of telephone calls, and of their parts that come first."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.enquiries.models.base import Base
from services.enquiries.policy.call import LIFECYCLE, Action, CallStatus
from shared.cases.columns import CaseColumns, case_indexes
from shared.db.tables import INSTANT


class Call(CaseColumns, Base):
    """A call; it is received when it is queued, and its handler is who answered it."""

    __tablename__ = "calls"
    __table_args__ = (
        *case_indexes("calls"),
        # a register that is loaded again loads no call twice
        Index("ix_calls_call_id", "call_id", unique=True, postgresql_where=text("call_id IS NOT NULL")),
    )

    # the telephone system's own
    call_id: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    abandoned_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # as it was told to the caller
    answered_in: Mapped[str | None] = mapped_column(Text)
    resolved_at_first_contact: Mapped[bool | None]
    referred_to: Mapped[str | None] = mapped_column(Text)
    expected_answer_on: Mapped[date | None] = mapped_column(Date)
    told_about_online: Mapped[bool] = mapped_column(default=False)
    recording_reference: Mapped[str | None] = mapped_column(Text)

    def move(self, action: Action) -> None:
        """Move by an act that the lifecycle allows; the table says where to."""
        self.status = str(LIFECYCLE.after(action, CallStatus(self.status)))


class EarlyCallPart(Base):
    """A part of a call that a telephone system told before it told that the call was queued."""

    __tablename__ = "early_call_parts"

    call_id: Mapped[str] = mapped_column(Text, primary_key=True)
    # as schemas.CallPart has it
    part: Mapped[dict[str, Any]] = mapped_column(JSONB)
    kept_at: Mapped[datetime] = mapped_column(INSTANT)
