"""The tables of sites, their cleans, inspections and planned clearances."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.estates.events import SiteKind
from services.estates.models.base import Base
from services.estates.policy.site import LIFECYCLE, Action, SiteStatus, Situation, next_landing
from shared.cases.columns import CaseColumns, case_indexes
from shared.db.tables import INSTANT

SITE = "sites.reference"


class Site(CaseColumns, Base):
    """A site; its handler is its caretaker, and what it was last cleaned and inspected by is kept with it."""

    __tablename__ = "sites"
    __table_args__ = (
        *case_indexes("sites"),
        # filter of the same name
        Index("ix_sites_kind", "kind", "received_at", "reference"),
        # serves queries.sites.registered_as
        Index("ix_sites_key", "key"),
    )

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    # name and address as they are compared: a register that is loaded again registers no site twice
    key: Mapped[str] = mapped_column(Text)
    walking_order: Mapped[int | None] = mapped_column(Integer)
    landings: Mapped[int] = mapped_column(SmallInteger)
    # the instant of each landing's latest clean, by its number
    landings_cleaned: Mapped[dict[str, str]] = mapped_column(JSONB)
    # the latest complete clean and inspection, each with the sequence of its event
    cleaned_at: Mapped[datetime | None] = mapped_column(INSTANT)
    clean: Mapped[int | None] = mapped_column(Integer)
    inspected_at: Mapped[datetime | None] = mapped_column(INSTANT)
    inspection: Mapped[int | None] = mapped_column(Integer)
    cleanliness: Mapped[int | None] = mapped_column(SmallInteger)
    retired_at: Mapped[datetime | None] = mapped_column(INSTANT)
    why_retired: Mapped[str | None] = mapped_column(Text)

    def situation(self, *, open_follow_ups: int, planned_clearances: int) -> Situation:
        """The facts by which its lifecycle judges an act."""
        return Situation(
            status=SiteStatus(self.status),
            open_follow_ups=open_follow_ups,
            planned_clearances=planned_clearances,
        )

    @property
    def next_landing(self) -> int | None:
        """The landing whose turn it is."""
        cleaned = {int(number): datetime.fromisoformat(at) for number, at in self.landings_cleaned.items()}
        return next_landing(self.landings, cleaned)

    @property
    def site_kind(self) -> SiteKind:
        """Its kind."""
        return SiteKind(self.kind)

    def note_landings(self, landings: list[int], at: datetime) -> None:
        """Keep when landings were cleaned; a clean that is told late changes none that was cleaned since."""
        kept = {int(number): datetime.fromisoformat(told) for number, told in self.landings_cleaned.items()}
        kept |= {number: max(at, kept.get(number, at)) for number in landings}
        self.landings_cleaned = {str(number): kept[number].isoformat() for number in sorted(kept)}

    def retire(self, reason: str | None, at: datetime) -> None:
        """End it."""
        self.status = str(LIFECYCLE.after(Action.RETIREMENT, SiteStatus(self.status)))
        self.retired_at, self.why_retired = at, reason


class Clean(Base):
    """One clean of a site, complete or half."""

    __tablename__ = "cleans"
    __table_args__ = (
        # serves queries.sites.cleans
        Index("ix_cleans_cleaned_at", "reference", "cleaned_at", "sequence"),
        # a clean that a phone sends again is the same
        Index("ix_cleans_fingerprint", "reference", "fingerprint", unique=True),
    )

    reference: Mapped[str] = mapped_column(Text, ForeignKey(SITE), primary_key=True)
    # of the event that tells of it
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cleaned_at: Mapped[datetime] = mapped_column(INSTANT)
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    landings: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    swept: Mapped[bool]
    complete: Mapped[bool]
    told_by: Mapped[str] = mapped_column(Text)
    # the digest of all that was told
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class Inspection(Base):
    """One inspection of a site by an estate officer."""

    __tablename__ = "inspections"
    # serves queries.sites.inspections
    __table_args__ = (Index("ix_inspections_inspected_at", "reference", "inspected_at", "sequence"),)

    reference: Mapped[str] = mapped_column(Text, ForeignKey(SITE), primary_key=True)
    # of the event that tells of it
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    inspected_at: Mapped[datetime] = mapped_column(INSTANT)
    cleanliness: Mapped[int] = mapped_column(SmallInteger)
    notes: Mapped[str | None] = mapped_column(Text)
    inspected_by: Mapped[str] = mapped_column(Text)


class FollowUp(Base):
    """One element that an inspection found unsatisfactory, until it is put right with the caretaker."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        # serves queries.sites.open_follow_ups
        Index("ix_follow_ups_open", "reference", postgresql_where=text("resolved_at IS NULL")),
    )

    reference: Mapped[str] = mapped_column(Text, ForeignKey(SITE), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # the sequence of the event that tells of its inspection
    inspection: Mapped[int] = mapped_column(Integer)
    element: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(INSTANT)
    resolved_at: Mapped[datetime | None] = mapped_column(INSTANT)
    resolved_by: Mapped[str | None] = mapped_column(Text)
    # the caretaker with whom it was put right
    caretaker: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)


class Clearance(Base):
    """A planned clearance of a site, and how it went."""

    __tablename__ = "clearances"
    __table_args__ = (
        # serves queries.sites.planned_clearances
        Index("ix_clearances_planned", "reference", postgresql_where=text("carried_out IS NULL")),
    )

    reference: Mapped[str] = mapped_column(Text, ForeignKey(SITE), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    planned_on: Mapped[date] = mapped_column(Date)
    partner: Mapped[str | None] = mapped_column(Text)
    planned_by: Mapped[str] = mapped_column(Text)
    # None while its day is to come
    carried_out: Mapped[bool | None]
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    notes: Mapped[str | None] = mapped_column(Text)
