"""The tables of cases of anti-social behaviour.

What people say, and what is said about them, is encrypted, and in these columns alone: of a case `contact`,
`property`, `description` and `alleged_perpetrators`; the `description` of an incident; `said` of the diary
and of a case review; `for_contractor` of a damage; the content of an attachment.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.asb.events import Priority, Risk
from services.asb.policy import (
    CaseReviewStatus,
    Situation,
    Status,
)
from shared.cases.asking import AskingColumns, asking_index
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.columns import AccessColumns, CaseColumns, case_indexes
from shared.cases.reads import ReadColumns
from shared.db.encrypted import Encrypted, EncryptedRow
from shared.db.tables import INSTANT, service_metadata
from shared.encryption import Ciphertext

CASE = "cases.reference"


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()


class AsbCase(EncryptedRow, AccessColumns, CaseColumns, Base):
    """A case, from the first report to its closing."""

    __tablename__ = "cases"
    __table_args__ = (
        *case_indexes("cases"),
        # serves queries.about_the_same_people
        Index("ix_cases_people", "people", postgresql_using="gin"),
        # serves queries.joined_to
        Index("ix_cases_joined_to", "joined_to", postgresql_where=text("joined_to IS NOT NULL")),
        # serves queries.listed
        Index("ix_cases_high_risk", "high_risk", "received_at", "reference"),
    )

    reporter: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    hate_incident: Mapped[bool]
    priority: Mapped[int] = mapped_column(SmallInteger)
    contact: Mapped[Ciphertext] = mapped_column(Encrypted)
    description: Mapped[Ciphertext] = mapped_column(Encrypted)
    property: Mapped[Ciphertext | None] = mapped_column(Encrypted)
    # each {name?, address?, description?, subject?}
    alleged_perpetrators: Mapped[Ciphertext] = mapped_column(Encrypted)
    # keyed digests, see policy.digests_of_people
    people: Mapped[list[str]] = mapped_column(ARRAY(Text))
    joined_to: Mapped[str | None] = mapped_column(Text)
    update_frequency: Mapped[str] = mapped_column(Text)
    risk: Mapped[str | None] = mapped_column(Text)
    # while it is open
    high_risk: Mapped[bool]
    risk_assessed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # an incident has come since it was last assessed
    risk_to_assess: Mapped[bool]
    risk_review_due: Mapped[bool]
    closed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    survey_sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    survey_answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    satisfied: Mapped[bool | None]
    # of the latest case review, and how many of its recommendations are still to be carried out
    case_review: Mapped[str | None] = mapped_column(Text)
    recommendations_to_complete: Mapped[int] = mapped_column(Integer)
    # damages of ours that are not known to be safe
    damages_open: Mapped[int] = mapped_column(Integer)

    def situation(self, *, sees: bool, is_manager: bool) -> Situation:
        """The situation in which its rules judge an act of a caller who sees it, or not."""
        return Situation(
            status=Status(self.status),
            sees=sees,
            is_manager=is_manager,
            priority=Priority(self.priority),
            review_due=self.risk_review_due,
            survey_sent=self.survey_sent_at is not None,
            survey_answered=self.survey_answered_at is not None,
            case_review=CaseReviewStatus(self.case_review) if self.case_review else None,
            to_complete=self.recommendations_to_complete,
            damages_open=self.damages_open,
        )

    def assess_risk(self, risk: Risk, at: datetime, incident_at: datetime | None) -> None:
        """Give it a risk, to be assessed again for a later incident; a high one is reviewed by a manager."""
        self.risk, self.risk_assessed_at = risk, at
        self.risk_to_assess = incident_at is not None and incident_at > at
        self.high_risk = self.risk_review_due = risk is Risk.HIGH

    def take_incident(self, priority: Priority) -> None:
        """Count a further incident: a graver one raises the priority, any makes the risk to be assessed."""
        self.priority, self.risk_to_assess = min(self.priority, priority), True

    def close(self, at: datetime) -> None:
        """End it; the questionnaire is to be sent."""
        self.status, self.closed_at = Status.CLOSED, at
        self.high_risk = self.risk_review_due = False

    def reopen(self) -> None:
        """Begin it again: a high risk is reviewed again, and its next closing has its own questionnaire."""
        self.status, self.closed_at = Status.OPEN, None
        self.survey_sent_at = self.survey_answered_at = self.satisfied = None
        self.high_risk = self.risk_review_due = self.risk == Risk.HIGH

    def is_complained_of(self, subject: Collection[str]) -> bool:
        """Tell whether one of those complained of has the token with these pseudonyms."""
        return not {*subject}.isdisjoint(self.kept_from or ())

    def keep_from(self, pseudonyms: Sequence[str], is_one_of_them: Callable[[str], bool]) -> None:
        """Keep it from those who have these pseudonyms: none sees it, is in its team or deals with it."""
        self.kept_from = [*pseudonyms]
        self.team = [member for member in self.team or () if not is_one_of_them(member)]
        if self.handler_subject is not None and is_one_of_them(self.handler_subject):
            self.handler_name = self.handler_subject = None


class Incident(EncryptedRow, Base):
    """One incident of a case; the first is the one that opened it."""

    __tablename__ = "incidents"

    reference: Mapped[str] = mapped_column(Text, ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # null: as the report says
    description: Mapped[Ciphertext | None] = mapped_column(Encrypted)
    happened_on: Mapped[date] = mapped_column(Date)
    reported_on: Mapped[date] = mapped_column(Date)
    # the body to which it was reported then
    reported_to: Mapped[str] = mapped_column(Text)
    told_by: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(INSTANT)


class DiaryEntry(EncryptedRow, Base):
    """An act on a case with its words, under the sequence of its event, which has none of them."""

    __tablename__ = "diary"
    __table_args__ = (
        # serves queries.broken_glasses
        Index(
            "ix_diary_break_glass",
            "occurred_at",
            "reference",
            postgresql_where=text("act = 'break-glass'"),
        ),
    )

    reference: Mapped[str] = mapped_column(Text, ForeignKey(CASE), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(Text)
    said: Mapped[Ciphertext] = mapped_column(Encrypted)
    told_by: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)


class Damage(EncryptedRow, Base):
    """A damage to the home, which repairs makes safe where it is ours to repair."""

    __tablename__ = "damages"

    reference: Mapped[str] = mapped_column(Text, ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fault: Mapped[str | None] = mapped_column(Text)
    for_contractor: Mapped[Ciphertext | None] = mapped_column(Encrypted)
    our_repair_responsibility: Mapped[bool]
    reported_at: Mapped[datetime] = mapped_column(INSTANT)
    made_safe_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # of a repair that was called off before it was safe
    repair_cancelled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # of one that an officer found to be somebody else's to repair
    not_ours_at: Mapped[datetime | None] = mapped_column(INSTANT)

    @property
    def open(self) -> bool:
        """Tell whether it is ours, and not known to be safe."""
        return self.our_repair_responsibility and self.made_safe_at is None and self.not_ours_at is None


class CaseReview(EncryptedRow, Base):
    """A case review that was applied for (2014 Act, section 104), from the application to its conclusion."""

    __tablename__ = "case_reviews"
    # serves queries.case_review_figures
    __table_args__ = (Index("ix_case_reviews_applied_at", "applied_at"),)

    reference: Mapped[str] = mapped_column(Text, ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(Text)
    applied_at: Mapped[datetime] = mapped_column(INSTANT)
    # the victim's, asked of an applicant who is somebody else
    consent: Mapped[bool | None]
    qualifying_reports: Mapped[int] = mapped_column(Integer)
    # each {body, sent_on}
    referrals: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    decided_at: Mapped[datetime | None] = mapped_column(INSTANT)
    concluded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    told_on: Mapped[date | None] = mapped_column(Date)
    # the applicant, the grounds, the reasons, the outcome; each recommendation {recommendation, body, by?}
    said: Mapped[Ciphertext] = mapped_column(Encrypted)
    # the day on which each recommendation was carried out, null until then, in their order
    completed_on: Mapped[list[date | None]] = mapped_column(ARRAY(Date), default=list)


class Referral(AskingColumns, Base):
    """A complaint that asked for this service, and its case; complaints is asked what happened."""

    __tablename__ = "referrals"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("referrals"),)

    complaint: Mapped[str] = mapped_column(Text, primary_key=True)
    case: Mapped[str] = mapped_column(Text, ForeignKey(CASE), unique=True)


class EstateIssue(AskingColumns, Base):
    """A problem on an estate that was referred to us, and its case; estates is asked what was seen."""

    __tablename__ = "estate_issues"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("estate_issues"),)

    issue: Mapped[str] = mapped_column(Text, primary_key=True)
    case: Mapped[str] = mapped_column(Text, ForeignKey(CASE), unique=True)


class Attachment(EncryptedRow, AttachmentColumns, Base):
    """A photo or a document kept with a case; a resident is shown what they sent, and no more."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], [CASE]),
        UniqueConstraint("reference", "uploaded_by", "kind", "digest"),
    )

    residents_see_photos: ClassVar[bool] = False

    content: Mapped[Ciphertext] = mapped_column(Encrypted, deferred=True, deferred_raiseload=True)


class Read(ReadColumns, Base):
    """A reading of a case by a caller, kept for good."""

    __tablename__ = "reads"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], [CASE]),
        # serves shared/cases/reads.py
        Index("ix_reads_reference", "reference", "number"),
        # serves queries.reads_by
        Index("ix_reads_read_by", "read_by", "number"),
    )
