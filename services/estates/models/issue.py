"""The tables of reported problems, and of their ways to other services and from complaints."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.estates.events import IssueKind, Referee, Resolution
from services.estates.models.base import Base
from services.estates.policy.issue import LIFECYCLE, Action, IssueStatus, Situation
from shared.cases.asking import AskingColumns, asking_index
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.columns import PropertyColumns, case_indexes, property_indexes
from shared.db.tables import INSTANT

ISSUE = "issues.reference"
IS_OFFENSIVE = text("offensive")
IS_OPEN = text(f"status <> '{IssueStatus.RESOLVED}'")


class Issue(PropertyColumns, Base):
    """A problem on an estate; its `property` is empty where it is about no home."""

    __tablename__ = "issues"
    __table_args__ = (
        *case_indexes("issues"),
        *property_indexes("issues"),
        # filters of the same names
        Index("ix_issues_kind", "kind", "received_at", "reference"),
        Index(
            "ix_issues_site", "site", "received_at", "reference", postgresql_where=text("site IS NOT NULL")
        ),
        Index("ix_issues_is_urgent", "received_at", "reference", postgresql_where=text("urgent")),
        # the order of what is urgent first
        Index("ix_issues_urgent", text("(NOT urgent)"), "received_at", "reference"),
        # serves queries.issues.offensive_between
        Index("ix_issues_offensive", "site", "received_at", postgresql_where=IS_OFFENSIVE),
        # serves queries.rounds.open_issues
        Index("ix_issues_open", "received_at", postgresql_where=IS_OPEN),
    )

    kind: Mapped[str] = mapped_column(Text)
    offensive: Mapped[bool]
    urgent: Mapped[bool]
    # the site's reference
    site: Mapped[str | None] = mapped_column(Text, ForeignKey("sites.reference"))
    location: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    by_appointment: Mapped[bool]
    appointment_at: Mapped[datetime | None] = mapped_column(INSTANT)
    attended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    resolved_at: Mapped[datetime | None] = mapped_column(INSTANT)
    resolution: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    # the complaint that asked for it
    made_from: Mapped[str | None] = mapped_column(Text)

    def situation(self, referred: int) -> Situation:
        """The facts by which its lifecycle judges an act; it was referred to so many services."""
        return Situation(
            status=IssueStatus(self.status),
            by_appointment=self.by_appointment,
            is_attended=self.attended_at is not None,
            can_be_referred=referred < len(Referee),
        )

    @property
    def issue_kind(self) -> IssueKind:
        """Its kind."""
        return IssueKind(self.kind)

    @property
    def tell_reporter(self) -> bool:
        """Tell whether its reporter gave a way to reach them."""
        return any(self.contact.get(way) for way in ("email", "phone", "address"))

    def move(self, action: Action) -> None:
        """Move by an act that the lifecycle allows; the table says where to."""
        self.status = str(LIFECYCLE.after(action, IssueStatus(self.status)))

    def resolve(self, resolution: Resolution, at: datetime, notes: str | None = None) -> None:
        """End it."""
        self.status, self.resolved_at = IssueStatus.RESOLVED, at
        self.resolution, self.notes = resolution, notes


class IssueReferral(Base):
    """A problem that was passed on to another service, and the case that it has there."""

    __tablename__ = "issue_referrals"

    reference: Mapped[str] = mapped_column(Text, ForeignKey(ISSUE), primary_key=True)
    to: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str | None] = mapped_column(Text)
    referred_by: Mapped[str] = mapped_column(Text)
    referred_at: Mapped[datetime] = mapped_column(INSTANT)
    taken_up_as: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    dealt_with: Mapped[bool | None]


class TakenUp(AskingColumns, Base):
    """A complaint whose request was taken up as a problem; complaints is asked what was asked for."""

    __tablename__ = "taken_up"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("taken_up"),)

    complaint: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str] = mapped_column(Text, ForeignKey(ISSUE))


class Attachment(AttachmentColumns, Base):
    """A photo or document kept with a problem."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], [ISSUE]),
        # what is sent again (a phone that lost signal) is the same attachment; serves its queries.listed too
        UniqueConstraint("reference", "uploaded_by", "kind", "digest"),
    )
