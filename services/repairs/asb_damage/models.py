"""Which repair answers for which damage of which ASB case."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.models import Base
from shared.tables import INSTANT


class AsbDamage(Base):
    """A damage that asb told us of; one repair for each, however often we hear of it."""

    __tablename__ = "asb_damages"
    __table_args__ = (
        # serves queries.not_located
        Index("ix_asb_damages_not_located", "repair", postgresql_where=text("located_at IS NULL")),
    )

    asb_reference: Mapped[str] = mapped_column(Text, primary_key=True)
    damage: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    repair: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"), unique=True)
    # when asb had told us where the home is
    located_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # as asb was told
    made_safe_at: Mapped[datetime | None] = mapped_column(INSTANT)
