"""The reasons for decisions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.models import Base, Repair
from shared.db.tables import INSTANT


class Reason(Base):
    """Why an act was done, in the words of whoever did it: for officers' eyes, and in no event."""

    __tablename__ = "reasons"

    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"), primary_key=True)
    # of the event that tells of the act
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)

    @classmethod
    def of(cls, repair: Repair, act: str, reason: str, *, by: str, at: datetime) -> "Reason":
        """The reason for the act whose event was recorded last."""
        return cls(
            reference=repair.reference,
            sequence=repair.version,
            act=act,
            reason=reason,
            given_by=by,
            occurred_at=at,
        )
