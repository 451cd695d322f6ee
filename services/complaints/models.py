"""The tables of complaints: the complaint, its stages, what was promised, letters as sent, referrals."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.complaints.policy import LIFECYCLE, Action, StageOneHandler, Status
from shared.cases.asking import AskingColumns, asking_index
from shared.cases.attachments.models import AttachmentColumns
from shared.cases.columns import PropertyColumns, case_indexes, property_indexes
from shared.cases.reasons import ReasonColumns
from shared.db.tables import INSTANT, service_metadata
from shared.standards.ombudsmen import Ombudsman


class Base(DeclarativeBase):
    """Every table of this service's database."""

    metadata = service_metadata()


class Complaint(PropertyColumns, Base):
    """A complaint, from receipt to the last answer; its property is empty where it names no home."""

    __tablename__ = "complaints"
    # each serves cases.queries.listed
    __table_args__ = (
        *case_indexes("complaints"),
        *property_indexes("complaints"),
        # filters of the same names
        Index("ix_complaints_about", "about", "received_at", "reference"),
    )

    about: Mapped[str] = mapped_column(Text)
    about_reference: Mapped[str | None] = mapped_column(Text)
    ombudsman: Mapped[str] = mapped_column(Text)
    # the scope without which no officer sees it
    needs_scope: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    # each {text, about?, ours, reason?, ombudsman?}, in their order; see policy.points.whole_point
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    outcome_sought: Mapped[str | None] = mapped_column(Text)
    occurred_on: Mapped[date | None] = mapped_column(Date)
    aware_on: Mapped[date | None] = mapped_column(Date)
    representative: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # further people who complain, each {name}
    complainants: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    # officers with an interest of their own, each {name, subject}
    conflicts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    hazard: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # reasonable adjustments in force: {adjustments, large_print, review_on}
    adjustments: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # agreed with the complainant, by an event's word
    update_interval: Mapped[str | None] = mapped_column(Text)
    # of contact with the complainant: {restriction, review_on}
    restriction: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    route: Mapped[str | None] = mapped_column(Text)
    # as schemas.Triage has it, without the route
    triage: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    escalated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    # the case that was made into this one
    made_from: Mapped[str | None] = mapped_column(Text)
    # the digests of the subjects of those who never see it, as that case's event of this sequence had them
    kept_from: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    kept_from_as_of: Mapped[int | None] = mapped_column(Integer)

    @property
    def code(self) -> Ombudsman:
        """The ombudsman under whose Code it is."""
        return Ombudsman(self.ombudsman)

    @property
    def written_to(self) -> dict[str, Any]:
        """The contact, with the adjustments that every letter obeys; see notifications' addressing."""
        adjustments = (self.adjustments or {}).get("adjustments", [])
        needs = [need for need in (self.contact.get("access_needs"), *adjustments) if need]
        return {**self.contact, "access_needs": "; ".join(needs)} if adjustments else self.contact

    def move(self, action: Action) -> None:
        """Move by an act that the lifecycle allows; the table says where to."""
        self.status = str(LIFECYCLE.after(action, Status(self.status)))


class Stage(Base):
    """One stage of a complaint: its acknowledgement, extension and answer, and who gave it."""

    __tablename__ = "stages"

    reference: Mapped[str] = mapped_column(Text, ForeignKey("complaints.reference"), primary_key=True)
    stage: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    acknowledged_at: Mapped[datetime | None] = mapped_column(INSTANT)
    method: Mapped[str | None] = mapped_column(Text)
    understanding: Mapped[str | None] = mapped_column(Text)
    next_steps: Mapped[str | None] = mapped_column(Text)
    extended_by: Mapped[int | None] = mapped_column(Integer)
    extension_reason: Mapped[str | None] = mapped_column(Text)
    # the promised instant that its reply has missed
    overdue_since: Mapped[datetime | None] = mapped_column(INSTANT)
    # the manager who approved more than the Code's usual limit, and why
    good_reason: Mapped[str | None] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    responded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    responded_by: Mapped[str | None] = mapped_column(Text)
    handler_name: Mapped[str | None] = mapped_column(Text)
    handler_subject: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    findings: Mapped[str | None] = mapped_column(Text)
    # each {point, outcome, findings}
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    # each {kind, amount, basis, description, by}
    remedies: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    learning: Mapped[str | None] = mapped_column(Text)

    @property
    def handled_by(self) -> StageOneHandler:
        """The people who dealt with it, whom the other stage must not have."""
        return StageOneHandler(self.handler_name, self.handler_subject, self.responded_by)


class PromisedAction(Base):
    """Something that an answer promised or the ombudsman ordered; it outlives the answer."""

    __tablename__ = "promised_actions"

    reference: Mapped[str] = mapped_column(Text, ForeignKey("complaints.reference"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    # of a payment
    amount: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    # null: a payment for which no day was given
    by: Mapped[date | None] = mapped_column(Date)
    completed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    notes: Mapped[str | None] = mapped_column(Text)
    failed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failure_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def open(self) -> bool:
        """Tell whether it is still to be done."""
        return self.completed_at is None and self.failed_at is None


class Letter(Base):
    """A letter exactly as it is sent; it is never changed."""

    __tablename__ = "letters"
    # serves queries.letter
    __table_args__ = (Index("ix_letters_kind", "reference", "kind", "sequence"),)

    reference: Mapped[str] = mapped_column(Text, ForeignKey("complaints.reference"), primary_key=True)
    # of the event that it tells of
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text)
    stage: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(INSTANT)

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return sha256(self.text.encode()).hexdigest()


class Referral(Base):
    """Work that another service is to take up, and the case that it has for it once it has."""

    __tablename__ = "referrals"

    reference: Mapped[str] = mapped_column(Text, ForeignKey("complaints.reference"), primary_key=True)
    referral: Mapped[str] = mapped_column(Text, primary_key=True)
    service: Mapped[str] = mapped_column(Text)
    referred_at: Mapped[datetime] = mapped_column(INSTANT)
    taken_up_as: Mapped[str | None] = mapped_column(Text)


class OmbudsmanCase(Base):
    """A complaint's way to the ombudsman: its referral there, and what was decided."""

    __tablename__ = "ombudsman_cases"

    reference: Mapped[str] = mapped_column(Text, ForeignKey("complaints.reference"), primary_key=True)
    their_reference: Mapped[str | None] = mapped_column(Text)
    referred_at: Mapped[datetime | None] = mapped_column(INSTANT)
    determined_at: Mapped[datetime | None] = mapped_column(INSTANT)
    determination: Mapped[str | None] = mapped_column(Text)
    findings: Mapped[str | None] = mapped_column(Text)


class Source(AskingColumns, Base):
    """A case of another service that was made into a complaint; its owner is asked for its words.

    `answers` is the sequence of the survey's answers that were made one, once; 0 of a case that becomes one
    complaint at most.
    """

    __tablename__ = "sources"
    # serves shared.cases.asking.lease
    __table_args__ = (asking_index("sources"),)

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    answers: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, server_default="0")
    service: Mapped[str] = mapped_column(Text)
    complaint: Mapped[str] = mapped_column(Text, ForeignKey("complaints.reference"), unique=True)


class Reason(ReasonColumns, Base):
    """A reason given for an act on a complaint, for officers' eyes and in no event."""

    __tablename__ = "reasons"
    __table_args__ = (ForeignKeyConstraint(["reference"], ["complaints.reference"]),)


class Attachment(AttachmentColumns, Base):
    """A photo kept with a complaint."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(["reference"], ["complaints.reference"]),
        # what is sent again (a phone that lost signal) is the same attachment; serves its queries.listed too
        UniqueConstraint("reference", "uploaded_by", "kind", "digest"),
    )
