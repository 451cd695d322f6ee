"""The table of cases that referred work to us, each with the repair that answers for it."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.case.models import Base
from shared.cases.asking import AskingColumns, asking_index


class Referral(AskingColumns, Base):
    """A complaint or a problem that asked for a repair; its service is asked where the home is."""

    __tablename__ = "referrals"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("referrals"),)

    # the case that asked for it
    made_from: Mapped[str] = mapped_column(Text, primary_key=True)
    repair: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"), unique=True)
