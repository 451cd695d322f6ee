"""The table of damages by anti-social behaviour, each with the repair that answers for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.repairs.asb_damage import policy
from services.repairs.case.models import Base
from shared.db.tables import INSTANT


class AsbDamage(Base):
    """A damage that asb told us of; one repair for each, however often it is told."""

    __tablename__ = "asb_damages"
    needs_scope: ClassVar[str] = policy.ASB_SCOPE
    __table_args__ = (
        # serves queries.to_be_asked_about
        Index(
            "ix_asb_damages_to_ask_about",
            text("asked_at NULLS FIRST"),
            "repair",
            postgresql_where=text("located_at IS NULL OR access_as_of = 0"),
        ),
    )

    asb_reference: Mapped[str] = mapped_column(Text, primary_key=True)
    damage: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    repair: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"), unique=True)
    # how often asb was asked where the home is, when last, and from when on it may be asked again
    times_asked: Mapped[int] = mapped_column(Integer, default=0)
    asked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ask_again_at: Mapped[datetime] = mapped_column(INSTANT)
    # when asb had told us
    located_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # access to the ASB case, as its event of this sequence had it; see shared/cases/access.py
    team: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    kept_from: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    access_as_of: Mapped[int] = mapped_column(Integer, default=0)
    # as asb was told
    made_safe_at: Mapped[datetime | None] = mapped_column(INSTANT)

    def note_access(self, facts: Mapping[str, Any], sequence: int) -> None:
        """Note who may learn of the ASB case, unless what is known of that is later."""
        if sequence > self.access_as_of:
            self.team, self.kept_from = facts["team"], facts["kept_from"]
            self.access_as_of = sequence

    def ask(self, now: datetime) -> None:
        """Note that asb is asked now; unless it answers, it is asked again after a pause."""
        self.times_asked += 1
        self.asked_at, self.ask_again_at = now, now + policy.pause_after(self.times_asked)
