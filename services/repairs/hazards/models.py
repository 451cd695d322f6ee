"""The hazard of a repair as it stands, and everything that was done about it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.repairs.case.models import Base
from services.repairs.events.values import Finding, Severity
from services.repairs.hazards import policy
from services.repairs.hazards.policy import Stage
from shared.db.tables import INSTANT


class Hazard(Base):
    """The hazard of a repair, and its progress since it was last named."""

    __tablename__ = "hazards"

    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"), primary_key=True)
    hazard: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    aware_at: Mapped[datetime] = mapped_column(INSTANT)
    investigated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    finding: Mapped[str | None] = mapped_column(Text)
    further_work_needed: Mapped[bool | None]
    summary: Mapped[str | None] = mapped_column(Text)
    summary_sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    made_safe_at: Mapped[datetime | None] = mapped_column(INSTANT)
    preventive_work_by: Mapped[date | None] = mapped_column(Date)
    preventive_steps_at: Mapped[datetime | None] = mapped_column(INSTANT)
    preventive_work_begun_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # of the last investigation that ended, also once the hazard was named anew: its summary is owed still
    last_investigated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    in_person: Mapped[bool | None]
    # an investigation in person was asked for after a remote one, and has not ended yet
    in_person_requested_at: Mapped[datetime | None] = mapped_column(INSTANT)
    decant_offered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    decant_accepted: Mapped[bool | None]
    ended_because: Mapped[str | None] = mapped_column(Text)
    acts: Mapped[list["HazardAct"]] = relationship(
        primaryjoin="foreign(HazardAct.reference) == Hazard.reference",
        order_by="HazardAct.number",
        viewonly=True,
        lazy="raise",
    )

    @property
    def stage(self) -> Stage:
        """The stage that its facts amount to."""
        if self.ended_because:
            return Stage.ENDED
        finding = Finding(self.finding) if self.finding else None
        return policy.stage_of(Severity(self.severity), finding, self.investigated_at, self.made_safe_at)

    def is_open(self) -> bool:
        """Tell whether it is neither made safe yet nor found to be none for good."""
        return self.stage in policy.OPEN or self.in_person_requested_at is not None

    def is_emergency(self) -> bool:
        """Tell whether it is, or was found to be, an emergency that is not made safe yet."""
        made_safe_at_once = self.stage is Stage.REPORTED and self.made_safe_at is not None
        grade = self.finding or self.severity
        return grade == Severity.EMERGENCY and self.stage in policy.OPEN and not made_safe_at_once

    def facts(self) -> dict[str, Any]:
        """The facts of it that rules look at, by their names in Situation."""
        return {
            "hazard": self.stage,
            "hazard_severity": self.severity,
            "hazard_is_open": self.is_open(),
            "hazard_was_investigated": self.last_investigated_at is not None,
            "investigated_remotely": self.in_person is False and self.in_person_requested_at is None,
            "in_person_is_owed": self.in_person_requested_at is not None,
            "decant_is_unanswered": self.decant_offered_at is not None and self.decant_accepted is None,
        }

    def all_work_is_done(self) -> bool:
        """Tell whether it is made safe, and no further work is needed that has not begun."""
        is_begun = not self.further_work_needed or self.preventive_work_begun_at is not None
        return self.stage is Stage.MADE_SAFE and is_begun

    def make_safe(self, at: datetime) -> None:
        """Count safety work done at `at`; the last that was done stands, however late another is told."""
        self.made_safe_at = max(at, self.made_safe_at or at)

    def name(self, hazard: str, severity: Severity, aware_at: datetime) -> None:
        """Begin anew: what was done about it before stays among the acts and in the history."""
        self.hazard, self.severity, self.aware_at = hazard, severity, aware_at
        self.investigated_at = self.finding = self.further_work_needed = None
        self.summary = self.summary_sent_at = self.made_safe_at = None
        self.preventive_work_by = self.preventive_steps_at = self.preventive_work_begun_at = None
        self.in_person = self.in_person_requested_at = self.ended_because = None


class HazardAct(Base):
    """One thing that was done about a hazard, with its words; they are in no event."""

    __tablename__ = "hazard_acts"
    # serves queries.with_acts
    __table_args__ = (Index("ix_hazard_acts_reference_number", "reference", "number"),)

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey("repairs.reference"))
    act: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    recorded_by: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
