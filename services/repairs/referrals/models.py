"""The table of complaints that referred work to us, each with the repair that answers for it."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.case.models import Base
from shared.cases.asking import AskingColumns, asking_index


class Referral(AskingColumns, Base):
    """A complaint that asked for a repair; complaints is asked where the home is."""

    __tablename__ = "referrals"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("referrals"),)

    complaint: Mapped[str] = mapped_column(Text, primary_key=True)
    repair: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"), unique=True)
