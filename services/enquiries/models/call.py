"""The table of telephone calls."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Text, text
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
