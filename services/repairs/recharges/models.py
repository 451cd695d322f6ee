"""The quotes made for a repair; the latest counts, those that it replaced are kept."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Numeric, Text, desc
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.case.models import Base
from shared.db.tables import INSTANT

POUNDS = Numeric(10, 2)


class Recharge(Base):
    """A charge that a resident was asked to pay for a repair, and its outcome.

    The sums are None where the charge was waived before anything was quoted.
    """

    __tablename__ = "recharges"
    # serves queries.current
    __table_args__ = (Index("ix_recharges_reference_number", "reference", desc("number")),)

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"))
    status: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    estimated_cost: Mapped[Decimal | None] = mapped_column(POUNDS)
    administration_charge: Mapped[Decimal | None] = mapped_column(POUNDS)
    # since when work has waited for a signature: a quote that replaces another waits no later
    waiting_since: Mapped[datetime] = mapped_column(INSTANT)
    quoted_at: Mapped[datetime] = mapped_column(INSTANT)
    quoted_by: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    signed_by: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[str | None] = mapped_column(Text)
    # the officer who had it from the resident, or null where the resident signed here
    recorded_by: Mapped[str | None] = mapped_column(Text)
    # declined or waived
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_because: Mapped[str | None] = mapped_column(Text)

    @property
    def total(self) -> Decimal | None:
        """The sum that the resident is asked to pay."""
        cost, charge = self.estimated_cost, self.administration_charge
        return cost + charge if cost is not None and charge is not None else None
